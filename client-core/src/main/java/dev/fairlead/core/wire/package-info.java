/** From bytes to values, however the bytes are cut. */
@NullMarked
package dev.fairlead.core.wire;

import org.jspecify.annotations.NullMarked;
