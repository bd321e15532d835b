package dev.fairlead.core.error;

import java.time.Instant;

/**
 * A log that was to be resumed no longer has the line after which it was: it was rotated away, or the file was cut, while
 * nobody read it. All lines until then were delivered; what the Engine still has can be read with {@code since}.
 */
public final class LinesLost extends DockerException {
    private static final long serialVersionUID = 1L;

    /** The time of the last line delivered. */
    private final Instant last;
    /** The time of the first line found instead. */
    private final Instant next;

    /**
     * The loss of lines.
     *
     * @param operation what was asked of the Engine
     * @param last the time of the last line that was delivered
     * @param next the time of the first line that the Engine still has after it
     */
    public LinesLost(String operation, Instant last, Instant next) {
        super(
                operation,
                0,
                "",
                "the log no longer has the line of " + last + ", after which it was to go on; its next one is of "
                        + next,
                "let the logging driver keep more, or read on with since(" + next + ")",
                null);
        this.last = last;
        this.next = next;
    }

    /**
     * When the last line that was delivered was written.
     *
     * @return the time
     */
    public Instant last() {
        return last;
    }

    /**
     * When the first line after it was written that the Engine still has.
     *
     * @return the time
     */
    public Instant next() {
        return next;
    }
}
