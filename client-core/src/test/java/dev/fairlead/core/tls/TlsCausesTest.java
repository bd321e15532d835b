package dev.fairlead.core.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TlsCausesTest {
    private static final TlsCauses WITHOUT = new TlsCauses("connect", "https://engine:2376", true, false);
    private static final TlsCauses WITH = new TlsCauses("connect", "https://engine:2376", true, true);

    static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(
                        because(new CertificateExpiredException("NotAfter: 2020")), "has expired (NotAfter", "clock"),
                Arguments.of(
                        because(new CertificateNotYetValidException("NotBefore: 2099")), "is not valid yet", "clock"),
                Arguments.of(
                        because(new CertPathValidatorException("signature check failed")), "signed by nobody", "ca"),
                Arguments.of(
                        alert("certificate_required"), "asks for a certificate of the client", "cert.pem and key.pem"),
                Arguments.of(alert("bad_certificate"), "asks for a certificate of the client", "cert.pem and key.pem"),
                Arguments.of(
                        alert("handshake_failure"), "asks for a certificate of the client, or", "cert.pem and key.pem"),
                Arguments.of(alert("unknown_ca"), "does not accept this client's certificate", "signed by the CA"),
                Arguments.of(alert("protocol_version"), "no version or cipher of TLS in common", "protocols"),
                Arguments.of(
                        new SSLException("not an SSL/TLS record: 48545450"), "speaks in clear", "use a tcp:// address"),
                Arguments.of(
                        new SSLHandshakeException("No name matching engine found"), "not for that name", "subjectAlt"));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void knownCausesHaveASentenceAndAHint(Throwable cause, String sentence, String hint) {
        ConnectionFailed failed = Objects.requireNonNull(WITHOUT.explain(new IOException("wrapped", cause)));

        assertThat(failed).hasMessageContaining(sentence).hasMessageContaining("https://engine:2376");
        assertThat(failed.hint()).contains(hint);
    }

    @Test
    void aCertificateThatWasShownIsNotAskedFor() {
        assertThat(WITH.explain(alert("bad_certificate"))).hasMessageContaining("does not accept");
        assertThat(WITH.explain(alert("handshake_failure")))
                .hasMessageContaining("no version or cipher of TLS in common");
    }

    @Test
    void theNewerJdksWordsAreRead() {
        assertThat(WITH.explain(new SSLHandshakeException("(unknown_ca) Received fatal alert: unknown_ca")))
                .hasMessageContaining("does not accept this client's certificate (unknown_ca)");
    }

    @Test
    void whatIsNotOfTlsIsLeftToOthers() {
        assertThat(WITH.explain(new IOException("Connection refused"))).isNull();
    }

    @Test
    void anUnknownCauseIsQuoted() {
        assertThat(WITH.explain(new SSLException("out of luck"))).hasMessageContaining("out of luck");
        assertThat(WITH.explain(alert("no_renegotiation"))).hasMessageContaining("refused the TLS connection");
    }

    private static SSLException because(Exception cause) {
        SSLHandshakeException failed = new SSLHandshakeException("failed");
        failed.initCause(cause);
        return failed;
    }

    private static SSLException alert(String name) {
        return new SSLHandshakeException("Received fatal alert: " + name);
    }
}
