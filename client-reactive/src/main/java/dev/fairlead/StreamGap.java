package dev.fairlead;

import dev.fairlead.core.host.DockerHost;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something is missing from a stream, and its subscriber is told: by {@link EventSignal.Gap}, {@link
 * dev.fairlead.core.error.EventsLost} or {@link dev.fairlead.core.error.LinesLost}.
 *
 * @param operation what was asked for, as in {@link ExchangeRequest#operation()}
 * @param host the Engine
 * @param reason a {@link EventSignal.Reason}'s name, or that of the exception's class
 * @param lost how many events or lines are missing, or null where that can't be known
 */
public record StreamGap(
        String operation,
        DockerHost host,
        String reason,
        @Nullable Long lost) {

    /** Refuses null, but for {@code lost}. */
    public StreamGap {
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(reason, "reason");
    }
}
