package dev.fairlead.core.error;

import org.jspecify.annotations.Nullable;

/**
 * The thing's state does not allow it, or it has changed since it was read (409, 412, the Engine's 500 for a stale
 * version number, and what the Engine would not refuse but leave hanging): look at it again and decide anew.
 */
public final class Conflict extends DockerException {
    private static final long serialVersionUID = 1L;

    /**
     * The failure of an operation.
     *
     * @param operation what was asked of the Engine
     * @param status the status code of the answer, or 0 if the state was seen before anything was asked for
     * @param engineMessage what the Engine said, empty if nothing
     * @param hint what might be done about it, or null
     */
    public Conflict(String operation, int status, String engineMessage, @Nullable String hint) {
        super(
                operation,
                status,
                engineMessage,
                status == 0 ? engineMessage : ErrorAnswers.sentence(status, engineMessage),
                hint,
                null);
    }
}
