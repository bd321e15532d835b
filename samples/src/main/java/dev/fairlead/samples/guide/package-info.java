/** What the guide in {@code docs/} shows, for the compiler to see and for a test to run. */
@NullMarked
package dev.fairlead.samples.guide;

import org.jspecify.annotations.NullMarked;
