package dev.fairlead.core.error;

import org.jspecify.annotations.Nullable;

/**
 * The Engine answered that all was well, and said in the stream itself that it was not: an {@code errorDetail} among
 * the progress of a pull or a build, or a system-error frame in a container's output.
 */
public final class StreamFailed extends DockerException {
    private static final long serialVersionUID = 1L;

    /** The code of the Engine, or null. */
    private final @Nullable Long code;

    /**
     * The failure of a stream.
     *
     * @param operation what was asked of the Engine
     * @param engineMessage what the Engine said, empty if nothing
     * @param code the code the Engine gave, or null
     */
    public StreamFailed(String operation, String engineMessage, @Nullable Long code) {
        super(operation, 0, engineMessage, sentence(engineMessage, code), null, null);
        this.code = code;
    }

    private static String sentence(String engineMessage, @Nullable Long code) {
        String said =
                engineMessage.isEmpty() ? "the Engine ended the stream with an error and no reason" : engineMessage;
        return code == null || code == 0 ? said : said + " (code " + code + ")";
    }

    /**
     * The Engine's code: of a build, the exit code of the command that failed; of a WebSocket, the status of its close.
     *
     * @return the code, or null if the Engine gave none
     */
    public @Nullable Long code() {
        return code;
    }
}
