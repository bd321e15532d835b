package dev.fairlead.core.error;

import org.jspecify.annotations.Nullable;

/** What came is nothing that an Engine would say: not HTTP, not JSON, not a frame. Is it an Engine? */
public final class ProtocolFailure extends DockerException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure without a cause.
     *
     * @param operation what was asked of the Engine
     * @param sentence what was expected, and what came instead
     */
    public ProtocolFailure(String operation, String sentence) {
        super(operation, 0, "", sentence, null, null);
    }

    /**
     * A failure that an exception reported.
     *
     * @param operation what was asked of the Engine
     * @param sentence what was expected, and what came instead
     * @param cause the exception
     */
    public ProtocolFailure(String operation, String sentence, Throwable cause) {
        super(operation, 0, "", sentence, null, cause);
    }

    /**
     * A failure with a hint.
     *
     * @param operation what was asked of the Engine
     * @param sentence what was expected, and what came instead
     * @param hint what might be the reason, or null
     */
    public ProtocolFailure(String operation, String sentence, @Nullable String hint) {
        super(operation, 0, "", sentence, hint, null);
    }

    ProtocolFailure(String operation, int status, String engineMessage, @Nullable String hint) {
        super(operation, status, engineMessage, ErrorAnswers.sentence(status, engineMessage), hint, null);
    }
}
