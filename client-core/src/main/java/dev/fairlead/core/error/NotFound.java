package dev.fairlead.core.error;

import org.jspecify.annotations.Nullable;

/** There is no such thing, or the Engine knows no such operation (404). */
public final class NotFound extends DockerException {
    private static final long serialVersionUID = 1L;

    /**
     * The failure of an operation.
     *
     * @param operation what was asked of the Engine
     * @param status the status code of the answer
     * @param engineMessage what the Engine said, empty if nothing
     * @param hint what might be done about it, or null
     */
    public NotFound(String operation, int status, String engineMessage, @Nullable String hint) {
        super(operation, status, engineMessage, ErrorAnswers.sentence(status, engineMessage), hint, null);
    }
}
