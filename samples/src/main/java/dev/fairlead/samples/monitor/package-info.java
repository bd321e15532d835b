/** A monitor of what happens in an Engine, for people and for scripts. */
@NullMarked
package dev.fairlead.samples.monitor;

import org.jspecify.annotations.NullMarked;
