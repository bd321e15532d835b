/** A reactive client of the Docker Engine API. */
@NullMarked
package dev.fairlead;

import org.jspecify.annotations.NullMarked;
