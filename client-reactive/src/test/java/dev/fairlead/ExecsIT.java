package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.ExecCreateOptions;
import dev.fairlead.model.ExecInspectResponse;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.TerminalSize;
import dev.fairlead.testing.RealEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

final class ExecsIT extends EngineTest {

    ExecsIT(RealEngine engine) {
        super(engine);
    }

    private ExecResult sh(String container, String command) {
        return get(docker.execs().run(container, "sh", "-c", command));
    }

    private ExecSession startExec(String container, Consumer<ExecCreateOptions.Builder> options) {
        return get(docker.execs()
                .create(
                        container,
                        exec -> options.accept(
                                exec.attachStdin(true).attachStdout(true).attachStderr(true)))
                .flatMap(docker.execs()::start));
    }

    @Test
    void runGivesExitCodeAndBothOutputs() {
        ExecResult result = sh(idle(), "echo out; echo err >&2; exit 5");
        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(result.stdoutText()).isEqualTo("out\n");
        assertThat(result.stderrText()).isEqualTo("err\n");
        assertThat(result.truncated()).isFalse();
    }

    @Test
    void runFeedsTheInputAndItsEnd() {
        String id = idle();
        assertThat(get(docker.execs().run(id, exec -> exec.cmd("sh", "-c", "cat >/dev/null; echo done")
                                .stdin(bytes("x"))))
                        .stdoutText())
                .isEqualTo("done\n");
        assertThat(get(docker.execs().run(id, exec -> exec.cmd("cat").stdin(Flux.empty())))
                        .stdoutText())
                .isEmpty();
        assertThat(get(docker.execs().run(id, exec -> exec.cmd("wc", "-c")
                                .stdin(Flux.range(0, 1_000).map(i -> bytes("0123456789")))))
                        .stdoutText()
                        .strip())
                .isEqualTo("10000");
    }

    @Test
    void runOfAProgramThatLeavesItsInputUnreadStillEnds() {
        ExecResult result = get(docker.execs().run(idle(), exec -> exec.cmd("sh", "-c", "echo bye; exit 4")
                .stdin(Flux.generate(sink -> sink.next(bytes("x".repeat(10_000)))))));
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.stdoutText()).isEqualTo("bye\n");
    }

    @Test
    void runFailsWhenItsInputDoes() {
        failure(ArithmeticException.class, docker.execs().run(idle(), exec -> exec.cmd("cat")
                .stdin(Flux.concat(Mono.just(bytes("x")), Mono.error(new ArithmeticException())))));
    }

    @Test
    void runKeepsNoMoreThanItWasTold() {
        ExecResult result = get(
                docker.execs().run(idle(), exec -> exec.cmd("seq", "1", "10000").maxOutput(4)));
        assertThat(result.stdoutText()).isEqualTo("1\n2\n");
        assertThat(result.truncated()).isTrue();
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void runHandsOutTheOutputAsItComes() {
        List<String> seen = new ArrayList<>();
        ExecResult result = get(docker.execs().run(idle(), exec -> exec.cmd("seq", "1", "3")
                .output(output -> output.map(OutputFrame::text).doOnNext(seen::add))));
        assertThat(String.join("", seen)).isEqualTo("1\n2\n3\n");
        assertThat(result.stdoutText()).isEmpty();
    }

    @Test
    void runTakesUserFolderEnvironmentAndTerminal() {
        String id = idle();
        assertThat(get(docker.execs().run(id, exec -> exec.cmd("sh", "-c", "id -u; pwd; echo $A")
                                .user("1000:1000")
                                .workingDir("/tmp")
                                .env("A=b c")))
                        .stdoutText())
                .isEqualTo("1000\n/tmp\nb c\n");
        assertThat(get(docker.execs().run(id, exec -> exec.cmd("sh", "-c", "test -t 1 && echo tty; echo err >&2")
                                .tty(true)))
                        .stdoutText())
                .isEqualTo("tty\r\nerr\r\n");
        assertThat(get(docker.execs().run(id, exec -> exec.cmd("sh", "-c", "cat >/dev/null; echo done")
                                .tty(true)
                                .stdin(bytes("a\n"))))
                        .stdoutText())
                .endsWith("done\r\n");
        assertThat(get(docker.execs().run(id, exec -> exec.cmd("grep", "CapEff", "/proc/self/status")
                                .exec(more -> more.privileged(true))))
                        .stdoutText())
                .isNotEqualTo(sh(id, "grep CapEff /proc/self/status").stdoutText());
    }

    @Test
    void aMissingProgramIsAnExitCodeWithItsReason() {
        String id = idle();
        ExecResult missing = get(docker.execs().run(id, "nosuch"));
        assertThat(missing.exitCode()).isIn(126L, 127L);
        assertThat(missing.stdoutText()).contains("nosuch");
        ExecResult folder = get(docker.execs().run(id, "/tmp"));
        assertThat(folder.exitCode()).isEqualTo(126);
        assertThat(folder.stdoutText()).contains("/tmp");
    }

    @Test
    void startTalksBothWays() {
        ExecSession session = startExec(idle(), exec -> exec.cmd("cat"));
        done(session.write(Mono.just(bytes("hello"))).then(session.closeInput()));
        assertThat(text(session.output())).isEqualTo("hello");
        assertThat(get(session.exitCode())).isZero();
    }

    @Test
    void startSeesTheTerminalOfTheCreate() {
        ExecSession session = startExec(
                idle(), exec -> exec.cmd("sh", "-c", "read x; stty size").tty(true));
        done(session.resize(TerminalSize.of(50, 99)));
        done(session.write(Mono.just(bytes("\n"))));
        List<OutputFrame> output = all(session.output());
        assertThat(output).allSatisfy(frame -> assertThat(frame).isInstanceOf(OutputFrame.Console.class));
        assertThat(text(Flux.fromIterable(output))).contains("50 99");
    }

    @Test
    void consoleSizeIsTakenFromItsVersionOn() {
        String id = idle();
        since(42, client -> client.execs().create(id, exec -> exec.cmd("true").consoleSize(TerminalSize.of(7, 70))));
        String made = get(docker.execs()
                .create(id, exec -> exec.cmd("stty", "size").attachStdout(true).tty(true)));
        if (has(42)) {
            assertThat(text(docker.execs().start(made, TerminalSize.of(7, 70)).flatMapMany(Session::output)))
                    .isEqualTo("7 70\r\n");
            assertThat(get(docker.execs().run(id, exec -> exec.cmd("stty", "size")
                                    .tty(true)
                                    .exec(more -> more.consoleSize(TerminalSize.of(8, 80)))))
                            .stdoutText())
                    .isEqualTo("8 80\r\n");
        } else {
            failure(
                    dev.fairlead.core.error.UnsupportedByEngine.class,
                    docker.execs().start(made, TerminalSize.of(7, 70)));
        }
    }

    @Test
    void detachKeysEndTheSession() {
        ExecSession session =
                startExec(idle(), exec -> exec.cmd("cat").tty(true).detachKeys("ctrl-x,y"));
        StepVerifier.create(session.output().map(OutputFrame::text).scan((before, next) -> before + next))
                .then(() -> done(session.write(Mono.just(bytes("a\n")))))
                .thenConsumeWhile(seen -> !seen.startsWith("a\r\na\r\n"))
                .consumeNextWith(seen -> assertThat(seen).startsWith("a\r\na\r\n"))
                .then(() -> done(session.write(Flux.just(bytes("\u0018"), bytes("y")))))
                .thenConsumeWhile(seen -> true)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void startDetachedLeavesItRunning() {
        String id = idle();
        String exec = get(docker.execs().create(id, "sh", "-c", "echo x >/file; sleep 1000"));
        done(docker.execs().startDetached(exec));
        ExecInspectResponse seen = get(docker.execs().inspect(exec));
        assertThat(seen.running()).isTrue();
        assertThat(seen.pid()).isPositive();
        assertThat(failure(Conflict.class, docker.execs().startDetached(exec)).engineMessage())
                .contains("already");
        String missing = get(docker.execs().create(id, "nosuch"));
        assertThat(failure(InvalidRequest.class, docker.execs().startDetached(missing))
                        .engineMessage())
                .contains("nosuch");
    }

    @Test
    void inspectTellsHowItWasMadeAndHowItEnded() {
        String id = idle();
        String exec = get(docker.execs().create(id, options -> options.cmd("sh", "-c", "exit 9")
                .attachStdout(true)
                .user("1000")));
        ExecInspectResponse before = get(docker.execs().inspect(exec));
        assertThat(before.id()).isEqualTo(exec);
        assertThat(before.containerId()).isEqualTo(id);
        assertThat(before.running()).isFalse();
        assertThat(before.exitCode()).isNull();
        assertThat(before.openStdout()).isTrue();
        assertThat(before.openStdin()).isFalse();
        assertThat(Objects.requireNonNull(before.processConfig()).entrypoint()).isEqualTo("sh");
        assertThat(Objects.requireNonNull(before.processConfig()).arguments()).containsExactly("-c", "exit 9");
        assertThat(Objects.requireNonNull(before.processConfig()).user()).isEqualTo("1000");
        done(docker.execs().start(exec).flatMapMany(Session::output).then());
        assertThat(get(docker.execs().inspect(exec)).exitCode()).isEqualTo(9);
    }

    @Test
    void closingTheSessionLeavesTheProgramRunning() {
        ExecSession session = startExec(idle(), exec -> exec.cmd("sleep", "1000"));
        // The Engine opens the session before the program runs.
        assertThat(get(docker.execs()
                        .inspect(session.id())
                        .filter(ExecInspectResponse::running)
                        .repeatWhenEmpty(empty -> empty.delayElements(Duration.ofMillis(20)))))
                .isNotNull();
        session.close();
        assertThat(all(session.output())).isEmpty();
        assertThat(get(docker.execs().inspect(session.id())).running()).isTrue();
    }

    @Test
    void whatIsNotThereIsNotFound() {
        failure(NotFound.class, docker.execs().run("nosuch", "true"));
        failure(NotFound.class, docker.execs().start("nosuch"));
        failure(NotFound.class, docker.execs().startDetached("nosuch"));
        failure(NotFound.class, docker.execs().inspect("nosuch"));
        failure(NotFound.class, docker.execs().resize("nosuch", TerminalSize.of(1, 1)));
        failure(Conflict.class, docker.execs().run(create("true"), "true"));
    }

    @Test
    void anExecNeedsAProgram() {
        assertThatThrownBy(() -> docker.execs().create("x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> docker.execs().run("x")).isInstanceOf(IllegalArgumentException.class);
    }
}
