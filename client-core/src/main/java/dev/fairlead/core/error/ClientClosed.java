package dev.fairlead.core.error;

/**
 * The client was closed, before or while the operation was under way. Whether the Engine did what was asked is not known
 * if it had been asked already. No other attempt on that client will do better.
 */
public final class ClientClosed extends DockerException {
    private static final long serialVersionUID = 1L;

    /** The Engine that the client was one of. */
    private final String host;

    /**
     * The failure of what a client was closed under.
     *
     * @param operation what was being done, such as {@code GET /events}
     * @param host the Engine that the client was one of
     */
    public ClientClosed(String operation, String host) {
        super(operation, 0, "", "the client was closed", null, null);
        this.host = host;
    }

    /**
     * The Engine that the client was one of.
     *
     * @return the host as a URL
     */
    public String host() {
        return host;
    }
}
