package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Gate;
import dev.fairlead.testing.Hijacked;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What goes wrong with a session, and every moment at which one can be cancelled. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
final class SessionFaultsTest {

    private static final String RAW = "application/vnd.docker.raw-stream";
    private static final String FRAMED = "application/vnd.docker.multiplexed-stream";

    private OnFakeEngine fake;

    @BeforeEach
    void start() throws IOException {
        // Of what rests between calls there is one at most: more would be a session that was left.
        fake = new OnFakeEngine("1.51", config -> config.maxConnections(1));
        container("\"StdinOnce\":true", "running");
        exec(false);
    }

    @AfterEach
    void stop() throws Exception {
        fake.docker.close();
        fake.engine.awaitOpenConnections(0, OnFakeEngine.LIMIT);
        fake.close();
    }

    private void container(String config, String status) {
        fake.engine.on(
                "GET",
                "/containers/x/json",
                exchange -> exchange.answer(
                        200,
                        "{\"Config\":{" + config + "},\"State\":{\"Status\":\"" + status + "\",\"Running\":"
                                + status.equals("running") + ",\"ExitCode\":7}}"));
    }

    private void exec(boolean tty) {
        fake.engine.on(
                "GET",
                "/exec/x/json",
                exchange -> exchange.answer(200, "{\"OpenStdin\":true,\"ProcessConfig\":{\"tty\":" + tty + "}}"));
    }

    private void attached(FakeEngine.Handler handler) {
        fake.engine.on("POST", "/containers/x/attach", handler);
    }

    private Mono<Session> attach() {
        return fake.docker.containers().attach("x", attach -> attach.stdin(true));
    }

    private static byte[] frame(int type, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + payload.length)
                .put((byte) type)
                .position(4)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    private static Flux<String> text(Mono<? extends Session> session) {
        return session.flatMapMany(Session::output).map(OutputFrame::text);
    }

    @ParameterizedTest
    @CsvSource({"404, Not Found, No such container: x", "409, Conflict, container x is paused", "500, Bad, what?"})
    void aRefusalWithoutAnyFramingIsReadToItsEnd(int status, String reason, String said) {
        attached(exchange -> {
            exchange.raw("HTTP/1.1 " + status + " " + reason + "\r\nContent-Type: " + RAW + "\r\n\r\n" + said + "\r\n");
            exchange.close();
        });
        DockerException failure = OnFakeEngine.failure(DockerException.class, attach());
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.engineMessage()).isEqualTo(said);
        if (status == 404) {
            assertThat(failure).isInstanceOf(NotFound.class);
        } else if (status == 409) {
            assertThat(failure).isInstanceOf(Conflict.class);
        }
    }

    @Test
    void aSystemErrorEndsTheOutputWithItsText() {
        attached(exchange -> exchange.hijack(FRAMED, frame(1, "before"))
                .write(frame(3, "the disk is gone\n"))
                .write(frame(1, "after"))
                .close());
        StepVerifier.create(text(attach()))
                .expectNext("before")
                .expectErrorSatisfies(failure -> {
                    assertThat(failure).isInstanceOf(StreamFailed.class).hasMessageContaining("the disk is gone");
                })
                .verify(OnFakeEngine.LIMIT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAnExecsOutputIsMadeOfFollowsItsStart(boolean tty) {
        exec(tty);
        // The media type of old Engines, and of proxies that took the upgrade away, says nothing.
        fake.engine.on("POST", "/exec/x/start", exchange -> {
            assertThat(exchange.request().bodyText()).contains("\"Tty\":" + tty);
            exchange.startRaw(200, Map.of("Content-Type", RAW));
            exchange.raw(tty ? "\u0001\u0000\u0000\u0000plain".getBytes(StandardCharsets.UTF_8) : frame(2, "framed"));
            exchange.close();
        });
        List<OutputFrame> output = OnFakeEngine.get(
                fake.docker.execs().start("x").flatMapMany(Session::output).collectList());
        assertThat(output)
                .containsExactly(
                        tty
                                ? OutputFrame.console("\u0001\u0000\u0000\u0000plain".getBytes(StandardCharsets.UTF_8))
                                : OutputFrame.stderr("framed".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void anEndedContainerIsNotAskedForAConnection() {
        container("", "exited");
        assertThat(OnFakeEngine.failure(Conflict.class, attach())).hasMessageContaining("exit code 7");
        assertThat(fake.engine.requests("POST", "/containers/x/attach")).isEmpty();
    }

    @Test
    void aContainerThatEndsBeforeItIsAttachedIsAConflictAndTheConnectionIsClosed() throws Exception {
        attached(exchange -> {
            container("", "exited");
            exchange.hijack(FRAMED).awaitEndOfInput(OnFakeEngine.LIMIT);
        });
        OnFakeEngine.failure(Conflict.class, attach());
        // The one that is left rests in the pool.
        fake.engine.awaitOpenConnections(1, OnFakeEngine.LIMIT);
    }

    @Test
    void aStartThatFailsClosesWhatWasAttached() throws Exception {
        container("", "created");
        attached(exchange -> exchange.hijack(FRAMED).awaitEndOfInput(OnFakeEngine.LIMIT));
        fake.engine.on("POST", "/containers/x/start", exchange -> exchange.answer(409, "{\"message\":\"no\"}"));
        OnFakeEngine.failure(Conflict.class, fake.docker.containers().startAttached("x"));
        fake.engine.awaitOpenConnections(1, OnFakeEngine.LIMIT);
    }

    /** Where the Engine stands still until the caller has gone. */
    private enum Stage {
        BEFORE_THE_VERSION,
        BEFORE_THE_LOOK,
        BEFORE_THE_HEAD,
        BEFORE_THE_SECOND_LOOK,
        BEFORE_THE_OUTPUT,
        IN_THE_OUTPUT,
        IN_THE_INPUT
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void cancellingClosesTheConnectionAtEveryStage(Stage stage) throws Exception {
        Gate reached = new Gate();
        Gate never = new Gate();
        FakeEngine.Handler stuck = exchange -> {
            reached.open();
            exchange.stall(never);
        };
        attached(exchange -> {
            if (stage == Stage.BEFORE_THE_SECOND_LOOK) {
                fake.engine.on("GET", "/containers/x/json", stuck);
            }
            if (stage == Stage.IN_THE_INPUT) {
                Hijacked unread = exchange.hijack(FRAMED);
                never.await();
                unread.awaitEndOfInput(OnFakeEngine.LIMIT);
                return;
            }
            Hijacked hijacked = exchange.hijack(FRAMED);
            if (stage == Stage.IN_THE_OUTPUT) {
                hijacked.write(frame(1, "first"));
            } else if (stage == Stage.BEFORE_THE_OUTPUT) {
                reached.open();
            }
            hijacked.awaitEndOfInput(OnFakeEngine.LIMIT);
        });
        switch (stage) {
            case BEFORE_THE_VERSION -> fake.engine.on("HEAD", "/_ping", stuck).on("GET", "/_ping", stuck);
            case BEFORE_THE_LOOK -> fake.engine.on("GET", "/containers/x/json", stuck);
            case BEFORE_THE_HEAD -> attached(stuck);
            default -> {
                // In the answer to the attach.
            }
        }
        Flux<OutputFrame> session = attach().flatMapMany(open -> {
            Flux<OutputFrame> output = open.output();
            if (stage == Stage.IN_THE_OUTPUT) {
                return output.doOnNext(frame -> reached.open());
            }
            return stage == Stage.IN_THE_INPUT ? output.mergeWith(endless(open, reached)) : output;
        });
        Disposable subscription = session.subscribe();
        reached.await();
        subscription.dispose();
        if (stage == Stage.IN_THE_INPUT) {
            // It does not look at its socket before.
            never.open();
        }
        // Calls that were answered leave one to the pool.
        awaitAtMostOneConnection();
    }

    /** Writes more than anything takes that is not read. */
    private static Mono<OutputFrame> endless(Session session, Gate reached) {
        return session.write(Flux.<ByteBuffer>generate(sink -> sink.next(ByteBuffer.allocate(1 << 16)))
                        .doOnNext(piece -> reached.open()))
                .then(Mono.empty());
    }

    private void awaitAtMostOneConnection() {
        Objects.requireNonNull(Mono.fromSupplier(fake.engine::openConnections)
                .filter(open -> open <= 1)
                .repeatWhenEmpty(Integer.MAX_VALUE, empty -> empty.delayElements(Duration.ofMillis(10)))
                .block(OnFakeEngine.LIMIT));
    }

    @Test
    void cancellingAtOnceLeavesNothing() {
        attached(exchange -> exchange.hijack(FRAMED).awaitEndOfInput(OnFakeEngine.LIMIT));
        OnFakeEngine.get(fake.docker.apiVersion());
        for (int turn = 0; turn < 100; turn++) {
            // Within the connect, or wherever it has come to.
            attach().flatMapMany(Session::output).subscribe().dispose();
        }
        awaitAtMostOneConnection();
    }

    @Test
    void aWriteThatIsCancelledLeavesTheSessionOpen() throws Exception {
        attached(exchange -> {
            Hijacked hijacked = exchange.hijack(FRAMED);
            hijacked.write(frame(1, new String(hijacked.readToEnd(), StandardCharsets.UTF_8)))
                    .close();
        });
        Session session = OnFakeEngine.get(attach());
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        Disposable write = session.write(Flux.<ByteBuffer>never().doOnRequest(count -> asked.complete(true)))
                .subscribe();
        asked.get(10, TimeUnit.SECONDS);
        write.dispose();
        StepVerifier.create(session.write(Mono.just(ByteBuffer.wrap(new byte[] {'a'})))
                        .then(session.closeInput())
                        .thenMany(session.output())
                        .map(OutputFrame::text))
                .expectNext("a")
                .expectComplete()
                .verify(OnFakeEngine.LIMIT);
    }

    @Test
    void anEngineThatDiesBetweenTwoFramesIsFoundOutByTheExitCode() {
        fake.engine.on("POST", "/containers/c/exec", exchange -> exchange.answer(201, "{\"Id\":\"x\"}"));
        fake.engine.on("POST", "/exec/x/start", exchange -> exchange.hijack(FRAMED, frame(1, "half of it"))
                .close());
        fake.engine.on("GET", "/exec/x/json", exchange -> exchange.answer(404, "{\"message\":\"No such exec\"}"));
        OnFakeEngine.failure(NotFound.class, fake.docker.execs().run("c", "true"));
    }
}
