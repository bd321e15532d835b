package dev.fairlead.core.error;

import org.jspecify.annotations.Nullable;

/** The Engine's answer stopped before its end: what came before is good, and it is not all. */
public final class Truncated extends DockerException {
    private static final long serialVersionUID = 1L;

    /**
     * The truncation of an answer.
     *
     * @param operation what was asked of the Engine
     * @param sentence where it was cut
     */
    public Truncated(String operation, String sentence) {
        this(operation, sentence, null);
    }

    /**
     * The truncation of an answer by a connection that broke.
     *
     * @param operation what was asked of the Engine
     * @param sentence where it was cut
     * @param cause what broke the connection; null when it was closed in an orderly way, so that all that the other side
     *     had sent was received
     */
    public Truncated(String operation, String sentence, @Nullable Throwable cause) {
        super(operation, 0, "", sentence, null, cause);
    }
}
