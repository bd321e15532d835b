/** What Fairlead costs: its decoders alone, and the whole client beside others over the same fake Engine. */
@NullMarked
package dev.fairlead.benchmarks;

import org.jspecify.annotations.NullMarked;
