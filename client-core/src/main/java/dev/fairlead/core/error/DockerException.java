package dev.fairlead.core.error;

import org.jspecify.annotations.Nullable;

/**
 * Something went wrong with an operation of the Engine. The subclasses differ by what a caller can do about it, and
 * there are no others than those of this package. The message is one sentence with all that a person needs: {@code POST
 * /containers/{id}/start: 404 No such container: x}, and a hint in parentheses where there is one.
 */
public abstract class DockerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was asked of the Engine. */
    private final String operation;
    /** The status code, or 0. */
    private final int status;
    /** What the Engine said. */
    private final String engineMessage;
    /** What might be done, or null. */
    private final @Nullable String hint;

    DockerException(
            String operation,
            int status,
            String engineMessage,
            String sentence,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(operation + ": " + sentence + (hint == null ? "" : " (" + hint + ")"), cause);
        this.operation = operation;
        this.status = status;
        this.engineMessage = engineMessage;
        this.hint = hint;
    }

    /**
     * What was asked of the Engine, as a method and a path without its values: {@code POST /containers/{id}/start}.
     *
     * @return the operation
     */
    public String operation() {
        return operation;
    }

    /**
     * The status code of the Engine's answer.
     *
     * @return the code, or 0 if the failure is not an answer of the Engine
     */
    public int status() {
        return status;
    }

    /**
     * What the Engine said, in its own words and at most 2 KiB of them. They differ from one version of the Engine to
     * the next: show them, don't compare them.
     *
     * @return the message, empty if the Engine said nothing
     */
    public String engineMessage() {
        return engineMessage;
    }

    /**
     * What might be done about it.
     *
     * @return a hint, or null if there is none
     */
    public @Nullable String hint() {
        return hint;
    }
}
