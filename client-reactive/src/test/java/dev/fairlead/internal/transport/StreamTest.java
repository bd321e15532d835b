package dev.fairlead.internal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.wire.Decoder;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Flood;
import dev.fairlead.testing.Gate;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Answers that are taken as their subscriber asks for them. */
class StreamTest extends TransportFixture {

    private static final Duration SOON = Duration.ofSeconds(1);

    /** What Linux keeps between two ends of a Unix socket by its defaults, and one read; TCP's windows grow further. */
    private static final long KEPT_BY_UNIX = 1 << 20;

    private static final long KEPT_BY_TCP = 10 << 20;

    /** Each byte is a value. */
    private static final class ByteDecoder implements Decoder<Byte> {
        @Override
        public @Nullable Byte next(ByteBuffer input) {
            return input.hasRemaining() ? input.get() : null;
        }

        @Override
        public @Nullable Byte end() {
            return null;
        }
    }

    @OnAllSockets
    void readsNothingThatNobodyAskedFor(Kind kind) throws Exception {
        Flood flood = flood(kind);
        LiveAnswer live = open(transport(kind), get("/flood"));
        long beforeDemand = flood.awaitBlocked();
        assertThat(beforeDemand).isLessThan(kind.isUnix() ? KEPT_BY_UNIX : KEPT_BY_TCP);

        AtomicLong got = new AtomicLong();
        BaseSubscriber<byte[]> subscriber = byHand(got);
        raw(live).subscribe(subscriber);
        for (int count = 1; count <= 20; count++) {
            subscriber.request(1);
            awaitValue(got, count);
        }
        // 20 pieces of at most 64 KiB were asked for.
        assertThat(flood.awaitBlocked()).isLessThan(beforeDemand + 22 * 65536);
        assertThat(got.get()).isEqualTo(20);
        subscriber.cancel();
        flood.awaitEnd(SOON);
    }

    @OnAllSockets
    void readsOnWhenAllIsAskedFor(Kind kind) throws Exception {
        Flood flood = flood(kind);
        Long taken = raw(open(transport(kind), get("/flood")))
                .map(piece -> (long) piece.length)
                .scan(0L, Long::sum)
                .filter(sum -> sum > 5_000_000)
                .blockFirst(LIMIT);
        assertThat(taken).isGreaterThan(5_000_000);
        flood.awaitEnd(SOON);
    }

    @OnUnixSockets
    void meetsDemandOneByOneWithoutGrowingTheStack(Kind kind) throws Exception {
        flood(kind);
        CountDownLatch enough = new CountDownLatch(100_000);
        AtomicLong received = new AtomicLong();
        open(transport(kind), get("/flood")).values(new ByteDecoder()).subscribe(new BaseSubscriber<Byte>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(Byte value) {
                received.incrementAndGet();
                enough.countDown();
                if (enough.getCount() == 0) {
                    cancel();
                } else {
                    request(1);
                }
            }
        });
        assertThat(enough.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(received.get()).isEqualTo(100_000);
    }

    @OnUnixSockets
    void meetsDemandFromOtherThreads(Kind kind) throws Exception {
        flood(kind);
        AtomicLong got = new AtomicLong();
        BaseSubscriber<Byte> subscriber = byHand(got);
        open(transport(kind), get("/flood")).values(new ByteDecoder()).subscribe(subscriber);
        var unused = Flux.range(0, 4)
                .flatMap(thread -> Flux.range(0, 2500)
                        .doOnNext(count -> subscriber.request(1))
                        .subscribeOn(Schedulers.parallel()))
                .blockLast(LIMIT);
        awaitValue(got, 10_000);
        subscriber.cancel();
        assertThat(got.get()).isEqualTo(10_000);
    }

    @OnAllSockets
    void completesWithTheLastChunk(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("GET", "/a", exchange -> exchange.startChunked(200, Map.of())
                .write("one")
                .write("two")
                .end());
        Transport transport = transport(kind);
        for (int time = 0; time < 2; time++) {
            StepVerifier.create(text(open(transport, get("/a"))))
                    .expectNext("onetwo")
                    .expectComplete()
                    .verify(LIMIT);
        }
        // The connection of a stream is its own.
        assertThat(engine.connections()).isEqualTo(2);
        engine.awaitOpenConnections(0, LIMIT);
    }

    @OnUnixSockets
    void tellsTheHeadersOfItsHead(Kind kind) throws Exception {
        engine(kind)
                .on(
                        "GET",
                        "/a",
                        exchange -> exchange.raw(
                                "HTTP/1.1 200 OK\r\nX-One:\r\nx-two: a:b X-Three: c\r\nX-Two: second\r\nContent-Length: 0\r\n\r\n"));
        AnswerHead head = open(transport(kind), get("/a")).head();
        assertThat(head.header("X-One")).isEmpty();
        assertThat(head.header("X-TWO")).isEqualTo("a:b X-Three: c");
        assertThat(head.header("X-Three")).isNull();
        assertThat(head.header("Two")).isNull();
        assertThat(head.mediaType()).isEmpty();
    }

    @OnUnixSockets
    void completesAndFailsWithoutFurtherDemand(Kind kind) throws Exception {
        engine(kind)
                .on("GET", "/whole", exchange -> exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"))
                .on("GET", "/empty", exchange -> exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        Transport transport = transport(kind);
        StepVerifier.create(open(transport, get("/whole")).values(new ByteDecoder()), 2)
                .expectNext((byte) 'a', (byte) 'b')
                .expectComplete()
                .verify(LIMIT);
        StepVerifier.create(open(transport, get("/empty")).values(new ByteDecoder()), 0)
                .expectComplete()
                .verify(LIMIT);
    }

    @OnAllSockets
    void saysThatAnAnswerWasCut(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("GET", "/a", exchange -> {
            exchange.startChunked(200, Map.of()).write("one");
            exchange.close();
        });
        StepVerifier.create(raw(open(transport(kind), get("/a"))).map(piece -> new String(piece, UTF_8)))
                .expectNext("one")
                .expectErrorSatisfies(failure ->
                        assertThat(failure).isInstanceOf(Truncated.class).hasMessageContaining("GET /a"))
                .verify(LIMIT);
        engine.awaitOpenConnections(0, LIMIT);
    }

    @OnUnixSockets
    void keepsWhatCameForALateSubscriber(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("GET", "/a", exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
            exchange.close();
        });
        LiveAnswer live = open(transport(kind), get("/a"));
        engine.awaitOpenConnections(0, LIMIT);
        assertThat(rest(live)).isEqualTo("late");
    }

    /** The guard of this class would find what the transport still held. */
    @OnUnixSockets
    void holdsNothingForASubscriberThatIsForgotten(Kind kind) throws Exception {
        Flood flood = flood(kind);
        Transport transport = transport(kind);
        AtomicLong got = new AtomicLong();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        BaseSubscriber<Byte> subscriber = byHand(got);
        open(transport, get("/flood"))
                .values(new ByteDecoder())
                .doOnError(failure::set)
                .onErrorComplete()
                .subscribe(subscriber);
        subscriber.request(3);
        awaitValue(got, 3);
        transport.close();
        flood.awaitEnd(SOON);
        // It hears of it though it asked for nothing more, and what was read before is not kept for it.
        var unused = Flux.interval(Duration.ofMillis(1))
                .filter(tick -> failure.get() != null)
                .blockFirst(LIMIT);
        assertThat(failure.get()).isInstanceOf(ClientClosed.class);
        assertThat(got).hasValue(3);
    }

    @OnUnixSockets
    void refusesASecondSubscriberAndServesTheFirst(Kind kind) throws Exception {
        Gate gate = new Gate();
        engine(kind).on("GET", "/b", exchange -> {
            var answer = exchange.startChunked(200, Map.of());
            exchange.stall(gate);
            answer.write("mine").end();
        });
        LiveAnswer live = open(transport(kind), get("/b"));
        StepVerifier first = StepVerifier.create(text(live))
                .expectNext("mine")
                .expectComplete()
                .verifyLater();
        StepVerifier.create(raw(live))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("one subscriber"))
                .verify(LIMIT);
        gate.open();
        first.verify(LIMIT);
    }

    @OnUnixSockets
    void closesTheConnectionWhenTheDecoderFails(Kind kind) throws Exception {
        Flood flood = flood(kind);
        IllegalStateException reason = new IllegalStateException("no such frame");
        StepVerifier.create(open(transport(kind), get("/flood")).values(new Decoder<String>() {
                    @Override
                    public @Nullable String next(ByteBuffer input) {
                        throw reason;
                    }

                    @Override
                    public @Nullable String end() {
                        return null;
                    }
                }))
                .expectErrorSatisfies(failure -> assertThat(failure).isSameAs(reason))
                .verify(LIMIT);
        flood.awaitEnd(SOON);
    }

    @OnAllSockets
    void closesTheConnectionOfACancelBeforeTheHead(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("GET", "/silent", exchange -> exchange.awaitPeerGone(LIMIT));
        Disposable call = transport(kind).open(get("/silent")).subscribe();
        engine.awaitRequests(1, LIMIT);
        call.dispose();
        engine.awaitOpenConnections(0, SOON);
    }

    @OnAllSockets
    void closesTheConnectionOfACancelBetweenTheHeadAndTheFirstValue(Kind kind) throws Exception {
        CountDownLatch headSeen = new CountDownLatch(1);
        FakeEngine engine = engine(kind).on("GET", "/quiet", exchange -> {
            exchange.startChunked(200, Map.of());
            exchange.awaitPeerClosed(LIMIT);
        });
        Disposable call = transport(kind)
                .open(get("/quiet"))
                .doOnNext(live -> headSeen.countDown())
                .flatMapMany(TransportFixture::raw)
                .subscribe();
        assertThat(headSeen.await(10, TimeUnit.SECONDS)).isTrue();
        call.dispose();
        engine.awaitOpenConnections(0, SOON);
    }

    @OnAllSockets
    void closesTheConnectionOfACancelInTheMiddle(Kind kind) throws Exception {
        Flood flood = flood(kind);
        FakeEngine engine = engine(kind);
        StepVerifier.create(transport(kind).open(get("/flood")).flatMapMany(TransportFixture::raw), 3)
                .expectNextCount(3)
                .thenCancel()
                .verify(LIMIT);
        flood.awaitEnd(SOON);
        engine.awaitOpenConnections(0, SOON);
    }

    @OnUnixSockets
    void leavesNoConnectionWhereverACancelFalls(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("GET", "/a", exchange -> {
            exchange.startChunked(200, Map.of()).write("one");
            exchange.awaitPeerClosed(LIMIT);
        });
        Transport transport = transport(kind);
        for (int round = 0; round < 300; round++) {
            Disposable call =
                    transport.open(get("/a")).flatMapMany(TransportFixture::raw).subscribe();
            for (int spin = 0; spin < round * 20; spin++) {
                Thread.onSpinWait();
            }
            call.dispose();
        }
        // A stream after all of them: when its answer is here, they have connected or never will.
        assertThat(transport
                        .open(get("/a"))
                        .flatMapMany(TransportFixture::raw)
                        .map(piece -> new String(piece, UTF_8))
                        .blockFirst(LIMIT))
                .isEqualTo("one");
        engine.awaitOpenConnections(0, LIMIT);
    }

    @OnUnixSockets
    void completesWhenItIsClosedAtThisEnd(Kind kind) throws Exception {
        flood(kind);
        LiveAnswer live = open(transport(kind), get("/flood"));
        StepVerifier.create(raw(live), 1)
                .expectNextCount(1)
                .then(live::close)
                .expectComplete()
                .verify(LIMIT);

        LiveAnswer unread = open(transport(kind), get("/flood"));
        unread.close();
        StepVerifier.create(raw(unread)).expectComplete().verify(LIMIT);
    }

    @OnUnixSockets
    void failsWhenTheClientIsClosed(Kind kind) throws Exception {
        engine(kind).on("GET", "/quiet", exchange -> {
            exchange.startChunked(200, Map.of());
            exchange.awaitPeerClosed(LIMIT);
        });
        Transport transport = transport(kind);
        StepVerifier.create(raw(open(transport, get("/quiet"))))
                .then(transport::close)
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ClientClosed.class)
                        .hasMessageContaining("the client was closed"))
                .verify(LIMIT);
        StepVerifier.create(transport.open(get("/quiet")))
                .expectErrorSatisfies(failure -> assertThat(failure).hasMessageContaining("the client was closed"))
                .verify(LIMIT);
    }

    @OnUnixSockets
    void keepsAnAnswerForWhoeverAsksLater(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("POST", "/wait", exchange -> {
            exchange.startChunked(200, Map.of())
                    .write("{\"StatusCode\":")
                    .write("7}")
                    .end();
            exchange.awaitPeerClosed(LIMIT);
        });
        LiveAnswer live = open(transport(kind), post("/wait"));
        var whole = live.prefetch(100);
        // Read although nobody has subscribed.
        engine.awaitOpenConnections(0, LIMIT);
        for (int time = 0; time < 2; time++) {
            assertThat(new String(whole.block(LIMIT), UTF_8)).isEqualTo("{\"StatusCode\":7}");
        }
    }

    @OnUnixSockets
    void manyStreamsLeaveThePoolAlone(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on("GET", "/quiet", exchange -> {
                    exchange.startChunked(200, Map.of());
                    exchange.awaitPeerClosed(LIMIT);
                })
                .on("GET", "/a", exchange -> exchange.answer(200, "a"));
        Transport transport = transport(kind, connections(1));
        for (int count = 0; count < 100; count++) {
            open(transport, get("/quiet"));
        }
        assertThat(text(await(transport.call(get("/a"))))).isEqualTo("a");
        assertThat(engine.openConnections()).isEqualTo(101);
    }

    private Flood flood(Kind kind) throws Exception {
        Flood flood = new Flood(new byte[4096]);
        engine(kind).on("GET", "/flood", exchange -> exchange.startChunked(200, Map.of())
                .flood(flood));
        return flood;
    }

    private static Flux<String> text(LiveAnswer live) {
        return raw(live)
                .map(piece -> new String(piece, UTF_8))
                .reduce("", String::concat)
                .flux();
    }

    private static <T> BaseSubscriber<T> byHand(AtomicLong got) {
        return new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                // Asked for by the test.
            }

            @Override
            protected void hookOnNext(T value) {
                got.incrementAndGet();
            }
        };
    }

    private static void awaitValue(AtomicLong value, long expected) {
        var unused = Flux.interval(Duration.ofMillis(1))
                .filter(tick -> value.get() >= expected)
                .blockFirst(LIMIT);
    }
}
