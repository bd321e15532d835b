package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.ContainerCreateOptions;
import dev.fairlead.model.ExitStatus;
import dev.fairlead.model.HostConfig;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.Port;
import dev.fairlead.model.PortBinding;
import dev.fairlead.testing.ChunkedAnswer;
import dev.fairlead.testing.Gate;
import dev.fairlead.testing.Hijacked;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Who has the output of a run, how it ends, and what is tidied up where an Engine fails in between. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
final class RunFaultsTest {

    private static final String FRAMED = "application/vnd.docker.multiplexed-stream";

    private final Gate outputEnds = new Gate();
    private final Gate runEnds = new Gate();
    private boolean waitBreaks;

    private OnFakeEngine fake;

    @BeforeEach
    void start() throws IOException {
        fake = engine(config -> {});
    }

    @AfterEach
    void stop() throws Exception {
        fake.docker.close();
        fake.engine.awaitOpenConnections(0, OnFakeEngine.LIMIT);
        fake.close();
    }

    /** Runs one container that writes "x", and ends its output and the run at these gates. */
    private OnFakeEngine engine(Consumer<DockerConfig.Builder> config) throws IOException {
        OnFakeEngine made = new OnFakeEngine("1.51", config);
        made.engine
                .on("POST", "/containers/create", exchange -> exchange.answer(201, "{\"Id\":\"c\",\"Warnings\":[]}"))
                .on("POST", "/containers/c/attach", exchange -> {
                    byte[] frame = {1, 0, 0, 0, 0, 0, 0, 1, 'x'};
                    Hijacked session = exchange.hijack(FRAMED, frame);
                    exchange.stall(outputEnds);
                    session.close();
                })
                .on("POST", "/containers/c/wait", exchange -> {
                    ChunkedAnswer answer = exchange.startChunked(200, Map.of("Content-Type", "application/json"));
                    exchange.stall(runEnds);
                    if (waitBreaks) {
                        exchange.close();
                    } else {
                        answer.write("{\"StatusCode\":3}").end();
                    }
                })
                .on("POST", "/containers/c/start", exchange -> exchange.answer(204, ""))
                .on("POST", "/containers/c/stop", exchange -> exchange.answer(204, ""))
                .on("DELETE", "/containers/c", exchange -> exchange.answer(204, ""));
        return made;
    }

    private Run run() {
        return OnFakeEngine.get(fake.docker.containers().run("image", "command"));
    }

    private void end() {
        outputEnds.open();
        runEnds.open();
    }

    private int asked(String method, String path) {
        return fake.engine.requests(method, path).size();
    }

    private void assertNothingWasStopped() {
        assertThat(asked("POST", "/containers/c/stop")).isZero();
        assertThat(asked("DELETE", "/containers/c")).isZero();
    }

    private static String text(List<OutputFrame> output) {
        StringBuilder text = new StringBuilder();
        output.forEach(frame -> text.append(frame.text()));
        return text.toString();
    }

    @Test
    void anInputThatCannotEndSaysSo() {
        Run run = OnFakeEngine.get(fake.docker
                .containers()
                .run("image", input -> input.container(container -> container.openStdin(true))));
        assertThat(OnFakeEngine.failure(
                        IllegalStateException.class, run.session().closeInput()))
                .hasMessageContaining("stdinOnce(true)");
        end();
        assertThat(OnFakeEngine.get(run.exit())).isEqualTo(new ExitStatus(3));
    }

    @Test
    void anInputThatWasAskedForEnds() {
        Run run = OnFakeEngine.get(fake.docker.containers().run("image", input -> input.stdin(true)));
        var unused = run.session().closeInput().block(OnFakeEngine.LIMIT);
        end();
        assertThat(OnFakeEngine.get(run.exit())).isEqualTo(new ExitStatus(3));
    }

    @Test
    void publishedPortsComeToWhatWasSaidOfPorts() {
        PortBinding ownBinding = PortBinding.builder().hostPort("79").build();
        ContainerCreateOptions made = RunOptions.of(
                        "image", run -> run.container(container -> container.exposedPorts("53/udp"))
                                .publish(8080, Port.tcp(80))
                                .publish(8081, Port.tcp(80))
                                .publish(0, Port.tcp(90))
                                .hostConfig(host -> host.portBinding("80/tcp", List.of(ownBinding))))
                .container();
        assertThat(made.exposedPorts()).containsExactly("53/udp", "80/tcp", "90/tcp");
        HostConfig host = Objects.requireNonNull(made.hostConfig());
        assertThat(host.portBindings()).containsOnlyKeys("80/tcp", "90/tcp");
        assertThat(host.portBindings().get("80/tcp"))
                .extracting(PortBinding::hostPort)
                .containsExactly("79", "8080", "8081");
        assertThat(host.autoRemove()).isTrue();
    }

    @Test
    void exitBesideTheSessionsOutputLeavesThatAlone() throws Exception {
        Run run = run();
        CompletableFuture<List<OutputFrame>> output =
                run.session().output().collectList().toFuture();
        CompletableFuture<ExitStatus> exit = run.exit().toFuture();
        end();
        assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(new ExitStatus(3));
        assertThat(text(output.get(10, TimeUnit.SECONDS))).isEqualTo("x");
        assertNothingWasStopped();
    }

    @ParameterizedTest
    @ValueSource(strings = {"output", "session", "exit"})
    void whoComesSecondToTheOutputChangesNothing(String first) throws Exception {
        Run run = run();
        CompletableFuture<?> before =
                switch (first) {
                    case "output" -> run.output().collectList().toFuture();
                    case "session" -> run.session().output().collectList().toFuture();
                    default -> run.exit().toFuture();
                };
        OnFakeEngine.failure(IllegalStateException.class, run.output());
        OnFakeEngine.failure(IllegalStateException.class, run.session().output());
        end();
        assertThat(before.get(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(OnFakeEngine.get(run.exit())).isEqualTo(new ExitStatus(3));
        assertNothingWasStopped();
    }

    /** In any order: whoever calls for the output is about to take it. */
    @Test
    void anOutputThatWasCalledForIsLeftToWhoCalled() {
        Run run = run();
        end();
        var both =
                OnFakeEngine.get(Mono.zip(run.exit(), run.output().collectList().map(RunFaultsTest::text)));
        assertThat(both.getT1()).isEqualTo(new ExitStatus(3));
        assertThat(both.getT2()).isEqualTo("x");
        assertNothingWasStopped();
    }

    @Test
    void anOutputThatNobodyCalledForIsReadAway() {
        Run run = run();
        end();
        assertThat(OnFakeEngine.get(run.exit())).isEqualTo(new ExitStatus(3));
        OnFakeEngine.failure(IllegalStateException.class, run.output());
        assertNothingWasStopped();
    }

    @Test
    void theOutputEndsWithTheRunAndNotWithItsConnection() {
        Run run = run();
        AtomicBoolean early = new AtomicBoolean();
        StepVerifier.create(run.output().map(OutputFrame::text).doOnComplete(() -> early.set(!runEnds.isOpen())))
                .expectNext("x")
                .then(outputEnds::open)
                .then(() -> awaitConnections(2))
                .then(runEnds::open)
                .expectComplete()
                .verify(OnFakeEngine.LIMIT);
        assertThat(early).isFalse();
        assertThat(OnFakeEngine.get(run.exit())).isEqualTo(new ExitStatus(3));
        assertThat(asked("POST", "/containers/c/wait")).isEqualTo(1);
        assertNothingWasStopped();
    }

    /** The wait, and what rests after the calls. */
    private void awaitConnections(int count) {
        try {
            fake.engine.awaitOpenConnections(count, OnFakeEngine.LIMIT);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    void anEngineThatDiesUnderTheRunIsNoEndOfIt() {
        waitBreaks = true;
        Run run = run();
        end();
        OnFakeEngine.failure(Truncated.class, run.output());
        assertThat(asked("POST", "/containers/c/wait")).isEqualTo(1);
    }

    @Test
    void aCancelBetweenTheEndOfTheOutputAndThatOfTheRunStopsIt() throws Exception {
        Run run = run();
        int before = fake.engine.requests().size();
        StepVerifier.create(run.output())
                .expectNextCount(1)
                .then(outputEnds::open)
                .then(() -> awaitConnections(2))
                .thenCancel()
                .verify(OnFakeEngine.LIMIT);
        fake.engine.awaitRequests(before + 2, OnFakeEngine.LIMIT);
        assertThat(asked("POST", "/containers/c/stop")).isEqualTo(1);
        assertThat(asked("DELETE", "/containers/c")).isEqualTo(1);
    }

    @Test
    void aStopThatFailsRemovesAllTheSame() {
        fake.engine.on(
                "POST", "/containers/c/stop", exchange -> exchange.answer(500, "{\"message\":\"will not die\"}"));
        var unused = run().stop().block(OnFakeEngine.LIMIT);
        assertThat(fake.engine.requests("DELETE", "/containers/c"))
                .singleElement()
                .satisfies(request -> assertThat(request.query("force")).isPresent());
        fake.engine.on("DELETE", "/containers/c", exchange -> exchange.answer(500, "{\"message\":\"nor leave\"}"));
        EngineFailure failure = OnFakeEngine.failure(EngineFailure.class, run().stop());
        assertThat(failure).hasMessageContaining("will not die");
        assertThat(failure.getSuppressed()).anySatisfy(also -> assertThat(also).hasMessageContaining("nor leave"));
    }

    @Test
    void whatWasMadeForAnAttachThatFoundNoPlaceIsRemoved() throws Exception {
        try (OnFakeEngine full = engine(config -> config.maxStreams(1))) {
            Disposable only = full.docker.containers().awaitExit("c").subscribe();
            full.engine.awaitRequests(2, OnFakeEngine.LIMIT);
            OnFakeEngine.failure(
                    ConnectionFailed.class, full.docker.containers().run("image", "command"));
            assertThat(full.engine.requests("DELETE", "/containers/c")).hasSize(1);
            only.dispose();
        }
    }

    @Test
    void aRunIsStoppedThoughAllPlacesAreTaken() throws Exception {
        try (OnFakeEngine full = engine(config -> config.maxStreams(3))) {
            Run run = OnFakeEngine.get(full.docker.containers().run("image", "command"));
            Disposable third = full.docker.containers().awaitExit("c").subscribe();
            full.engine.awaitRequests(full.engine.requests().size() + 1, OnFakeEngine.LIMIT);
            OnFakeEngine.failure(
                    ConnectionFailed.class, full.docker.containers().awaitExit("c"));
            var unused = run.stop().block(OnFakeEngine.LIMIT);
            assertThat(full.engine.requests("POST", "/containers/c/stop")).hasSize(1);
            assertThat(full.engine.requests("DELETE", "/containers/c")).hasSize(1);
            third.dispose();
        }
    }
}
