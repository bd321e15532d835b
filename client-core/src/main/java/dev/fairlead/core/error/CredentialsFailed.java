package dev.fairlead.core.error;

import org.jspecify.annotations.Nullable;

/**
 * Credentials for a registry could not be had: {@code config.json} can't be read, or its helper is missing, failed or
 * took too long. Where the Engine was asked without them all the same and would not do it, the cause tells what it said.
 * Neither the message nor a cause holds anything that was read from a file or from a helper.
 */
public final class CredentialsFailed extends DockerException {
    private static final long serialVersionUID = 1L;

    /** What is the matter, without a hint. */
    private final String problem;

    /**
     * The failure of a search.
     *
     * @param operation what was looked for
     * @param problem what is the matter; nothing that may hold a secret
     * @param hint what might be done about it, or null
     */
    public CredentialsFailed(String operation, String problem, @Nullable String hint) {
        super(operation, 0, "", problem, hint, null);
        this.problem = problem;
    }

    private CredentialsFailed(CredentialsFailed first, DockerException refusal) {
        super(
                first.operation(),
                refusal.status(),
                refusal.engineMessage(),
                first.problem + "; without them " + refusal.getMessage(),
                first.hint(),
                refusal);
        this.problem = first.problem;
    }

    /**
     * The same, when the Engine would not do without.
     *
     * @param refusal what became of the operation
     * @return the failure, with the refusal as its cause
     */
    public CredentialsFailed after(DockerException refusal) {
        return new CredentialsFailed(this, refusal);
    }
}
