/** What any client of the Engine needs, whatever it does its I/O with. */
@NullMarked
package dev.fairlead.core;

import org.jspecify.annotations.NullMarked;
