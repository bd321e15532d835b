/** The docker-java half of the guide in {@code docs/}, for the compiler to see. */
@NullMarked
package dev.fairlead.benchmarks.guide;

import org.jspecify.annotations.NullMarked;
