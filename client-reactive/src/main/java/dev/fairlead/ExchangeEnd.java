package dev.fairlead;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an exchange ended.
 *
 * @param kind whether it came to its end
 * @param failure what it failed with, else null; a {@link dev.fairlead.core.error.DockerException} but for failures of the caller's
 *     own, such as those of an upload's source. A refusal of the Engine is one too.
 * @param duration from the first filter's {@code before} on, pauses of the subscriber's included
 */
public record ExchangeEnd(Kind kind, @Nullable Throwable failure, Duration duration) {

    /** Whether an exchange came to its end. */
    public enum Kind {
        /** The answer came to its end, and says that all is well. */
        COMPLETE,
        /** It failed, or the Engine refused. */
        FAILED,
        /** The subscriber cancelled, or a session was closed on this side. */
        CANCELLED
    }
}
