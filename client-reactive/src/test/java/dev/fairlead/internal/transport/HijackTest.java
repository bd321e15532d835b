package dev.fairlead.internal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Gate;
import dev.fairlead.testing.Hijacked;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import reactor.test.publisher.TestPublisher;

/** Connections that were taken out of HTTP, with bytes in both directions. */
class HijackTest extends TransportFixture {

    private static final String RAW = "application/vnd.docker.raw-stream";
    private static final int PIECE = 16 * 1024;

    @OnAllSockets
    void keepsWhatCameWithTheHeadAndTheEndForALateSubscriber(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on("POST", "/attach", exchange -> exchange.hijack(RAW, "glued to it".getBytes(UTF_8))
                        .close());
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        engine.awaitOpenConnections(0, LIMIT);
        assertThat(live.head().status()).isEqualTo(101);
        assertThat(live.head().mediaType()).isEqualTo(RAW);
        assertThat(rest(live)).isEqualTo("glued to it");
        assertThat(engine.requests().get(0).header("Connection")).hasValue("upgrade");
        assertThat(engine.requests().get(0).header("Upgrade")).hasValue("tcp");
    }

    @OnAllSockets
    void writesAsSoonAsTheHeadIsThere(Kind kind) throws Exception {
        engine(kind).on("POST", "/attach", this::echo);
        // All on the event loop, inside the signal that brings the answer.
        StepVerifier.create(
                        transport(kind).open(hijack("/attach")).flatMap(live -> live.write(Mono.just(bytes("at once")))
                                .then(live.closeOutput())
                                .then(live.collect(100))
                                .map(all -> new String(all, UTF_8))))
                .expectNext("at once")
                .expectComplete()
                .verify(LIMIT);
    }

    @OnAllSockets
    void readsOutputToItsEndAfterHalfClose(Kind kind) throws Exception {
        engine(kind).on("POST", "/attach", exchange -> {
            Hijacked hijacked = exchange.hijack(RAW);
            String input = new String(hijacked.readToEnd(), UTF_8);
            hijacked.write("got " + input).close();
        });
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        live.write(Flux.just(bytes("one, "), bytes("two"))).block(LIMIT);
        live.write(Mono.just(bytes(", three"))).block(LIMIT);
        live.closeOutput().block(LIMIT);
        live.closeOutput().block(LIMIT);
        assertThat(rest(live)).isEqualTo("got one, two, three");
        StepVerifier.create(live.write(Mono.just(bytes("more"))))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("closed already"))
                .verify(LIMIT);
    }

    @OnAllSockets
    void carriesBytesBothWaysWhereTheUpgradeWasTakenAway(Kind kind) throws Exception {
        engine(kind).on("POST", "/attach", exchange -> {
            exchange.startRaw(200, Map.of("Content-Type", RAW));
            exchange.raw("from the start ");
            // A hijacked connection without its 101: what is read here is not HTTP any more.
            exchange.raw("to the end");
            exchange.awaitPeerClosed(LIMIT);
            exchange.close();
        });
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        assertThat(live.head().status()).isEqualTo(200);
        live.write(Mono.just(bytes("input"))).block(LIMIT);
        live.closeOutput().block(LIMIT);
        assertThat(rest(live)).isEqualTo("from the start to the end");
    }

    /** A proxy has made an answer of its own of it: what was written would be read as the next request. */
    @OnAllSockets
    void writesNothingWhereTheAnswerIsAsAnyOther(Kind kind) throws Exception {
        CompletableFuture<Integer> more = new CompletableFuture<>();
        engine(kind).on("POST", "/attach", exchange -> {
            var answer = exchange.startChunked(200, Map.of("Content-Type", RAW));
            answer.write("output").end();
        });
        engine(kind).on("GET", "/smuggled", exchange -> more.complete(1));
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        StepVerifier.create(live.write(Mono.just(bytes("GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"))))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ProtocolFailure.class)
                        .hasMessageContaining("was not upgraded")
                        .hasMessageContaining("is there a proxy"))
                .verify(LIMIT);
        assertThat(rest(live)).isEqualTo("output");
        assertThat(more).isNotDone();
    }

    @OnUnixSockets
    void givesTheContextOfTheWriterToTheSource(Kind kind) throws Exception {
        engine(kind).on("POST", "/attach", this::echo);
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        live.write(Flux.deferContextual(context -> Flux.just(bytes(context.get("tenant")))))
                .contextWrite(context -> context.put("tenant", "mine"))
                .block(LIMIT);
        live.closeOutput().block(LIMIT);
        assertThat(rest(live)).isEqualTo("mine");
    }

    @OnAllSockets
    void failsEachWriteAfterTheOtherSideHasGone(Kind kind) throws Exception {
        engine(kind).on("POST", "/attach", exchange -> {
            Hijacked hijacked = exchange.hijack(RAW);
            hijacked.read(1);
            hijacked.write("over").close();
        });
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        // Nobody has asked for the output yet: the end is not read.
        verifyConnectionFailed(live.write(pieces(10_000)).toFuture());
        verifyConnectionFailed(live.write(pieces(10_000)).toFuture());
        live.closeOutput().block(LIMIT);
    }

    /** As those of other libraries do, which subscribe on threads of their own. */
    @OnUnixSockets
    void cancelsASourceThatComesToALateWrite(Kind kind) throws Exception {
        engine(kind).on("POST", "/attach", this::echo);
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        CompletableFuture<Subscriber<? super ByteBuffer>> waiting = new CompletableFuture<>();
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        Disposable write = live.write(waiting::complete).subscribe();
        Subscriber<? super ByteBuffer> subscriber = waiting.get(10, TimeUnit.SECONDS);
        write.dispose();
        live.write(Mono.just(bytes("another"))).block(LIMIT);
        subscriber.onSubscribe(new Subscription() {
            @Override
            public void request(long count) {
                throw new AssertionError("asked for");
            }

            @Override
            public void cancel() {
                stopped.complete(null);
            }
        });
        stopped.get(10, TimeUnit.SECONDS);
        live.closeOutput().block(LIMIT);
        assertThat(rest(live)).isEqualTo("another");
    }

    @OnUnixSockets
    void saysThatAWriteWasCutWhereTheUpgradeWasTakenAway(Kind kind) throws Exception {
        Gate gate = new Gate();
        engine(kind).on("POST", "/attach", exchange -> {
            exchange.startRaw(200, Map.of("Content-Type", RAW));
            exchange.raw("over");
            gate.await();
            exchange.close();
        });
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        CompletableFuture<Void> write = live.write(Flux.never()).toFuture();
        gate.open();
        assertThat(rest(live)).isEqualTo("over");
        verifyConnectionFailed(write);
    }

    @OnUnixSockets
    void readsARefusalAsAnAnswer(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on("POST", "/attach", exchange -> exchange.answer(404, "{\"message\":\"No such container\"}"));
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        assertThat(live.head().status()).isEqualTo(404);
        assertThat(rest(live)).isEqualTo("{\"message\":\"No such container\"}");
        engine.awaitOpenConnections(0, LIMIT);
    }

    @OnAllSockets
    void carriesMuchInBothDirectionsAtOnce(Kind kind) throws Exception {
        engine(kind).on("POST", "/attach", this::echo);
        int pieces = 32 << 20 >> 14;
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        MessageDigest received = MessageDigest.getInstance("SHA-256");
        Random random = new Random(7);
        ByteBuffer same = ByteBuffer.allocate(PIECE);
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        Mono<Void> writing = live.write(Flux.range(0, pieces).map(index -> {
                    // The same memory each time: it is free when the next piece is asked for.
                    random.nextBytes(same.array());
                    sent.update(same.array());
                    return same.clear();
                }))
                .then(live.closeOutput());
        Mono<Long> reading = raw(live)
                .doOnNext(received::update)
                .map(piece -> (long) piece.length)
                .reduce(0L, Long::sum);
        StepVerifier.create(Mono.zip(writing.thenReturn(true), reading, (written, count) -> count))
                .expectNext((long) pieces * PIECE)
                .expectComplete()
                .verify(Duration.ofSeconds(30));
        assertThat(received.digest()).isEqualTo(sent.digest());
    }

    @OnUnixSockets
    void endsTheWriteAndCompletesTheOutputWhenTheOtherSideEndsFirst(Kind kind) throws Exception {
        engine(kind).on("POST", "/attach", exchange -> {
            Hijacked hijacked = exchange.hijack(RAW);
            hijacked.read(1);
            // Leaves input unread, as a program that ends before it has read all: the socket is reset.
            hijacked.write("all that I say").close();
        });
        for (int time = 0; time < 20; time++) {
            PublisherProbe<ByteBuffer> source = PublisherProbe.of(pieces(100_000));
            LiveAnswer live = open(transport(kind), hijack("/attach"));
            CompletableFuture<Void> write = live.write(source.flux()).toFuture();
            assertThat(rest(live)).isEqualTo("all that I say");
            verifyConnectionFailed(write);
            source.assertWasCancelled();
        }
    }

    @OnUnixSockets
    void completesTheOutputWhenWrittenInputWasNeverRead(Kind kind) throws Exception {
        Gate gate = new Gate();
        engine(kind).on("POST", "/attach", exchange -> {
            Hijacked hijacked = exchange.hijack(RAW);
            gate.await();
            hijacked.write("all that I say").close();
        });
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        live.write(Mono.just(bytes("unread"))).block(LIMIT);
        gate.open();
        assertThat(rest(live)).isEqualTo("all that I say");
    }

    @OnUnixSockets
    void failsAWriteWhoseSourceFailsAndGoesOn(Kind kind) throws Exception {
        engine(kind).on("POST", "/attach", this::echo);
        IllegalStateException reason = new IllegalStateException("the disk is gone");
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        StepVerifier.create(live.write(Flux.concat(Flux.just(bytes("one ")), Flux.error(reason))))
                .expectErrorSatisfies(failure -> assertThat(failure).isSameAs(reason))
                .verify(LIMIT);
        live.write(Mono.just(bytes("two"))).block(LIMIT);
        live.closeOutput().block(LIMIT);
        assertThat(rest(live)).isEqualTo("one two");
    }

    @OnUnixSockets
    void writesOneSourceAtATime(Kind kind) throws Exception {
        engine(kind).on("POST", "/attach", this::echo);
        TestPublisher<ByteBuffer> first = TestPublisher.create();
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        CompletableFuture<Void> started = new CompletableFuture<>();
        CompletableFuture<Void> write = live.write(first.flux().doOnRequest(count -> started.complete(null)))
                .toFuture();
        started.get(10, TimeUnit.SECONDS);
        StepVerifier.create(live.write(Mono.just(bytes("b"))))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("one write at a time"))
                .verify(LIMIT);
        StepVerifier.create(live.closeOutput())
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("still under way"))
                .verify(LIMIT);
        first.next(bytes("a")).complete();
        write.get(10, TimeUnit.SECONDS);
        live.closeOutput().block(LIMIT);
        assertThat(rest(live)).isEqualTo("a");
    }

    @OnUnixSockets
    void stopsTheSourceOfAWriteThatIsCancelled(Kind kind) throws Exception {
        engine(kind).on("POST", "/attach", this::echo);
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        CompletableFuture<Void> started = new CompletableFuture<>();
        Disposable write = live.write(Flux.<ByteBuffer>never()
                        .doOnRequest(count -> started.complete(null))
                        .doOnCancel(() -> stopped.complete(null)))
                .subscribe();
        started.get(10, TimeUnit.SECONDS);
        write.dispose();
        stopped.get(10, TimeUnit.SECONDS);
        live.write(Mono.just(bytes("another"))).block(LIMIT);
        live.closeOutput().block(LIMIT);
        assertThat(rest(live)).isEqualTo("another");
    }

    @OnUnixSockets
    void endsOutputAndWriteWhenItIsClosed(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("POST", "/attach", this::echo);
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        CompletableFuture<Void> write = live.write(Flux.never()).toFuture();
        StepVerifier.create(raw(live)).then(live::close).expectComplete().verify(LIMIT);
        verifyConnectionFailed(write);
        engine.awaitOpenConnections(0, Duration.ofSeconds(1));
    }

    @OnUnixSockets
    void failsTheWriteWhenTheClientIsClosed(Kind kind) throws Exception {
        engine(kind).on("POST", "/attach", this::echo);
        Transport transport = transport(kind);
        LiveAnswer live = open(transport, hijack("/attach"));
        CompletableFuture<Void> write = live.write(Flux.never()).toFuture();
        transport.close();
        assertThat(write.handle((nothing, problem) -> problem).get(10, TimeUnit.SECONDS))
                .isInstanceOf(ClientClosed.class)
                .hasMessageContaining("the client was closed");
    }

    @OnAllSockets
    void takesNoMoreInputThanTheSocketDoes(Kind kind) throws Exception {
        Gate gate = new Gate();
        engine(kind).on("POST", "/attach", exchange -> {
            Hijacked hijacked = exchange.hijack(RAW);
            gate.await();
            hijacked.awaitEndOfInput(LIMIT);
            hijacked.close();
        });
        AtomicLong asked = new AtomicLong();
        LiveAnswer live = open(transport(kind), hijack("/attach"));
        CompletableFuture<Void> write = live.write(pieces(1000).doOnRequest(count -> asked.addAndGet(count * PIECE)))
                .toFuture();
        Long taken = Flux.interval(Duration.ofMillis(50))
                .map(tick -> asked.get())
                .buffer(5, 1)
                .filter(window -> window.get(0) > 0 && window.get(0).equals(window.get(4)))
                .map(window -> window.get(0))
                .blockFirst(LIMIT);
        assertThat(taken).isLessThan(kind.isUnix() ? 1 << 20 : 10L << 20);
        gate.open();
        write.get(10, TimeUnit.SECONDS);
        live.closeOutput().block(LIMIT);
        assertThat(rest(live)).isEmpty();
    }

    private void echo(dev.fairlead.testing.Exchange exchange) throws IOException {
        Hijacked hijacked = exchange.hijack(RAW);
        for (byte[] input = hijacked.read(); input.length > 0; input = hijacked.read()) {
            hijacked.write(input);
        }
        hijacked.close();
    }

    private static Flux<ByteBuffer> pieces(int count) {
        return Flux.range(0, count).map(index -> ByteBuffer.allocate(PIECE));
    }

    private static ConnectionFailed verifyConnectionFailed(CompletableFuture<Void> write) throws Exception {
        Throwable failure = write.handle((nothing, problem) -> problem).get(10, TimeUnit.SECONDS);
        assertThat(failure).isInstanceOf(ConnectionFailed.class);
        return (ConnectionFailed) failure;
    }
}
