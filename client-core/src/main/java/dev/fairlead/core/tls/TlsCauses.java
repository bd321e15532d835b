package dev.fairlead.core.tls;

import dev.fairlead.core.error.ConnectionFailed;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Finds out why TLS failed, and what a person can do about it. */
final class TlsCauses {
    // A chain of causes may be a ring.
    private static final int DEEPEST = 16;
    private static final Pattern ALERT = Pattern.compile("fatal alert: (\\w+)");

    private final String operation;
    private final String host;
    private final boolean ownCa;
    private final boolean certificate;

    TlsCauses(String operation, String host, boolean ownCa, boolean certificate) {
        this.operation = operation;
        this.host = host;
        this.ownCa = ownCa;
        this.certificate = certificate;
    }

    @Nullable
    ConnectionFailed explain(Throwable cause) {
        SSLException tls = find(SSLException.class, cause);
        ClosedChannelException closed = find(ClosedChannelException.class, cause);
        if (tls == null && closed == null) {
            return null;
        }
        String said = said(cause);
        if (said.contains("not an ssl/tls record") || said.contains("unrecognized ssl message")) {
            return failed(
                    cause,
                    host + " speaks in clear, and was spoken to in TLS",
                    "use a tcp:// address and no settings of TLS, or the port where the Engine speaks it (2376 as a rule)");
        }
        if (said.contains("handshake timed out")) {
            return failed(cause, host + " did not answer the TLS handshake in time", "does it speak TLS?");
        }
        if (tls == null || closed != null) {
            return failed(
                    cause,
                    host + " closed the connection during the TLS handshake",
                    "does it speak TLS, and is it up?");
        }
        Matcher alert = ALERT.matcher(said);
        return alert.find() ? refused(cause, alert.group(1)) : distrusted(cause, tls, said);
    }

    /** It was this side who did not want to go on. */
    private ConnectionFailed distrusted(Throwable cause, SSLException tls, String said) {
        CertificateExpiredException expired = find(CertificateExpiredException.class, cause);
        if (expired != null) {
            return failed(
                    cause,
                    "the certificate of " + host + " has expired (" + expired.getMessage() + ")",
                    "the Engine needs a new one; or is this machine's clock wrong?");
        }
        CertificateNotYetValidException early = find(CertificateNotYetValidException.class, cause);
        if (early != null) {
            return failed(
                    cause,
                    "the certificate of " + host + " is not valid yet (" + early.getMessage() + ")",
                    "is a clock wrong, this machine's or the Engine's?");
        }
        if (said.contains("no subject alternative") || said.contains("no name matching")) {
            return failed(
                    cause,
                    "the certificate of " + host + " is not for that name: " + tls.getMessage(),
                    "connect by a name that the certificate has, or have one made with this one as subjectAltName");
        }
        if (find(CertPathBuilderException.class, cause) != null
                || find(CertPathValidatorException.class, cause) != null
                || said.contains("pkix")
                || said.contains("path does not chain")) {
            return failed(
                    cause,
                    "the certificate of " + host + " is signed by nobody who is trusted",
                    ownCa
                            ? "is the ca that was given the one of this Engine?"
                            : "give the Engine's CA, by the ca of tls or as ca.pem in DOCKER_CERT_PATH");
        }
        return failed(cause, "no TLS connection to " + host + ": " + tls.getMessage(), null);
    }

    /** The Engine said why it did not want to go on, in one word. */
    private ConnectionFailed refused(Throwable cause, String alert) {
        return switch (alert) {
            case "certificate_required" -> noCertificate(cause, alert);
            case "bad_certificate" -> certificate ? badCertificate(cause, alert) : noCertificate(cause, alert);
            case "unknown_ca",
                    "certificate_unknown",
                    "certificate_expired",
                    "certificate_revoked",
                    "unsupported_certificate",
                    "decrypt_error",
                    "access_denied" -> badCertificate(cause, alert);
            case "handshake_failure" -> certificate ? nothingInCommon(cause, alert) : uncertified(cause, alert);
            case "protocol_version", "insufficient_security" -> nothingInCommon(cause, alert);
            default -> failed(cause, host + " refused the TLS connection (" + alert + ")", null);
        };
    }

    private ConnectionFailed nothingInCommon(Throwable cause, String alert) {
        return failed(
                cause,
                host + " and this client have no version or cipher of TLS in common (" + alert + ")",
                "the Engine, or protocols, may leave too little to choose from");
    }

    /** Newer Engines say no more than this over TLS 1.2 to a client without a certificate. */
    private ConnectionFailed uncertified(Throwable cause, String alert) {
        return failed(
                cause,
                host
                        + " refused the handshake: it asks for a certificate of the client, or has no version or cipher of TLS in common"
                        + " with it (" + alert + ")",
                "give one, by the certificate of tls or as cert.pem and key.pem in DOCKER_CERT_PATH");
    }

    private ConnectionFailed noCertificate(Throwable cause, String alert) {
        return failed(
                cause,
                host + " asks for a certificate of the client (" + alert + ")",
                certificate
                        ? "the one that was given is of a kind that the Engine does not take"
                        : "give one, by the certificate of tls or as cert.pem and key.pem in DOCKER_CERT_PATH");
    }

    private ConnectionFailed badCertificate(Throwable cause, String alert) {
        return failed(
                cause,
                host + " does not accept this client's certificate (" + alert + ")",
                "is it signed by the CA that the Engine was given, for clients, and not expired?");
    }

    private ConnectionFailed failed(Throwable cause, String sentence, @Nullable String hint) {
        return new ConnectionFailed(operation, host, sentence, hint, cause);
    }

    private static <T extends Throwable> @Nullable T find(Class<T> type, Throwable cause) {
        int depth = 0;
        for (Throwable link = cause; link != null && depth < DEEPEST; link = link.getCause(), depth++) {
            if (type.isInstance(link)) {
                return type.cast(link);
            }
        }
        return null;
    }

    private static String said(Throwable cause) {
        StringBuilder all = new StringBuilder();
        int depth = 0;
        for (Throwable link = cause; link != null && depth < DEEPEST; link = link.getCause(), depth++) {
            all.append(link.getMessage()).append('\n');
        }
        return all.toString().toLowerCase(Locale.ROOT);
    }
}
