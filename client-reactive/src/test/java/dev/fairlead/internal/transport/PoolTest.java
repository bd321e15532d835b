package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Gate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;
import reactor.test.StepVerifier;

/** The connections for calls that end: how many, who has one, and when one is thrown away. */
class PoolTest extends TransportFixture {

    @OnAllSockets
    void reusesOneConnectionForSequentialCalls(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("GET", "/a", exchange -> exchange.answer(200, "a"));
        Transport transport = transport(kind);
        for (int call = 0; call < 10; call++) {
            assertThat(text(await(transport.call(get("/a"))))).isEqualTo("a");
        }
        assertThat(engine.connections()).isEqualTo(1);
    }

    @OnUnixSockets
    void lendsTheConnectionUsedLast(Kind kind) throws Exception {
        Gate first = new Gate();
        Gate second = new Gate();
        FakeEngine engine = engine(kind)
                .on("GET", "/first", exchange -> {
                    exchange.stall(first);
                    exchange.answer(200, connectionName());
                })
                .on("GET", "/second", exchange -> {
                    exchange.stall(second);
                    exchange.answer(200, connectionName());
                })
                .on("GET", "/name", exchange -> exchange.answer(200, connectionName()));
        Transport transport = transport(kind);
        CompletableFuture<Answer> one = transport.call(get("/first")).toFuture();
        CompletableFuture<Answer> two = transport.call(get("/second")).toFuture();
        engine.awaitRequests(2, LIMIT);
        first.open();
        String nameOfFirst = text(one.get(10, TimeUnit.SECONDS));
        second.open();
        String nameOfSecond = text(two.get(10, TimeUnit.SECONDS));

        assertThat(nameOfFirst).isNotEqualTo(nameOfSecond);
        for (int call = 0; call < 3; call++) {
            assertThat(text(await(transport.call(get("/name"))))).isEqualTo(nameOfSecond);
        }
        assertThat(engine.connections()).isEqualTo(2);
    }

    @OnUnixSockets
    void makesNoMoreConnectionsThanItMay(Kind kind) throws Exception {
        Gate gate = new Gate();
        FakeEngine engine = engine(kind).on("GET", "/held", exchange -> {
            exchange.stall(gate);
            exchange.answer(200, "");
        });
        Transport transport = transport(kind, connections(2));
        CompletableFuture<Long> answered = Flux.range(0, 10)
                .flatMap(call -> transport.call(get("/held")), 10)
                .count()
                .toFuture();
        engine.awaitRequests(2, LIMIT);
        gate.open();

        assertThat(answered.get(10, TimeUnit.SECONDS)).isEqualTo(10);
        assertThat(engine.connections()).isEqualTo(2);
    }

    @OnUnixSockets
    void refusesWhoFindsTheQueueFull(Kind kind) throws Exception {
        Gate gate = new Gate();
        FakeEngine engine = held(kind, gate);
        Transport transport = transport(kind, pool(1, 1, Duration.ZERO));
        CompletableFuture<Answer> running = transport.call(get("/held")).toFuture();
        CompletableFuture<Answer> waiting = transport.call(get("/held")).toFuture();
        engine.awaitRequests(1, LIMIT);

        StepVerifier.create(transport.call(get("/held")))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ConnectionFailed.class)
                        .hasMessageContaining("GET /held")
                        .hasMessageContaining("all 1 connections are in use and 1 calls wait for one already")
                        .hasMessageContaining("maxPendingCalls"))
                .verify(LIMIT);

        gate.open();
        assertThat(running.get(10, TimeUnit.SECONDS).head().status()).isEqualTo(200);
        assertThat(waiting.get(10, TimeUnit.SECONDS).head().status()).isEqualTo(200);
        assertThat(engine.requests()).hasSize(2);
    }

    @OnUnixSockets
    void givesUpWaitingInTime(Kind kind) throws Exception {
        Gate gate = new Gate();
        FakeEngine engine = held(kind, gate);
        Transport transport = transport(kind, pool(1, 10, Duration.ofMillis(50)));
        CompletableFuture<Answer> running = transport.call(get("/held")).toFuture();
        engine.awaitRequests(1, LIMIT);

        StepVerifier.create(transport.call(get("/late")))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ConnectionFailed.class)
                        .hasMessageContaining("none of the 1 connections became free within 50 ms"))
                .verify(LIMIT);

        gate.open();
        running.get(10, TimeUnit.SECONDS);
        await(transport.call(get("/held")));
        assertThat(engine.requests("GET", "/late")).isEmpty();
        assertThat(engine.connections()).isEqualTo(1);
    }

    @OnUnixSockets
    void givesTheConnectionBackBeforeItTellsTheCaller(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("GET", "/a", exchange -> exchange.answer(200, "a"));
        Transport transport = transport(kind, pool(1, 0, Duration.ZERO));
        // No one may wait, so each call has to find the connection at rest inside the onNext of the one before.
        StepVerifier.create(transport
                        .call(get("/a"))
                        .flatMap(answer -> transport.call(get("/a")))
                        .flatMap(answer -> transport.call(get("/a")))
                        .map(TransportFixture::text))
                .expectNext("a")
                .expectComplete()
                .verify(LIMIT);
        assertThat(engine.connections()).isEqualTo(1);
    }

    @OnUnixSockets
    void sendsNothingForACallThatWasCancelledWhileItWaited(Kind kind) throws Exception {
        Gate gate = new Gate();
        FakeEngine engine = held(kind, gate);
        Transport transport = transport(kind, pool(1, 1, Duration.ofSeconds(20)));
        CompletableFuture<Answer> running = transport.call(get("/held")).toFuture();
        transport.call(get("/cancelled")).subscribe().dispose();
        // Its place in the queue is free again.
        CompletableFuture<Answer> next = transport.call(get("/held")).toFuture();
        gate.open();
        running.get(10, TimeUnit.SECONDS);
        next.get(10, TimeUnit.SECONDS);

        assertThat(engine.requests("GET", "/cancelled")).isEmpty();
        assertThat(engine.connections()).isEqualTo(1);
    }

    @OnAllSockets
    void closesTheConnectionOfACallThatWasCancelled(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on("GET", "/silent", exchange -> exchange.awaitPeerGone(LIMIT))
                .on("GET", "/a", exchange -> exchange.answer(200, "a"));
        Transport transport = transport(kind, connections(1));
        Disposable call = transport.call(get("/silent")).subscribe();
        engine.awaitRequests(1, LIMIT);
        call.dispose();
        engine.awaitOpenConnections(0, LIMIT);

        assertThat(text(await(transport.call(get("/a"))))).isEqualTo("a");
        assertThat(engine.connections()).isEqualTo(2);
    }

    @OnUnixSockets
    void neverTakesAConnectionFromACallBecauseAnotherWasCancelled(Kind kind) throws Exception {
        engine(kind).on("GET", "/a", exchange -> exchange.answer(200, "a"));
        Transport transport = transport(kind, connections(1));
        for (int round = 0; round < 1000; round++) {
            // The cancel meets the answer, at all moments; who waits behind it must not pay for that.
            Disposable cancelled = transport.call(get("/a")).subscribe();
            CompletableFuture<Answer> behind = transport.call(get("/a")).toFuture();
            for (int spin = 0; spin < round % 200; spin++) {
                Thread.onSpinWait();
            }
            cancelled.dispose();
            assertThat(behind.get(10, TimeUnit.SECONDS).head().status()).isEqualTo(200);
        }
    }

    @OnAllSockets
    void noticesThatTheEngineClosedARestingConnection(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on("GET", "/last", exchange -> {
                    exchange.answer(200, "");
                    exchange.close();
                })
                .on("GET", "/stream", exchange -> exchange.answer(200, "over"))
                .on("POST", "/a", exchange -> exchange.answer(200, "a"));
        LoopResources oneLoop = LoopResources.create("pool-test", 1, true);
        try {
            Transport transport = transport(kind, loops(oneLoop));
            await(transport.call(get("/last")));
            engine.awaitOpenConnections(0, LIMIT);
            // Several turns of the only event loop, which sees the end in the first of them.
            assertThat(rest(open(transport, get("/stream")))).isEqualTo("over");

            // Not safe to repeat: it would fail on a connection that is gone.
            assertThat(text(await(transport.call(post("/a"))))).isEqualTo("a");
        } finally {
            oneLoop.disposeLater(Duration.ZERO, LIMIT).block(LIMIT);
        }
    }

    @OnAllSockets
    void repeatsAGetOnceWhenTheEngineClosesAtTheMomentOfUse(Kind kind) throws Exception {
        ConcurrentLinkedQueue<String> used = new ConcurrentLinkedQueue<>();
        FakeEngine engine = engine(kind)
                .on("GET", "/first", exchange -> {
                    used.add(connectionName());
                    exchange.answer(200, "");
                })
                .on("GET", "/a", exchange -> {
                    if (used.contains(connectionName())) {
                        exchange.close();
                    } else {
                        exchange.answer(200, "a");
                    }
                });
        Transport transport = transport(kind);
        await(transport.call(get("/first")));

        assertThat(text(await(transport.call(get("/a"))))).isEqualTo("a");
        assertThat(engine.requests("GET", "/a")).hasSize(2);
        assertThat(engine.connections()).isEqualTo(2);
    }

    @OnUnixSockets
    void repeatsAGetNotTwice(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on("GET", "/first", exchange -> exchange.answer(200, ""))
                .on("GET", "/a", exchange -> exchange.close());
        Transport transport = transport(kind);
        await(transport.call(get("/first")));

        verifyUnanswered(transport, get("/a"));
        assertThat(engine.requests("GET", "/a")).hasSize(2);
        // And not at all on a connection of its own.
        verifyUnanswered(transport, get("/a"));
        assertThat(engine.requests("GET", "/a")).hasSize(3);
    }

    @OnUnixSockets
    void neverRepeatsAPost(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on("GET", "/first", exchange -> exchange.answer(200, ""))
                .on("POST", "/a", exchange -> exchange.close());
        Transport transport = transport(kind);
        await(transport.call(get("/first")));

        verifyUnanswered(transport, post("/a"));
        assertThat(engine.requests("POST", "/a")).hasSize(1);
    }

    @OnUnixSockets
    void closesAConnectionWhenTheEngineSaysSo(Kind kind) throws Exception {
        FakeEngine engine = engine(kind).on("GET", "/a", exchange -> {
            exchange.answer(200, Map.of("Connection", "close"), "a");
            exchange.awaitPeerClosed(LIMIT);
        });
        Transport transport = transport(kind);
        await(transport.call(get("/a")));
        engine.awaitOpenConnections(0, LIMIT);
        await(transport.call(get("/a")));
        assertThat(engine.connections()).isEqualTo(2);
    }

    @OnUnixSockets
    void closesAConnectionOnWhichTheEngineSpeaksUnasked(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on("GET", "/a", exchange -> {
                    exchange.answer(200, "a");
                    exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbogus");
                    exchange.awaitPeerClosed(LIMIT);
                })
                .on("GET", "/b", exchange -> exchange.answer(200, "b"));
        Transport transport = transport(kind);
        assertThat(text(await(transport.call(get("/a"))))).isEqualTo("a");
        engine.awaitOpenConnections(0, LIMIT);
        assertThat(text(await(transport.call(get("/b"))))).isEqualTo("b");
    }

    @OnUnixSockets
    void neverGivesAnAnswerThatNobodyAskedForToTheNextCall(Kind kind) throws Exception {
        Gate gate = new Gate();
        FakeEngine engine = engine(kind)
                .on("GET", "/a", exchange -> {
                    exchange.stall(gate);
                    exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
                            + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbogus");
                    exchange.endRaw();
                })
                .on("GET", "/b", exchange -> exchange.answer(200, "b"));
        Transport transport = transport(kind, connections(1));
        CompletableFuture<Answer> first = transport.call(get("/a")).toFuture();
        CompletableFuture<Answer> second = transport.call(get("/b")).toFuture();
        engine.awaitRequests(1, LIMIT);
        gate.open();

        assertThat(text(first.get(10, TimeUnit.SECONDS))).isEqualTo("a");
        assertThat(text(second.get(10, TimeUnit.SECONDS))).isEqualTo("b");
    }

    @OnUnixSockets
    void closesConnectionsThatRestedTooLong(Kind kind) throws Exception {
        Gate gate = new Gate();
        FakeEngine engine = held(kind, gate);
        Transport transport = transport(kind, maxIdle(Duration.ofMillis(100)));
        CompletableFuture<Long> answered = Flux.range(0, 3)
                .flatMap(call -> transport.call(get("/held")))
                .count()
                .toFuture();
        engine.awaitRequests(3, LIMIT);
        gate.open();
        answered.get(10, TimeUnit.SECONDS);
        engine.awaitOpenConnections(0, LIMIT);

        await(transport.call(get("/held")));
        assertThat(engine.connections()).isEqualTo(4);
        // The sweep was started anew.
        engine.awaitOpenConnections(0, LIMIT);
    }

    @OnUnixSockets
    void goesOnWhenItsEventLoopsHaveEndedAndThereAreOthers(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on("GET", "/a", exchange -> exchange.answer(200, "a"))
                .on("GET", "/stream", exchange -> exchange.answer(200, "over"));
        LoopResources first = LoopResources.create("first", 1, true);
        LoopResources second = LoopResources.create("second", 1, true);
        AtomicReference<LoopResources> now = new AtomicReference<>(first);
        try {
            // Long enough for the first loop to end before the sweep that its connection asked for.
            Duration maxIdle = Duration.ofSeconds(1);
            Transport transport = transport(kind, from -> maxIdle(maxIdle)
                    .apply(loops(isNative -> Objects.requireNonNull(now.get()).onServer(isNative))
                            .apply(from)));
            assertThat(text(await(transport.call(get("/a"))))).isEqualTo("a");
            assertThat(rest(open(transport, get("/stream")))).isEqualTo("over");
            first.disposeLater(QUIET, LIMIT).block(LIMIT);
            engine.awaitOpenConnections(0, LIMIT);

            now.set(second);
            assertThat(text(await(transport.call(get("/a"))))).isEqualTo("a");
            assertThat(rest(open(transport, get("/stream")))).isEqualTo("over");
            engine.awaitOpenConnections(0, LIMIT);
        } finally {
            first.disposeLater(Duration.ZERO, LIMIT).block(LIMIT);
            second.disposeLater(Duration.ZERO, LIMIT).block(LIMIT);
        }
    }

    @OnUnixSockets
    void goesOnWhenTheLoopsOfReactorNettyHaveEnded(Kind kind) throws Exception {
        engine(kind).on("GET", "/stream", exchange -> exchange.answer(200, "over"));
        Transport transport = transport(kind);
        for (int time = 0; time < 2; time++) {
            assertThat(text(await(transport.call(get("/_ping"))))).isEqualTo("OK");
            assertThat(rest(open(transport, get("/stream")))).isEqualTo("over");
            TcpResources.disposeLoopsAndConnectionsLater(QUIET, LIMIT).block(LIMIT);
        }
    }

    @OnAllSockets
    void failsWhatIsUnderWayAndWhoWaitsWhenTheClientIsClosed(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on("GET", "/ready", exchange -> exchange.answer(200, ""))
                .on("GET", "/silent", exchange -> exchange.awaitPeerClosed(LIMIT));
        Transport transport = transport(kind, connections(1));
        await(transport.call(get("/ready")));
        StepVerifier running = StepVerifier.create(transport.call(get("/silent")))
                .expectErrorSatisfies(PoolTest::saysThatTheClientWasClosed)
                .verifyLater();
        StepVerifier waiting = StepVerifier.create(transport.call(post("/waiting")))
                .expectErrorSatisfies(PoolTest::saysThatTheClientWasClosed)
                .verifyLater();
        engine.awaitRequests(2, LIMIT);
        transport.close();

        running.verify(LIMIT);
        waiting.verify(LIMIT);
        engine.awaitOpenConnections(0, LIMIT);
        StepVerifier.create(transport.call(get("/ready")))
                .expectErrorSatisfies(PoolTest::saysThatTheClientWasClosed)
                .verify(LIMIT);
        assertThat(engine.requests()).hasSize(2);
    }

    @OnAllSockets
    void answersFiveHundredCallsOverFourConnections(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on(
                        "GET",
                        "/echo/*",
                        exchange -> exchange.answer(200, exchange.request().path()));
        Transport transport = transport(kind, connections(4));
        List<String> answers = Flux.range(0, 500)
                .flatMap(call -> transport.call(get("/echo/" + call)).map(TransportFixture::text), 500)
                .collectList()
                .block(LIMIT);

        assertThat(answers).hasSize(500).doesNotHaveDuplicates();
        assertThat(engine.connections()).isLessThanOrEqualTo(4);
    }

    @OnUnixSockets
    void servesManyThreads(Kind kind) throws Exception {
        FakeEngine engine = engine(kind)
                .on(
                        "GET",
                        "/echo/*",
                        exchange -> exchange.answer(200, exchange.request().path()));
        Transport transport = transport(kind, connections(3));
        List<Integer> wrong = Flux.range(0, 500)
                .parallel(8)
                .runOn(Schedulers.parallel())
                .flatMap(call -> transport
                        .call(get("/echo/" + call))
                        .filter(answer -> !text(answer).equals("/echo/" + call))
                        .map(answer -> call))
                .sequential()
                .collectList()
                .block(LIMIT);

        assertThat(wrong).isEmpty();
        assertThat(engine.requests()).hasSize(500);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void failsEveryCallThatWaitsForAnEngineThatIsGone(Kind kind) throws Exception {
        FakeEngine engine = engine(kind);
        Transport transport = transport(kind, connections(1));
        engine.stop();
        int calls = 500;
        List<Mono<Throwable>> failures = new ArrayList<>();
        for (int call = 0; call < calls; call++) {
            failures.add(transport.call(get("/a")).then(Mono.<Throwable>empty()).onErrorResume(Mono::just));
        }
        List<Throwable> seen =
                Flux.merge(Flux.fromIterable(failures), calls).collectList().block(LIMIT);

        assertThat(seen).hasSize(calls).allSatisfy(failure -> assertThat(failure)
                .isInstanceOf(ConnectionFailed.class)
                .hasMessageContaining("is the Engine running?"));
    }

    private FakeEngine held(Kind kind, Gate gate) throws Exception {
        return engine(kind).on("GET", "/held", exchange -> {
            exchange.stall(gate);
            exchange.answer(200, "");
        });
    }

    private static void verifyUnanswered(Transport transport, EngineRequest request) {
        StepVerifier.create(transport.call(request))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ConnectionFailed.class)
                        .hasMessageContaining("the Engine closed the connection without an answer"))
                .verify(LIMIT);
    }

    private static void saysThatTheClientWasClosed(Throwable failure) {
        assertThat(failure).isInstanceOf(ClientClosed.class).hasMessageContaining("the client was closed");
    }

    /** The fake Engine serves each connection on a thread of its own. */
    private static String connectionName() {
        return Thread.currentThread().getName();
    }
}
