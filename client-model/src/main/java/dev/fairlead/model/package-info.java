/** Values: what the Engine says and takes. */
@NullMarked
package dev.fairlead.model;

import org.jspecify.annotations.NullMarked;
