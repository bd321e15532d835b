package dev.fairlead.core.error;

import dev.fairlead.core.host.DockerHost;
import org.jspecify.annotations.Nullable;

/** There is no connection to the Engine: none could be made, or it broke. */
public final class ConnectionFailed extends DockerException {
    private static final long serialVersionUID = 1L;

    /** Where the Engine was thought to be. */
    private final String host;
    /** Whether no byte of the request has left. */
    private final boolean nothingSent;
    /** Whether it may work a little later. */
    private final boolean passing;

    /**
     * A failure to reach an Engine.
     *
     * @param operation what was being done, such as {@code connect} or {@code GET /_ping}
     * @param host where the Engine was thought to be
     * @param sentence what happened
     * @param hint what might be done about it, or null
     * @param cause the exception that reported it, or null
     */
    public ConnectionFailed(
            String operation, String host, String sentence, @Nullable String hint, @Nullable Throwable cause) {
        this(operation, host, sentence, hint, cause, false, false);
    }

    /**
     * A failure of which it is known what another try would be.
     *
     * @param operation what was being done
     * @param host where the Engine was thought to be
     * @param sentence what happened
     * @param hint what might be done about it, or null
     * @param cause the exception that reported it, or null
     * @param nothingSent whether it is certain that no byte of the request has left
     * @param passing whether the same may work a little later
     */
    public ConnectionFailed(
            String operation,
            String host,
            String sentence,
            @Nullable String hint,
            @Nullable Throwable cause,
            boolean nothingSent,
            boolean passing) {
        super(operation, 0, "", sentence, hint, cause);
        this.host = host;
        this.nothingSent = nothingSent;
        this.passing = passing;
    }

    /**
     * The failure to connect to a host, told from the exception of whatever made the connection.
     *
     * @param host the host
     * @param cause the exception
     * @return the failure, with a sentence and a hint for the causes that are known
     */
    public static ConnectionFailed of(DockerHost host, Throwable cause) {
        return ConnectionCauses.explain(host, cause);
    }

    /**
     * The failure of talking in clear to a host that speaks TLS.
     *
     * @param operation what was being done
     * @param host the host, as a text
     * @return the failure
     */
    public static ConnectionFailed speaksTls(String operation, String host) {
        return new ConnectionFailed(
                operation,
                host,
                host + " speaks TLS, and was spoken to in clear",
                "use an https:// address and the certificates that the Engine asks for",
                null);
    }

    /**
     * Where the Engine was thought to be.
     *
     * @return the host as a URL, or a list of what was tried
     */
    public String host() {
        return host;
    }

    /**
     * Whether it is certain that no byte of the request has left, so that the Engine can't have done what was asked.
     *
     * @return true if it is; false if the Engine may have got all of it, or part
     */
    public boolean nothingSent() {
        return nothingSent;
    }

    /**
     * Whether the same may work a little later, as when the Engine is being restarted: the connection was refused, reset or
     * not made in time, or was closed. A time-out of the answer is none: who would wait again has waited already.
     *
     * @return true if it may
     */
    public boolean isPassing() {
        return passing;
    }
}
