package dev.fairlead.core.error;

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
        super(operation, 0, "", sentence, null, null);
    }
}
