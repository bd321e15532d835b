package dev.fairlead.dashboard;

import dev.fairlead.model.OutputLine;
import dev.fairlead.model.OutputSource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of a container's log.
 *
 * @param at when the Engine took it
 * @param error whether it was written to standard error
 * @param text with its colours
 */
record LogLine(@Nullable Instant at, boolean error, String text) {

    static LogLine of(OutputLine line) {
        return new LogLine(line.time(), line.source() == OutputSource.STDERR, line.text());
    }
}
