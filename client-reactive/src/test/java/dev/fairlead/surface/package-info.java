/** Proves that nothing of the Engine's API is missing, and that nothing a caller sets is ignored. */
@NullMarked
package dev.fairlead.surface;

import org.jspecify.annotations.NullMarked;
