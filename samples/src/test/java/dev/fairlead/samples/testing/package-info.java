/** What the samples are tested with: programs in a JVM of their own, and what documents show. */
@NullMarked
package dev.fairlead.samples.testing;

import org.jspecify.annotations.NullMarked;
