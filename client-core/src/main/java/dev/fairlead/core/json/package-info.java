/** JSON of the Engine. */
@NullMarked
package dev.fairlead.core.json;

import org.jspecify.annotations.NullMarked;
