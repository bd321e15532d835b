package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Ports;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What is said when there is no Engine where one should be. */
class ConnectErrorsTest extends TransportFixture {

    @OnUnixSockets
    void saysThatThereIsNoSocket(Kind kind) {
        Path missing = directory.resolve("missing.sock");
        verify(kind, "unix://" + missing, "there is no socket at unix://" + missing, "is the Engine running?");
    }

    @OnUnixSockets
    void saysThatNobodyListensOnAFile(Kind kind) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        verify(kind, "unix://" + file, "refused the connection", "is the Engine running?");
    }

    @OnUnixSockets
    void saysThatThePathIsTooLong(Kind kind) {
        verify(kind, "unix://" + directory.resolve("x".repeat(120)), "too long for a socket", "at most");
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"TCP_EPOLL", "TCP_JDK"})
    void saysThatTheConnectionWasRefused(Kind kind) throws Exception {
        verify(kind, "tcp://127.0.0.1:" + Ports.free(), "refused the connection", "is the Engine running?");
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"TCP_EPOLL", "TCP_JDK"})
    void saysThatANameIsNotKnown(Kind kind) {
        verify(kind, "tcp://no-such-host.invalid:2375", "is not known", "is it spelled right?");
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"TCP_EPOLL", "TCP_JDK"})
    void saysThatTlsIsSpokenWhenTheAnswerIsAnAlert(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("GET", "/a", exchange -> {
            exchange.raw(new byte[] {0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x16});
            exchange.awaitPeerClosed(LIMIT);
        });
        Transport transport = transport(kind);
        for (Mono<?> call : new Mono<?>[] {transport.call(get("/a")), transport.open(get("/a"))}) {
            StepVerifier.create(call)
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(ConnectionFailed.class)
                            .hasMessageContaining(engine.host() + " speaks TLS, and was spoken to in clear"))
                    .verify(LIMIT);
        }
        engine.awaitOpenConnections(0, LIMIT);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"TCP_EPOLL", "TCP_JDK"})
    void readsTheSentenceOfAGoServerThatSpeaksTls(Kind kind) throws Exception {
        engine(kind).on("GET", "/a", exchange -> {
            exchange.raw("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
            exchange.close();
        });
        Answer answer = await(transport(kind).call(get("/a")));
        assertThat(answer.head().status()).isEqualTo(400);
        assertThat(text(answer)).startsWith("Client sent an HTTP request to an HTTPS server.");
    }

    @OnAllSockets
    void connectsAgainWhenTheEngineIsBack(Kind kind) throws Exception {
        FakeEngine engine = engine(kind);
        Transport transport = transport(kind);
        assertThat(await(transport.call(get("/_ping"))).head().status()).isEqualTo(200);
        engine.stop();
        StepVerifier.create(transport.call(get("/_ping")))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ConnectionFailed.class)
                        .hasMessageContaining("is the Engine running?"))
                .verify(LIMIT);
        try (FakeEngine again = kind.start(directory, kind.isUnix() ? 0 : engine.port())) {
            assertThat(await(transport.call(get("/_ping"))).head().status()).isEqualTo(200);
            assertThat(again.requests()).hasSize(1);
            transport.close();
        } catch (BindException taken) {
            throw new AssertionError("another process took the port meanwhile", taken);
        }
    }

    private void verify(Kind kind, String host, String sentence, String hint) {
        Transport transport = transport(kind.settings(DockerHost.parse(host)));
        EngineRequest request = new EngineRequest("GET /_ping", "GET", "/_ping", Map.of(), Body.NONE, null);
        for (Mono<?> call : new Mono<?>[] {transport.call(request), transport.open(request)}) {
            StepVerifier.create(call)
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(ConnectionFailed.class)
                            .hasMessageContaining(sentence)
                            .hasMessageContaining(hint))
                    .verify(LIMIT);
        }
    }
}
