package dev.fairlead.internal.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.testing.ChunkedAnswer;
import dev.fairlead.testing.FakeEngine;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The ways in which an answer can be put into words, whole and broken. */
class UnaryTest extends TransportFixture {

    @OnAllSockets
    void readsEveryFormOfAnAnswerOnOneConnection(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on("GET", "/length", exchange -> exchange.answer(200, "{\"a\":1}"))
                .on("GET", "/empty", exchange -> exchange.answer(200, ""))
                .on("POST", "/nothing", exchange -> exchange.answer(204, ""))
                .on("POST", "/unchanged", exchange -> exchange.answer(304, ""))
                .on("HEAD", "/head", exchange -> {
                    exchange.raw("HTTP/1.1 200 OK\r\nX-Stat: yes\r\nContent-Length: 12\r\n\r\n");
                    exchange.endRaw();
                })
                .on("GET", "/chunked", exchange -> exchange.startChunked(200, Map.of())
                        .write("one, ")
                        .write("two")
                        .end())
                .on("GET", "/early", exchange -> {
                    exchange.raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
                    exchange.answer(200, "late");
                })
                .on("HEAD", "/early", exchange -> {
                    exchange.raw("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
                    exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n");
                    exchange.endRaw();
                });
        Transport transport = transport(kind);
        Answer whole = await(transport.call(get("/length")));
        assertThat(whole.head().status()).isEqualTo(200);
        assertThat(whole.head().mediaType()).isEqualTo("application/json");
        assertThat(text(whole)).isEqualTo("{\"a\":1}");
        assertThat(text(await(transport.call(get("/empty"))))).isEmpty();
        assertThat(await(transport.call(post("/nothing"))).head().status()).isEqualTo(204);
        assertThat(await(transport.call(post("/unchanged"))).head().status()).isEqualTo(304);
        Answer head = await(transport.call(request("HEAD", "/head", Body.NONE)));
        assertThat(head.head().header("x-stat")).isEqualTo("yes");
        assertThat(head.body()).isEmpty();
        assertThat(text(await(transport.call(get("/chunked"))))).isEqualTo("one, two");
        assertThat(text(await(transport.call(get("/early"))))).isEqualTo("late");
        assertThat(await(transport.call(request("HEAD", "/early", Body.NONE))).body())
                .isEmpty();
        assertThat(text(await(transport.call(get("/length"))))).isEqualTo("{\"a\":1}");
        assertThat(engine.connections()).isEqualTo(1);
    }

    @OnAllSockets
    void readsAnAnswerThatEndsWithItsConnection(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("GET", "/a", exchange -> {
            exchange.startRaw(200, Map.of());
            exchange.raw("up to ");
            exchange.raw("the end");
            exchange.close();
        });
        Transport transport = transport(kind, connections(1));
        assertThat(text(await(transport.call(get("/a"))))).isEqualTo("up to the end");
        assertThat(text(await(transport.call(get("/a"))))).isEqualTo("up to the end");
        assertThat(engine.connections()).isEqualTo(2);
    }

    @OnUnixSockets
    void readsALargeAnswer(Kind kind) throws Exception {
        byte[] large = new byte[4_000_000];
        Arrays.fill(large, (byte) 'x');
        engine(kind)
                .on("GET", "/length", exchange -> exchange.answer(200, Map.of(), large))
                .on("GET", "/chunked", exchange -> {
                    ChunkedAnswer answer = exchange.startChunked(200, Map.of());
                    for (int at = 0; at < large.length; at += 100_000) {
                        answer.write(Arrays.copyOfRange(large, at, at + 100_000));
                    }
                    answer.end();
                });
        Transport transport = transport(kind);
        assertThat(Arrays.equals(await(transport.call(get("/length"))).body(), large))
                .isTrue();
        assertThat(Arrays.equals(await(transport.call(get("/chunked"))).body(), large))
                .isTrue();
    }

    @OnUnixSockets
    void refusesAnAnswerThatAnnouncesMoreThanIsTaken(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("GET", "/a", exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 268435457\r\n\r\n");
            exchange.awaitPeerClosed(LIMIT);
        });
        verifyProtocolFailure(transport(kind), "the answer is larger than 256 MiB");
        engine.awaitOpenConnections(0, LIMIT);
    }

    @OnUnixSockets
    void refusesAnAnswerThatTurnsOutToBeTooLarge(Kind kind) throws Exception {
        byte[] piece = new byte[1 << 20];
        FakeEngine engine = engine(kind).on("GET", "/a", exchange -> {
            ChunkedAnswer answer = exchange.startChunked(200, Map.of());
            for (int count = 0; count < 3; count++) {
                answer.write(piece);
            }
            exchange.awaitPeerClosed(LIMIT);
        });
        ConnectionSettings settings = kind.settings(DockerHost.parse(engine.host()));
        ConnectionPool pool = new ConnectionPool(new Connector(settings), settings, new Closing());
        StepVerifier.create(new Mono<Answer>() {
                    @Override
                    public void subscribe(CoreSubscriber<? super Answer> subscriber) {
                        subscriber.onSubscribe(new UnaryExchange(subscriber, get("/a"), pool, Duration.ZERO, 2 << 20));
                    }
                })
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ProtocolFailure.class)
                        .hasMessageContaining("the answer is larger than 2 MiB"))
                .verify(LIMIT);
        engine.awaitOpenConnections(0, LIMIT);
        pool.close();
    }

    @OnUnixSockets
    void tellsWhereAnAnswerWasCut(Kind kind) throws Exception {
        cutEverywhere(kind, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", "{\"a\":1}");
    }

    @OnUnixSockets
    void tellsWhereAChunkedAnswerWasCut(Kind kind) throws Exception {
        cutEverywhere(
                kind, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n");
    }

    /** A connection that ends in the head answered nothing; one that ends behind it gave half an answer. */
    private void cutEverywhere(Kind kind, String head, String body) throws Exception {
        AtomicInteger length = new AtomicInteger();
        byte[] whole = (head + body).getBytes(US_ASCII);
        engine(kind).on("POST", "/a", exchange -> {
            exchange.raw(Arrays.copyOf(whole, length.get()));
            exchange.close();
        });
        Transport transport = transport(kind);
        for (int cut = 0; cut < whole.length; cut++) {
            length.set(cut);
            Class<? extends DockerException> expected = cut < head.length() ? ConnectionFailed.class : Truncated.class;
            StepVerifier.create(transport.call(post("/a")))
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .as("cut after %s bytes", length)
                            .isInstanceOf(expected)
                            .hasMessageContaining("POST /a"))
                    .verify(LIMIT);
        }
        length.set(whole.length);
        assertThat(text(await(transport.call(post("/a"))))).isEqualTo("{\"a\":1}");
    }

    @OnUnixSockets
    void saysThatGarbageIsNotHttp(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("GET", "/a", exchange -> {
            exchange.raw("220 mail.example.org ESMTP\r\n\r\n");
            exchange.awaitPeerClosed(LIMIT);
        });
        verifyProtocolFailure(transport(kind), "the answer is not HTTP");
        engine.awaitOpenConnections(0, LIMIT);
    }

    @OnUnixSockets
    void saysThatGarbageInsteadOfAChunkIsNotHttp(Kind kind) throws Exception {
        engine(kind).on("GET", "/a", exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
            exchange.awaitPeerClosed(LIMIT);
        });
        verifyProtocolFailure(transport(kind), "the answer is not HTTP");
    }

    @OnUnixSockets
    void refusesAHeaderThatIsTooLong(Kind kind) throws Exception {
        engine(kind).on("GET", "/a", exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(100_000) + "\r\n\r\n");
            exchange.awaitPeerClosed(LIMIT);
        });
        verifyProtocolFailure(transport(kind), "the answer is not HTTP");
    }

    @OnUnixSockets
    void refusesALengthThatIsNoNumber(Kind kind) throws Exception {
        engine(kind).on("GET", "/a", exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n");
            exchange.awaitPeerClosed(LIMIT);
        });
        verifyProtocolFailure(transport(kind), "the answer is not HTTP");
    }

    @OnUnixSockets
    void givesUpWaitingForAnAnswer(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on("GET", "/ready", exchange -> exchange.answer(200, ""))
                .on("GET", "/silent", exchange -> exchange.awaitPeerClosed(LIMIT))
                .on("GET", "/half", exchange -> {
                    exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{");
                    exchange.awaitPeerClosed(LIMIT);
                });
        Transport transport = transport(kind, responseTimeout(Duration.ofMillis(100)));
        // On a connection that was used before, where a connection that ends is taken for a stale one.
        await(transport.call(get("/ready")));
        for (String path : new String[] {"/silent", "/half"}) {
            StepVerifier.create(transport.call(get(path)))
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(ConnectionFailed.class)
                            .hasMessageContaining("no answer within 100 ms"))
                    .verify(LIMIT);
            assertThat(engine.requests("GET", path)).hasSize(1);
            engine.awaitOpenConnections(0, LIMIT);
        }
    }

    @OnUnixSockets
    void setsNoTimeOutOnTheNextCall(Kind kind) throws Exception {
        engine(kind).on("GET", "/ready", exchange -> exchange.answer(200, ""));
        Transport transport = transport(kind, responseTimeout(Duration.ofSeconds(1)));
        long end = System.nanoTime() + Duration.ofMillis(2500).toNanos();
        int calls = 0;
        while (System.nanoTime() < end) {
            await(transport.call(get("/ready")));
            calls++;
        }
        assertThat(calls).isPositive();
        assertThat(engine(kind).connections()).isEqualTo(1);
    }

    private static void verifyProtocolFailure(Transport transport, String sentence) {
        StepVerifier.create(transport.call(get("/a")))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ProtocolFailure.class)
                        .hasMessageContaining("GET /a")
                        .hasMessageContaining(sentence))
                .verify(LIMIT);
    }
}
