package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.internal.Credentials;
import dev.fairlead.internal.Http;
import dev.fairlead.internal.Negotiator;
import dev.fairlead.internal.Retrying;
import dev.fairlead.internal.transport.PipeStandIn;
import dev.fairlead.internal.transport.Transport;
import dev.fairlead.testing.Hijacked;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Programs in a container, and what an Engine seldom does to them. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
final class ExecFaultsTest {

    private static final String FRAMED = "application/vnd.docker.multiplexed-stream";
    private static final String RAW = "application/vnd.docker.raw-stream";
    private static final Pattern MARK = Pattern.compile("FAIRLEAD_EXEC=\\w+");

    private OnFakeEngine fake;

    @BeforeEach
    void start() throws IOException {
        fake = new OnFakeEngine("1.51");
        fake.engine.on("POST", "/containers/c/exec", exchange -> exchange.answer(201, "{\"Id\":\"x\"}"));
        state("\"Running\":false,\"ExitCode\":0");
    }

    @AfterEach
    void stop() throws Exception {
        fake.docker.close();
        fake.engine.awaitOpenConnections(0, OnFakeEngine.LIMIT);
        fake.close();
    }

    private void state(String members) {
        fake.engine.on("GET", "/exec/x/json", exchange -> exchange.answer(200, "{" + members + "}"));
    }

    private List<String> marks() {
        return fake.engine.requests("POST", "/containers/c/exec").stream()
                .flatMap(request -> MARK.matcher(request.bodyText()).results().map(MatchResult::group))
                .toList();
    }

    @Test
    void eachSubscriptionMarksItsOwnProgram() {
        fake.engine.on(
                "POST", "/exec/x/start", exchange -> exchange.hijack(FRAMED).close());
        Mono<ExecSession> open = fake.docker.execs().open("c", "true");
        OnFakeEngine.get(open).close();
        OnFakeEngine.get(open).close();
        Mono<ExecResult> run =
                fake.docker.execs().run("c", exec -> exec.cmd("true").killOnCancel(true));
        OnFakeEngine.get(run);
        OnFakeEngine.get(run);
        assertThat(marks()).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void whatCanBeNoContainerIsRefusedBeforeAnybodySubscribes() {
        assertThatThrownBy(() -> fake.docker.execs().open(" ", "true")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        fake.docker.execs().run(" ", exec -> exec.cmd("true").killOnCancel(true)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fake.engine.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theClosedClientEndsThePauseBeforeAnotherLook(boolean kill) throws Exception {
        state("\"Running\":true");
        fake.engine.on(
                "POST", "/exec/x/start", exchange -> exchange.hijack(FRAMED).close());
        ExecSession session = OnFakeEngine.get(fake.docker.execs().open("c", "true"));
        session.close();
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try {
            // The pause does not end by itself.
            CompletableFuture<?> asked =
                    kill ? session.kill().toFuture() : session.exitCode().toFuture();
            long limit = System.nanoTime() + OnFakeEngine.LIMIT.toNanos();
            while (time.getScheduledTaskCount() == 0 && System.nanoTime() < limit) {
                Thread.onSpinWait();
            }
            fake.docker.close();
            assertThatThrownBy(() -> asked.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(ClientClosed.class);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "hello\n", "hello\r", ""})
    void aTerminalsInputEndsByOneKeyMoreWhereALineIsOpen(String typed) {
        int keys = typed.equals("hello") ? 2 : 1;
        CompletableFuture<String> seen = new CompletableFuture<>();
        fake.engine.on("POST", "/exec/x/start", exchange -> {
            Hijacked session = exchange.hijack(RAW);
            seen.complete(new String(session.read(typed.length() + keys), StandardCharsets.UTF_8));
            session.close();
        });
        OnFakeEngine.get(fake.docker.execs().run("c", exec -> exec.cmd("cat")
                .tty(true)
                .stdin(ByteBuffer.wrap(typed.getBytes(StandardCharsets.UTF_8)))));
        assertThat(seen).isCompletedWithValue(typed + "\u0004".repeat(keys));
    }

    /** By a pipe there is no end of the input alone, and the program waits for one. */
    @Test
    void anInputThatCannotBeEndedFailsTheRun() throws Exception {
        fake.engine.on(
                "POST", "/exec/x/start", exchange -> exchange.hijack(FRAMED).readToEnd());
        Transport pipe = PipeStandIn.transport(fake.engine);
        try {
            Execs execs = new Execs(new Http(
                    pipe,
                    new Negotiator(pipe, "", Map.of(), null, OnFakeEngine.LIMIT),
                    "",
                    Map.of(),
                    null,
                    new Credentials(host -> Mono.empty(), Mono::empty),
                    Retrying.off()));
            assertThat(OnFakeEngine.failure(ConnectionFailed.class, execs.run("c", exec -> exec.cmd("cat")
                            .stdin(ByteBuffer.wrap(new byte[] {'a'})))))
                    .hasMessageContaining("the input can't be ended alone");
        } finally {
            pipe.close();
        }
    }

    @Test
    void whoHasEnoughOfTheOutputEndsTheProgram() {
        byte[] frame = {1, 0, 0, 0, 0, 0, 0, 1, '1'};
        state("\"Running\":true,\"Pid\":7");
        fake.engine.on("POST", "/exec/x/start", exchange -> {
            Hijacked session = exchange.hijack(FRAMED, frame);
            if (fake.engine.requests("POST", "/exec/x/start").size() == 1) {
                session.awaitEndOfInput(OnFakeEngine.LIMIT);
            } else {
                // The exec that kills: it says how many it found.
                state("\"Running\":false,\"ExitCode\":137");
                session.close();
            }
        });
        ExecResult result = OnFakeEngine.get(fake.docker.execs().run("c", exec -> exec.cmd("tail", "-f", "/log")
                .output(output -> output.takeUntil(ready -> true))
                .killOnCancel(true)));
        assertThat(result.exitCode()).isEqualTo(137);
    }
}
