package dev.fairlead.core.tls;

import dev.fairlead.core.error.ConnectionFailed;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** TLS that is ready to be spoken: certificates and keys are read. It resumes sessions, so one is made for all connections. */
public final class TlsContext {
    private final SSLContext context;
    private final List<String> protocols;
    private final boolean verified;
    private final boolean ownCa;
    private final boolean certificate;

    TlsContext(SSLContext context, List<String> protocols, boolean verified, boolean ownCa, boolean certificate) {
        this.context = context;
        this.protocols = protocols;
        this.verified = verified;
        this.ownCa = ownCa;
        this.certificate = certificate;
    }

    /**
     * The client's side of one connection. It verifies that the Engine's certificate is for this host, unless that was switched off.
     *
     * @param host the name or address that was connected to, an IPv6 address without brackets
     * @param port the port
     * @return a new engine
     */
    public SSLEngine newEngine(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols.toArray(String[]::new));
        if (verified) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /**
     * Whether this client has a certificate to show, as far as is known: a context that was given keeps that to itself.
     *
     * @return true if there is one
     */
    public boolean hasCertificate() {
        return certificate;
    }

    /**
     * The failure of a connection, told from the exception of whatever spoke TLS.
     *
     * @param operation what was being done
     * @param host the host, as a text
     * @param cause the exception
     * @return the failure with a sentence and a hint, or null if TLS has no part in it
     */
    public @Nullable ConnectionFailed explain(String operation, String host, Throwable cause) {
        return new TlsCauses(operation, host, ownCa, certificate).explain(cause);
    }
}
