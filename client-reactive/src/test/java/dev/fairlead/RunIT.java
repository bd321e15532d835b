package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.ContainerState;
import dev.fairlead.model.ContainerStatus;
import dev.fairlead.model.ExitStatus;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.Port;
import dev.fairlead.testing.OutermostEngines;
import dev.fairlead.testing.RealEngine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Containers that are run for one command. */
@OutermostEngines
final class RunIT extends EngineTest {

    RunIT(RealEngine engine) {
        super(engine);
    }

    private Mono<Run> run(Consumer<RunOptions.Builder> options) {
        return docker.containers().run(IMAGE, run -> {
            run.container(this::marked).stopTimeout(Duration.ZERO);
            options.accept(run);
        });
    }

    private Mono<Run> sh(String command) {
        return run(run -> run.cmd("sh", "-c", command));
    }

    private ContainerState state(String id) {
        return Objects.requireNonNull(get(docker.containers().inspect(id)).state());
    }

    /** Completes when no container of this class is left; looks again until then. */
    private void nothingIsLeft() {
        done(made().hasElements()
                .filter(left -> !left)
                .repeatWhenEmpty(Integer.MAX_VALUE, empty -> empty.delayElements(Duration.ofMillis(50))));
    }

    @Test
    void publishesPorts() {
        Run run = get(run(
                options -> options.cmd("sleep", "60").publish(0, Port.tcp(8080)).publish(0, Port.udp(53))));
        var network = Objects.requireNonNull(
                get(docker.containers().inspect(run.id())).networkSettings());
        assertThat(network.ports()).containsOnlyKeys("8080/tcp", "53/udp").allSatisfy((port, bindings) -> assertThat(
                        Objects.requireNonNull(bindings).get(0).hostPort())
                .isNotEqualTo("0"));
        done(run.stop());
    }

    @Test
    void givesOutputAndExit() {
        Run run = get(sh("echo out; echo err >&2; exit 3"));
        assertThat(all(run.output()))
                .containsExactlyInAnyOrder(
                        OutputFrame.stdout("out\n".getBytes(StandardCharsets.UTF_8)),
                        OutputFrame.stderr("err\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(get(run.exit())).isEqualTo(new ExitStatus(3));
        assertThat(get(run.exit())).isEqualTo(new ExitStatus(3));
        failure(NotFound.class, docker.containers().inspect(run.id()));
    }

    @Test
    void theShortFormRunsTheCommand() {
        assertThat(text(docker.containers().run(IMAGE, "echo", "hello world").flatMapMany(Run::output)))
                .isEqualTo("hello world\n");
    }

    @Test
    void exitAloneReadsTheOutputAway() {
        assertThat(get(sh("seq 1 300000; exit 4").flatMap(Run::exit))).isEqualTo(new ExitStatus(4));
        nothingIsLeft();
    }

    @Test
    void takesEnvironmentFolderUserNameAndLimits() {
        Run run = get(run(options -> options.cmd("sh", "-c", "echo $A; pwd; id -u; hostname; cat /scratch/x")
                .env("A=b")
                .workingDir("/tmp")
                .user("1000")
                .name("fairlead-run")
                .hostConfig(host -> host.memory(32 << 20).putTmpfs("/scratch", ""))
                .container(container -> container.hostname("box"))));
        assertThat(get(docker.containers()
                        .inspect("fairlead-run")
                        .map(seen -> Objects.requireNonNull(seen.hostConfig()).memory())
                        .onErrorReturn(NotFound.class, (long) (32 << 20))))
                .isEqualTo(32 << 20);
        assertThat(text(run.output().filter(frame -> frame instanceof OutputFrame.Stdout)))
                .isEqualTo("b\n/tmp\n1000\nbox\n");
        assertThat(get(run.exit()).code()).isEqualTo(1);
    }

    @Test
    void feedsTheInputThroughTheSession() {
        Run run = get(run(options -> options.cmd("sh", "-c", "cat; echo done").stdin(true)));
        done(run.session()
                .write(Flux.just(bytes("a"), bytes("b\n")))
                .then(run.session().closeInput()));
        assertThat(text(run.output())).isEqualTo("ab\ndone\n");
        assertThat(get(run.exit()).isSuccess()).isTrue();
    }

    @Test
    void givesATerminal() {
        Run run = get(run(options -> options.cmd("sh", "-c", "test -t 1 && echo tty; read x; stty size")
                .tty(true)
                .stdin(true)));
        done(run.session().resize(dev.fairlead.model.TerminalSize.of(44, 88)));
        done(run.session().write(Mono.just(bytes("\n"))));
        assertThat(text(run.output())).startsWith("tty\r\n").contains("44 88");
        assertThat(get(run.exit()).isSuccess()).isTrue();
    }

    @Test
    void keepLeavesTheContainer() {
        Run run =
                get(run(options -> options.cmd("sh", "-c", "echo kept; exit 6").keep()));
        assertThat(text(run.output())).isEqualTo("kept\n");
        assertThat(get(run.exit()).code()).isEqualTo(6);
        assertThat(state(run.id()).exitCode()).isEqualTo(6);
        assertThat(text(docker.containers().logs(run.id()))).isEqualTo("kept\n");
    }

    @Test
    void aKeptContainerIsOnlyStoppedByACancel() {
        Run run = get(
                run(options -> options.cmd("sh", "-c", "echo go; sleep 1000").keep()));
        StepVerifier.create(run.output()).expectNextCount(1).thenCancel().verify(LIMIT);
        assertThat(get(docker.containers().awaitExit(run.id())).code()).isEqualTo(137);
        assertThat(state(run.id()).status()).isEqualTo(ContainerStatus.EXITED);
    }

    @Test
    void aFailedStartRemovesTheContainerAndSaysWhy() {
        assertThat(failure(InvalidRequest.class, run(options -> options.cmd("/nosuch"))))
                .hasMessageContaining("/nosuch");
        nothingIsLeft();
        assertThat(failure(InvalidRequest.class, run(options -> options.cmd("/nosuch")
                        .keep())))
                .hasMessageContaining("/nosuch");
        nothingIsLeft();
    }

    @Test
    void aMissingImageIsNotFound() {
        assertThat(failure(NotFound.class, docker.containers().run("nosuch:1", "true")))
                .hasMessageContaining("nosuch:1");
    }

    @Test
    void aTakenNameLeavesTheOtherAlone() {
        String other = create(container -> container.name("fairlead-mine"));
        failure(Conflict.class, run(options -> options.name("fairlead-mine").cmd("true")));
        assertThat(get(docker.containers().inspect("fairlead-mine")).id()).isEqualTo(other);
    }

    @Test
    void stopEndsAndRemoves() {
        Run run = get(sh("sleep 1000"));
        done(run.stop());
        done(gone(run.id()));
        done(run.stop());
        nothingIsLeft();
    }

    @Test
    void cancelledBeforeTheAnswerToCreateNothingIsLeft() {
        // The name tells when the Engine has made it: as long as it is free, nothing came of the call so far.
        String name = "fairlead-cancelled";
        sh("sleep 1000").subscribe().dispose();
        run(options -> options.cmd("sleep", "1000").name(name)).subscribe().dispose();
        done(Mono.defer(() -> docker.containers()
                        .create(IMAGE, container -> marked(container).name(name)))
                .onErrorComplete(Conflict.class)
                .then());
        done(made().filter(left -> left.names().contains("/" + name))
                .concatMap(left -> docker.containers().remove(left.id(), how -> how.force(true)))
                .onErrorComplete(dev.fairlead.core.error.DockerException.class)
                .then());
        nothingIsLeft();
    }

    @Test
    void cancelledAnywhereNothingIsLeft() {
        done(Flux.range(0, 20)
                .concatMap(i ->
                        sh("sleep 1000").flatMap(Run::exit).then().timeout(Duration.ofMillis(5L * i), Mono.empty()))
                .then());
        nothingIsLeft();
    }

    @Test
    void cancelledOutputStopsAndRemoves() {
        Run run = get(sh("while :; do echo x; sleep 0.01; done"));
        StepVerifier.create(run.output()).expectNextCount(3).thenCancel().verify(LIMIT);
        done(gone(run.id()));
        nothingIsLeft();
    }

    @Test
    void cancelledExitStopsAndRemoves() {
        Run run = get(sh("while :; do echo x; sleep 0.01; done"));
        StepVerifier.create(run.exit())
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(100))
                .thenCancel()
                .verify(LIMIT);
        done(gone(run.id()));
        nothingIsLeft();
    }

    @Test
    void anErrorBehindTheOutputStopsAndRemoves() {
        Run run = get(sh("while :; do echo x; sleep 0.01; done"));
        failure(ArithmeticException.class, run.output().doOnNext(frame -> {
            throw new ArithmeticException();
        }));
        done(gone(run.id()));
        nothingIsLeft();
    }
}
