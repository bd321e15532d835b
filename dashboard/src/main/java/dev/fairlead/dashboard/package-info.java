/** A page that shows what an Engine runs, for a browser on the same machine. */
@NullMarked
package dev.fairlead.dashboard;

import org.jspecify.annotations.NullMarked;
