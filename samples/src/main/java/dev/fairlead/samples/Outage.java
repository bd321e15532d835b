package dev.fairlead.samples;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.error.Unavailable;

/** Failures that say nothing of what was asked for: the Engine is away, as while it is restarted, and may come back. */
public final class Outage {

    private Outage() {}

    /** Whether a failure is of that kind. */
    public static boolean isCauseOf(Throwable failure) {
        return failure instanceof ConnectionFailed || failure instanceof Truncated || failure instanceof Unavailable;
    }
}
