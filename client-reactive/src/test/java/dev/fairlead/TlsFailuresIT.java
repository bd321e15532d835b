package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.tls.Tls;
import dev.fairlead.testing.Certificates;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.Ports;
import dev.fairlead.testing.RealEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The table of what can be wrong with TLS, each in a handshake with a real Engine: the sentence, and the hint that goes with it. */
@NewestEngine
final class TlsFailuresIT {

    private static final Duration LIMIT = EngineTest.LIMIT;
    private static final String HERE = "subjectAltName=DNS:localhost,IP:127.0.0.1";
    private static final String SERVER_KEY = "server-key.pem";
    private static final String SERVER_CERTIFICATE = "server-cert.pem";

    /** What is wrong with an Engine's own certificate. */
    private enum Server {
        RIGHT,
        EXPIRED,
        NOT_YET_VALID,
        OF_ANOTHER_NAME;

        private void spoil(Certificates certificates) {
            Instant now = Instant.now();
            switch (this) {
                case RIGHT -> {}
                case EXPIRED ->
                    certificates.reissue(
                            SERVER_KEY,
                            SERVER_CERTIFICATE,
                            HERE,
                            now.minus(Duration.ofDays(9)),
                            now.minus(Duration.ofDays(1)));
                case NOT_YET_VALID ->
                    certificates.reissue(
                            SERVER_KEY,
                            SERVER_CERTIFICATE,
                            HERE,
                            now.plus(Duration.ofDays(1)),
                            now.plus(Duration.ofDays(9)));
                case OF_ANOTHER_NAME ->
                    certificates.reissue(
                            SERVER_KEY,
                            SERVER_CERTIFICATE,
                            "subjectAltName=DNS:engine.test,IP:192.0.2.7",
                            now.minus(Duration.ofDays(1)),
                            now.plus(Duration.ofDays(1)));
            }
        }
    }

    private record Running(Certificates certificates, int port, RealEngine engine) {}

    @TempDir
    private static Path folder;

    private static final Map<Server, Running> RUNNING = new EnumMap<>(Server.class);
    private static Path foreign;

    @BeforeAll
    static void start() {
        foreign = Certificates.in(folder.resolve("foreign")).folder();
        for (Server server : Server.values()) {
            Certificates certificates = Certificates.in(folder.resolve(server.name()));
            server.spoil(certificates);
            int port = Ports.free();
            RUNNING.put(server, new Running(certificates, port, RealEngine.overTls(port, certificates)));
        }
        Certificates right = running(Server.RIGHT).certificates();
        Instant now = Instant.now();
        right.reissue(
                "key.pem",
                "expired.pem",
                "subjectAltName=DNS:client",
                now.minus(Duration.ofDays(9)),
                now.minus(Duration.ofDays(1)));
    }

    @AfterAll
    static void stop() {
        RUNNING.values().forEach(running -> running.engine().close());
    }

    static Stream<Arguments> table() {
        List<Arguments> rows = new ArrayList<>();
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            row(
                    rows,
                    "another CA",
                    Server.RIGHT,
                    protocol,
                    "is signed by nobody who is trusted",
                    "the ca",
                    (tls, own) -> tls.ca(foreign.resolve("ca.pem")));
            row(rows, "expired", Server.EXPIRED, protocol, "has expired (NotAfter: ", "clock", (tls, own) -> {});
            row(
                    rows,
                    "not yet valid",
                    Server.NOT_YET_VALID,
                    protocol,
                    "is not valid yet (NotBefore: ",
                    "clock",
                    (tls, own) -> {});
            row(
                    rows,
                    "another name",
                    Server.OF_ANOTHER_NAME,
                    protocol,
                    "is not for that name",
                    "subjectAltName",
                    (tls, own) -> {});
            row(
                    rows,
                    "a foreign client",
                    Server.RIGHT,
                    protocol,
                    "does not accept this client's certificate",
                    "signed by the CA",
                    (tls, own) -> tls.certificate(foreign.resolve("cert.pem"), foreign.resolve("key.pem")));
            row(
                    rows,
                    "an expired client",
                    Server.RIGHT,
                    protocol,
                    "does not accept this client's certificate",
                    "not expired",
                    (tls, own) -> tls.certificate(own.resolve("expired.pem"), own.resolve("key.pem")));
        }
        return rows.stream();
    }

    private static void row(
            List<Arguments> rows,
            String wrong,
            Server server,
            String protocol,
            String sentence,
            String hint,
            BiConsumer<Tls.Builder, Path> settings) {
        rows.add(arguments(wrong, server, protocol, sentence, hint, settings));
    }

    @ParameterizedTest(name = "{0} by {2}")
    @MethodSource("table")
    void saysWhatIsWrongAndWhatToDo(
            String wrong,
            Server server,
            String protocol,
            String sentence,
            String hint,
            BiConsumer<Tls.Builder, Path> settings) {
        Running running = running(server);
        Path own = running.certificates().folder();
        try (DockerClient client = DockerClient.create(
                config -> config.host("tcp://127.0.0.1:" + running.port()).tls(tls -> {
                    tls.folder(own).protocols(protocol);
                    settings.accept(tls, own);
                }))) {
            fails(client, sentence, hint);
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void saysThatACertificateIsAskedFor(String protocol) {
        Running running = running(Server.RIGHT);
        Path own = running.certificates().folder();
        try (DockerClient client = DockerClient.create(config -> config.host("tcp://127.0.0.1:" + running.port())
                .tls(tls -> tls.ca(own.resolve("ca.pem")).protocols(protocol)))) {
            fails(client, "asks for a certificate of the client", "cert.pem and key.pem");
        }
    }

    static List<String> protocols() {
        return List.of("TLSv1.2", "TLSv1.3");
    }

    /** No Engine is told to speak one version alone, so OpenSSL is. */
    @ParameterizedTest
    @CsvSource({"-tls1_3, TLSv1.2", "-tls1_2, TLSv1.3"})
    void saysThatThereIsNoVersionInCommon(String theirs, String ours) throws IOException {
        Path own = running(Server.RIGHT).certificates().folder();
        int port = Ports.free();
        Process server = new ProcessBuilder(
                        "openssl",
                        "s_server",
                        theirs,
                        "-accept",
                        "127.0.0.1:" + port,
                        "-cert",
                        SERVER_CERTIFICATE,
                        "-key",
                        SERVER_KEY)
                .directory(own.toFile())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = server.inputReader();
                DockerClient client = DockerClient.create(config -> config.host("tcp://127.0.0.1:" + port)
                        .tls(tls -> tls.folder(own).protocols(ours)))) {
            assertThat(said.lines().anyMatch("ACCEPT"::equals)).isTrue();
            fails(client, "no version or cipher of TLS in common", "protocols");
        } finally {
            server.destroyForcibly();
        }
    }

    private static void fails(DockerClient client, String sentence, String hint) {
        for (Mono<?> call : List.of(client.system().ping(), client.containers().attach("x"))) {
            StepVerifier.create(call)
                    .expectErrorSatisfies(failure -> {
                        assertThat(failure).isInstanceOf(ConnectionFailed.class).hasMessageContaining(sentence);
                        assertThat(((ConnectionFailed) failure).hint()).contains(hint);
                    })
                    .verify(LIMIT);
        }
    }

    private static Running running(Server server) {
        return Objects.requireNonNull(RUNNING.get(server));
    }
}
