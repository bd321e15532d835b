/** Which version of the API to speak. */
@NullMarked
package dev.fairlead.core.version;

import org.jspecify.annotations.NullMarked;
