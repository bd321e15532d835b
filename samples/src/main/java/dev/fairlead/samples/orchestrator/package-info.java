/**
 * Keeps a declared set of containers running. {@code Declaration} says what there is to be, {@code Roster} decides what to do about
 * what there is and does no I/O, {@code Keeper} asks the Engine and does it, {@code Board} shows it.
 */
@NullMarked
package dev.fairlead.samples.orchestrator;

import org.jspecify.annotations.NullMarked;
