/** How {@code ssh} is called for an Engine on another machine. */
@NullMarked
package dev.fairlead.core.ssh;

import org.jspecify.annotations.NullMarked;
