package dev.fairlead.core.error;

import org.jspecify.annotations.Nullable;

/**
 * The Engine answered that all was well, and said in the stream itself that it was not: an {@code errorDetail} among
 * the progress of a pull or a build, or a system-error frame in a container's output.
 */
public final class StreamFailed extends DockerException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Integer code;

    /**
     * The failure of a stream.
     *
     * @param operation what was asked of the Engine
     * @param engineMessage what the Engine said
     * @param code the code the Engine gave, or null
     */
    public StreamFailed(String operation, String engineMessage, @Nullable Integer code) {
        super(
                operation,
                0,
                engineMessage,
                code == null || code == 0 ? engineMessage : engineMessage + " (code " + code + ")",
                null,
                null);
        this.code = code;
    }

    /**
     * The Engine's code: of a build, the exit code of the command that failed.
     *
     * @return the code, or null if the Engine gave none
     */
    public @Nullable Integer code() {
        return code;
    }
}
