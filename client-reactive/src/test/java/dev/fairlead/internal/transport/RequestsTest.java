package dev.fairlead.internal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Gate;
import dev.fairlead.testing.Request;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** What goes over the wire to the Engine. */
class RequestsTest extends TransportFixture {

    private static final int PIECE = 16 * 1024;

    @OnAllSockets
    void saysThatAPostHasNoBody(Kind kind) throws Exception {
        FakeEngine engine = engine(kind);
        await(transport(kind).call(post("/containers/a/start")));
        Request sent = engine.requests().get(0);
        assertThat(sent.line()).isEqualTo("POST /containers/a/start HTTP/1.1");
        assertThat(sent.headers().get("Content-Length")).containsExactly("0");
        assertThat(sent.header("Content-Type")).isEmpty();
        assertThat(sent.header("Transfer-Encoding")).isEmpty();
    }

    @OnUnixSockets
    void saysNothingOfABodyInAGet(Kind kind) throws Exception {
        FakeEngine engine = engine(kind);
        await(transport(kind).call(get("/containers/json?all=true")));
        Request sent = engine.requests().get(0);
        assertThat(sent.line()).isEqualTo("GET /containers/json?all=true HTTP/1.1");
        assertThat(sent.headers()).containsOnlyKeys("host");
        assertThat(sent.header("Host")).hasValue("localhost");
    }

    @Test
    void namesTheHostOfATcpAddress() throws Exception {
        FakeEngine engine = engine(Kind.TCP_EPOLL);
        await(transport(Kind.TCP_EPOLL).call(get("/a")));
        assertThat(engine.requests().get(0).header("Host")).hasValue("127.0.0.1:" + engine.port());
    }

    @Test
    void putsAnIpv6AddressInBrackets() throws Exception {
        FakeEngine engine = engine(Kind.TCP_EPOLL);
        // The loopback interface again, as an address of IPv6.
        Transport transport =
                transport(Kind.TCP_EPOLL.settings(DockerHost.parse("tcp://[::ffff:127.0.0.1]:" + engine.port())));
        await(transport.call(get("/a")));
        assertThat(engine.requests().get(0).header("Host")).hasValue("[::ffff:127.0.0.1]:" + engine.port());
    }

    @OnAllSockets
    void sendsABodyThatIsInMemoryWithItsLength(Kind kind) throws Exception {
        FakeEngine engine = engine(kind);
        byte[] json = "{\"Image\":\"älpine\"}".getBytes(UTF_8);
        Transport transport = transport(kind);
        for (int time = 0; time < 2; time++) {
            await(transport.call(request("POST", "/containers/create", new Body.Bytes("application/json", json))));
            Request sent = engine.requests().get(time);
            assertThat(sent.header("Content-Type")).hasValue("application/json");
            assertThat(sent.header("Content-Length")).hasValue(Integer.toString(json.length));
            assertThat(sent.body()).isEqualTo(json);
        }
        assertThat(engine.connections()).isEqualTo(1);
    }

    @OnUnixSockets
    void refusesAHeaderThatWouldBeTwo(Kind kind) throws Exception {
        FakeEngine engine = engine(kind);
        Transport transport = transport(kind);
        for (String value : new String[] {"a\r\nX-Injected: b", "a\nX-Injected: b", "a\rb", "a\0b"}) {
            assertThatThrownBy(() ->
                            new EngineRequest("GET /a", "GET", "/a", Map.of("X-Mine", List.of(value)), Body.NONE, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("X-Mine");
        }
        await(transport.call(get("/a")));
        assertThat(engine.requests()).hasSize(1);
    }

    @OnUnixSockets
    void refusesAPathThatWouldBeTwoLines(Kind kind) throws Exception {
        FakeEngine engine = engine(kind);
        StepVerifier.create(transport(kind).call(get("/a HTTP/1.1\r\nX-Injected: b\r\n\r\nGET /b")))
                .expectError(IllegalArgumentException.class)
                .verify(LIMIT);
        engine.awaitOpenConnections(0, LIMIT);
        assertThat(engine.requests()).isEmpty();
    }

    @OnAllSockets
    void streamsAnUploadInChunks(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("POST", "/build", exchange -> exchange.answer(200, "built"));
        Flux<ByteBuffer> source =
                Flux.just(bytes("one, "), bytes(""), ByteBuffer.wrap(new byte[300_000]), bytes("three"));
        assertThat(rest(open(transport(kind), upload("/build", source)))).isEqualTo("built");
        Request sent = engine.requests().get(0);
        assertThat(sent.header("Transfer-Encoding")).hasValue("chunked");
        assertThat(sent.header("Content-Length")).isEmpty();
        assertThat(sent.header("Content-Type")).hasValue("application/x-tar");
        assertThat(sent.body())
                .hasSize(300_010)
                .startsWith("one, ".getBytes(UTF_8))
                .endsWith("three".getBytes(UTF_8));
    }

    @OnUnixSockets
    void streamsAnEmptyUpload(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("POST", "/build", exchange -> exchange.answer(200, "built"));
        assertThat(rest(open(transport(kind), upload("/build", Flux.empty())))).isEqualTo("built");
        assertThat(engine.requests().get(0).body()).isEmpty();
    }

    @OnUnixSockets
    void asksTheSourceOfAnUploadForOneBufferAtATime(Kind kind) throws Exception {
        engine(kind).on("POST", "/build", exchange -> exchange.answer(200, "built"));
        TestPublisher<ByteBuffer> source = TestPublisher.create();
        AtomicLong requested = new AtomicLong();
        CompletableFuture<LiveAnswer> opened = transport(kind)
                .open(upload("/build", source.flux().doOnRequest(requested::addAndGet)))
                .toFuture();
        for (int count = 1; count <= 3; count++) {
            awaitValue(requested, count);
            source.next(bytes("abc"));
        }
        source.complete();
        rest(opened.get(10, TimeUnit.SECONDS));
        assertThat(requested.get()).isLessThanOrEqualTo(4);
    }

    @OnAllSockets
    void stopsAskingWhenTheEngineDoesNotRead(Kind kind) throws Exception {
        Gate gate = new Gate();
        engine(kind).onHead("POST", "/build", exchange -> {
            gate.await();
            exchange.readBody();
            exchange.answer(200, "built");
        });
        AtomicLong asked = new AtomicLong();
        int pieces = 1000;
        CompletableFuture<LiveAnswer> opened = transport(kind)
                .open(upload("/build", pieces(pieces).doOnRequest(count -> asked.addAndGet(count * PIECE))))
                .toFuture();
        long taken = awaitQuiet(asked);
        // TCP's buffers on the loopback interface grow to some megabytes; that is the kernel's, and still an end.
        assertThat(taken).isLessThan(kind.isUnix() ? 1 << 20 : 10L << 20);
        gate.open();
        assertThat(rest(opened.get(10, TimeUnit.SECONDS))).isEqualTo("built");
        assertThat(engine(kind).requests().get(0).body()).hasSize(pieces * PIECE);
    }

    @OnAllSockets
    void breaksARequestOffWhenItsSourceFails(Kind kind) throws Exception {
        AtomicLong whole = new AtomicLong();
        FakeEngine engine = engine(kind).on("POST", "/build", exchange -> whole.incrementAndGet());
        IllegalStateException reason = new IllegalStateException("the disk is gone");
        StepVerifier.create(transport(kind).open(upload("/build", Flux.concat(pieces(3), Flux.error(reason)))))
                .expectErrorSatisfies(failure -> assertThat(failure).isSameAs(reason))
                .verify(LIMIT);
        engine.awaitRequests(1, LIMIT);
        engine.awaitOpenConnections(0, LIMIT);
        // Half a body is not taken for a whole one.
        assertThat(whole.get()).isZero();
    }

    @OnUnixSockets
    void breaksARequestOffWhenItsSourceCannotBeSubscribedTo(Kind kind) throws Exception {
        FakeEngine engine = engine(kind);
        IllegalStateException reason = new IllegalStateException("no such source");
        StepVerifier.create(transport(kind).open(upload("/build", subscriber -> {
                    throw reason;
                })))
                .expectErrorSatisfies(failure -> assertThat(failure).isSameAs(reason))
                .verify(LIMIT);
        engine.awaitOpenConnections(0, LIMIT);
    }

    @OnAllSockets
    void reportsAnAnswerThatCameBeforeTheBodyWasSent(Kind kind) throws Exception {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        FakeEngine engine = engine(kind).onHead("POST", "/build", exchange -> {
            exchange.answer(413, "{\"message\":\"too much\"}");
            exchange.awaitPeerGone(LIMIT);
        });
        LiveAnswer live =
                open(transport(kind), upload("/build", pieces(100_000).doOnCancel(() -> cancelled.complete(null))));
        assertThat(live.head().status()).isEqualTo(413);
        assertThat(rest(live)).isEqualTo("{\"message\":\"too much\"}");
        cancelled.get(10, TimeUnit.SECONDS);
        engine.awaitOpenConnections(0, LIMIT);
    }

    @OnUnixSockets
    void reportsAnAnswerThoughTheEngineClosedWhileWeWrote(Kind kind) throws Exception {
        for (int time = 0; time < 20; time++) {
            CompletableFuture<Void> cancelled = new CompletableFuture<>();
            engine(kind).onHead("POST", "/build", exchange -> {
                exchange.readBody(1);
                exchange.answer(400, Map.of("Connection", "close"), "{\"message\":\"no Dockerfile\"}");
                exchange.close();
            });
            LiveAnswer live =
                    open(transport(kind), upload("/build", pieces(100_000).doOnCancel(() -> cancelled.complete(null))));
            assertThat(live.head().status()).isEqualTo(400);
            assertThat(rest(live)).isEqualTo("{\"message\":\"no Dockerfile\"}");
            cancelled.get(10, TimeUnit.SECONDS);
        }
    }

    @OnAllSockets
    void saysThatTheEngineWentAwayInTheMiddleOfAnUpload(Kind kind) throws Exception {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        engine(kind).onHead("POST", "/build", exchange -> {
            exchange.readBody(1);
            exchange.close();
        });
        StepVerifier.create(transport(kind)
                        .open(upload("/build", pieces(100_000).doOnCancel(() -> cancelled.complete(null)))))
                .expectError(ConnectionFailed.class)
                .verify(LIMIT);
        cancelled.get(10, TimeUnit.SECONDS);
    }

    @OnUnixSockets
    void cancelsTheSourceWithTheCall(Kind kind) throws Exception {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        FakeEngine engine = engine(kind).onHead("POST", "/build", exchange -> exchange.awaitPeerGone(LIMIT));
        Disposable call = transport(kind)
                .open(upload("/build", Flux.<ByteBuffer>never().doOnCancel(() -> cancelled.complete(null))))
                .subscribe();
        engine.awaitRequests(1, LIMIT);
        call.dispose();
        cancelled.get(10, TimeUnit.SECONDS);
        engine.awaitOpenConnections(0, LIMIT);
    }

    private static Flux<ByteBuffer> pieces(int count) {
        return Flux.range(0, count).map(index -> ByteBuffer.allocate(PIECE));
    }

    private static void awaitValue(AtomicLong value, long expected) {
        var unused = Flux.interval(Duration.ofMillis(1))
                .filter(tick -> value.get() >= expected)
                .blockFirst(LIMIT);
    }

    /** The value when it has not changed for 200 ms. */
    private static long awaitQuiet(AtomicLong value) {
        Long last = Flux.interval(Duration.ofMillis(50))
                .map(tick -> value.get())
                .buffer(5, 1)
                .filter(window -> window.get(0) > 0 && window.get(0).equals(window.get(4)))
                .map(window -> window.get(0))
                .blockFirst(LIMIT);
        return last == null ? 0 : last;
    }
}
