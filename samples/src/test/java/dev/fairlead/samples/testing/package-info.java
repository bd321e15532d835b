/** What the samples are tested with: an Engine, and programs in a JVM of their own. */
@NullMarked
package dev.fairlead.samples.testing;

import org.jspecify.annotations.NullMarked;
