package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Gate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

/** How many calls, streams and resting connections there may be, and what is said when there would be more. */
class LimitsTest extends TransportFixture {

    private static final int MANY = 10_000;

    @OnUnixSockets
    void tenThousandCallsWaitForOneConnection(Kind kind) throws Exception {
        Gate gate = new Gate();
        FakeEngine engine = held(kind, gate);
        Transport transport = transport(kind, pool(1, MANY, Duration.ofMinutes(1)));
        CompletableFuture<Answer> running = transport.call(get("/held")).toFuture();
        engine.awaitRequests(1, LIMIT);
        CountDownLatch answers = new CountDownLatch(MANY);
        List<Disposable> waiting = callMany(transport, failure -> {}, answers);
        verifyRefused(transport.call(get("/a")), MANY + " calls wait for one already", "maxPendingCalls");
        gate.open();

        assertThat(running.get(10, TimeUnit.SECONDS).head().status()).isEqualTo(200);
        assertThat(answers.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(waiting).hasSize(MANY);
        assertThat(engine.connections()).isEqualTo(1);
    }

    @OnUnixSockets
    void aWholeAnswerOnItsOwnConnectionIsNoLongerThanItMay(Kind kind) throws Exception {
        engine(kind).on("GET", "/ten", exchange -> {
            var answer = exchange.startChunked(200, Map.of());
            answer.write("01234").write("56789").end();
        });
        Transport transport = transport(kind);
        assertThat(transport
                        .open(get("/ten"))
                        .flatMap(live -> live.whole("GET /ten", 10))
                        .block(LIMIT))
                .hasSize(10);
        StepVerifier.create(transport.open(get("/ten")).flatMap(live -> live.whole("GET /ten", 9)))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ProtocolFailure.class)
                        .hasMessageContaining("GET /ten: the answer is larger than"))
                .verify(LIMIT);
    }

    @OnUnixSockets
    void tenThousandCallsGiveUpWaitingInTime(Kind kind) throws Exception {
        Gate gate = new Gate();
        FakeEngine engine = held(kind, gate);
        Transport transport = transport(kind, pool(1, MANY, Duration.ofMillis(300)));
        CompletableFuture<Answer> running = transport.call(get("/held")).toFuture();
        engine.awaitRequests(1, LIMIT);
        for (int round = 0; round < 2; round++) {
            CountDownLatch refused = new CountDownLatch(MANY);
            callMany(
                    transport,
                    failure -> {
                        if (String.valueOf(failure.getMessage()).contains("became free within 300 ms")) {
                            refused.countDown();
                        }
                    },
                    new CountDownLatch(0));
            assertThat(refused.await(10, TimeUnit.SECONDS)).isTrue();
        }
        gate.open();
        running.get(10, TimeUnit.SECONDS);
        await(transport.call(get("/a")));
        assertThat(engine.requests("GET", "/a")).hasSize(1);
    }

    @OnUnixSockets
    void cancellingTenThousandThatWaitIsQuick(Kind kind) throws Exception {
        Gate gate = new Gate();
        FakeEngine engine = held(kind, gate);
        Transport transport = transport(kind, pool(1, MANY, Duration.ofMinutes(1)));
        CompletableFuture<Answer> running = transport.call(get("/held")).toFuture();
        engine.awaitRequests(1, LIMIT);
        callMany(transport, failure -> {}, new CountDownLatch(0)).forEach(Disposable::dispose);
        CompletableFuture<Answer> next = transport.call(get("/held")).toFuture();
        gate.open();
        running.get(10, TimeUnit.SECONDS);
        next.get(10, TimeUnit.SECONDS);
        assertThat(engine.requests("GET", "/a")).isEmpty();
    }

    @OnUnixSockets
    void aConnectionRestsNoLongerThanItMay(Kind kind) throws Exception {
        Duration limit = Duration.ofSeconds(2);
        Gate gate = new Gate();
        Gate later = new Gate();
        FakeEngine engine = held(kind, gate).on("GET", "/later", exchange -> {
            exchange.stall(later);
            exchange.answer(200, "");
        });
        Transport transport = transport(kind, maxIdle(limit));
        CompletableFuture<Answer> first = transport.call(get("/held")).toFuture();
        CompletableFuture<Answer> second = transport.call(get("/later")).toFuture();
        engine.awaitRequests(2, LIMIT);
        gate.open();
        first.get(10, TimeUnit.SECONDS);
        var unused = Mono.delay(limit.dividedBy(2)).block();
        later.open();
        second.get(10, TimeUnit.SECONDS);
        long resting = System.nanoTime();
        engine.awaitOpenConnections(0, LIMIT);

        // Its half more is what it would rest if it were looked after only every so often.
        assertThat(Duration.ofNanos(System.nanoTime() - resting))
                .isBetween(limit.minusMillis(100), limit.plus(limit.dividedBy(5).multipliedBy(2)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void aRepeatedGetMeetsNoSecondConnectionThatIsGone(int connections) throws Exception {
        Kind kind = Kind.UNIX_EPOLL;
        Gate gate = new Gate();
        Set<String> used = ConcurrentHashMap.newKeySet();
        FakeEngine engine = engine(kind)
                .on("GET", "/held", exchange -> {
                    used.add(Thread.currentThread().getName());
                    exchange.stall(gate);
                    exchange.answer(200, "");
                })
                .on("GET", "/a", exchange -> {
                    if (used.contains(Thread.currentThread().getName())) {
                        exchange.close();
                    } else {
                        exchange.answer(200, "a");
                    }
                });
        Transport transport = transport(kind, connections(connections));
        CompletableFuture<Long> both = Flux.range(0, 2)
                .flatMap(call -> transport.call(get("/held")))
                .count()
                .toFuture();
        engine.awaitRequests(2, LIMIT);
        gate.open();
        both.get(10, TimeUnit.SECONDS);

        assertThat(text(await(transport.call(get("/a"))))).isEqualTo("a");
        assertThat(engine.requests("GET", "/a")).hasSize(2);
        assertThat(engine.connections()).isEqualTo(3);
        // No place was lost or made up on the way.
        assertThat(Flux.range(0, 20)
                        .flatMap(call -> transport.call(get("/held")))
                        .count()
                        .block(LIMIT))
                .isEqualTo(20);
        assertThat(engine.openConnections()).isLessThanOrEqualTo(connections);
    }

    @OnAllSockets
    void refusesOneStreamMoreThanThereMayBeAndNoCall(Kind kind) throws Exception {
        FakeEngine engine = quiet(kind);
        Transport transport = transport(kind, maxStreams(2));
        LiveAnswer first = open(transport, get("/quiet"));
        open(transport, get("/quiet"));
        verifyRefused(transport.open(get("/quiet")), "all 2 connections for streams", "maxStreams");
        assertThat(text(await(transport.call(get("/a"))))).isEqualTo("a");

        first.close();
        engine.awaitOpenConnections(2, LIMIT);
        // It was closed from another thread: that its place is free may be known a little later.
        assertThat(transport
                        .open(get("/quiet"))
                        .retryWhen(Retry.fixedDelay(100, Duration.ofMillis(10)))
                        .block(LIMIT))
                .isNotNull();
        verifyRefused(transport.open(get("/quiet")), "all 2 connections for streams", "maxStreams");
    }

    @OnUnixSockets
    void aStreamGivesItsPlaceBackHoweverItEnds(Kind kind) throws Exception {
        FakeEngine engine = quiet(kind)
                .on("GET", "/cut", exchange -> {
                    exchange.startChunked(200, Map.of());
                    exchange.close();
                })
                .on("GET", "/silent", exchange -> exchange.awaitPeerClosed(LIMIT));
        Transport transport = transport(kind, maxStreams(1));
        for (int round = 0; round < 20; round++) {
            assertThat(rest(open(transport, get("/a")))).isEqualTo("a");
            StepVerifier.create(open(transport, get("/cut")).collect(10))
                    .expectError()
                    .verify(LIMIT);
            Disposable call = transport.open(get("/silent")).subscribe();
            for (int spin = 0; spin < round * 1000; spin++) {
                Thread.onSpinWait();
            }
            call.dispose();
            assertThat(transport
                            .open(get("/a"))
                            .retryWhen(Retry.fixedDelay(100, Duration.ofMillis(10)))
                            .flatMap(live -> live.collect(10))
                            .block(LIMIT))
                    .hasSize(1);
        }
        engine.stop();
        for (int round = 0; round < 3; round++) {
            StepVerifier.create(transport.open(get("/a")))
                    .expectErrorSatisfies(failure -> assertThat(failure).hasMessageContaining("is the Engine running?"))
                    .verify(LIMIT);
        }
    }

    private static List<Disposable> callMany(
            Transport transport, Consumer<Throwable> onFailure, CountDownLatch answers) {
        return IntStream.range(0, MANY)
                .mapToObj(call -> transport.call(get("/a")).subscribe(answer -> answers.countDown(), onFailure))
                .toList();
    }

    private FakeEngine held(Kind kind, Gate gate) throws Exception {
        return engine(kind)
                .on("GET", "/held", exchange -> {
                    exchange.stall(gate);
                    exchange.answer(200, "");
                })
                .on("GET", "/a", exchange -> exchange.answer(200, "a"));
    }

    private FakeEngine quiet(Kind kind) throws Exception {
        return engine(kind)
                .on("GET", "/a", exchange -> exchange.answer(200, "a"))
                .on("GET", "/quiet", exchange -> {
                    exchange.startChunked(200, Map.of());
                    exchange.awaitPeerClosed(LIMIT);
                });
    }

    private static void verifyRefused(Mono<?> call, String... words) {
        StepVerifier.create(call)
                .expectErrorSatisfies(failure ->
                        assertThat(failure).isInstanceOf(ConnectionFailed.class).hasMessageContainingAll(words))
                .verify(LIMIT);
    }
}
