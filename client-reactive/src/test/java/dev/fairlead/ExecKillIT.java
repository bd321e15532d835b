package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.model.ExecCreateOptions;
import dev.fairlead.model.Outcome;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.TerminalSize;
import dev.fairlead.testing.OutermostEngines;
import dev.fairlead.testing.RealEngine;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** An exec's program outlives its session, and how it is ended all the same. */
@OutermostEngines
final class ExecKillIT extends EngineTest {

    private final List<Session> sessions = new ArrayList<>();

    ExecKillIT(RealEngine engine) {
        super(engine);
    }

    /** An exec whose connection is closed after the test, whatever became of it. */
    private ExecSession open(String container, Consumer<ExecCreateOptions.Builder> options) {
        ExecSession session = get(docker.execs().open(container, options));
        sessions.add(session);
        return session;
    }

    private ExecSession open(String container, String... command) {
        return open(container, exec -> exec.cmd(command));
    }

    @AfterEach
    void close() {
        sessions.forEach(Session::close);
        sessions.clear();
    }

    /** The commands that run in a container, its own first. */
    private List<String> processes(String container) {
        return get(docker.containers().top(container, top -> top.psArgs("-eo pid,args"))).processes().stream()
                .map(columns -> columns.get(1))
                .toList();
    }

    private boolean runs(String container, String command) {
        return processes(container).stream().anyMatch(found -> found.contains(command));
    }

    private boolean running(ExecSession session) {
        return get(docker.execs().inspect(session.id())).running();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClosedSessionLeavesTheProgramAndKillEndsIt(boolean tty) {
        String id = idle();
        ExecSession session = open(id, exec -> exec.cmd("sleep", "1234").tty(tty));
        eventually(() -> runs(id, "sleep 1234"));
        session.close();
        assertThat(all(session.output())).isEmpty();
        // The end of the connection is nothing to it, not even the end of its terminal.
        done(Mono.delay(Duration.ofSeconds(1)));
        assertThat(running(session)).isTrue();
        assertThat(runs(id, "sleep 1234")).isTrue();

        assertThat(get(session.kill())).isEqualTo(Outcome.CHANGED);
        assertThat(get(session.exitCode())).isEqualTo(128 + 9);
        assertThat(runs(id, "sleep 1234")).isFalse();
        assertThat(get(session.kill())).isEqualTo(Outcome.UNCHANGED);
        assertThat(get(session.kill("TERM"))).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void aSignalReachesTheProgramWhoseOutputIsStillRead() {
        ExecSession session =
                open(idle(), "sh", "-c", "trap 'echo caught; exit 5' TERM; echo ready; while :; do read line; done");
        StepVerifier.create(session.output().map(OutputFrame::text))
                .expectNext("ready\n")
                .then(() -> assertThat(get(session.kill("SIGTERM"))).isEqualTo(Outcome.CHANGED))
                .expectNext("caught\n")
                .expectComplete()
                .verify(LIMIT);
        assertThat(get(session.exitCode())).isEqualTo(5);
    }

    @Test
    void childrenGoToo() {
        String id = idle();
        ExecSession session = open(id, "sh", "-c", "sleep 1111 & sleep 2222 | cat; echo never");
        eventually(() -> runs(id, "sleep 1111") && runs(id, "sleep 2222"));
        assertThat(get(session.kill())).isEqualTo(Outcome.CHANGED);
        assertThat(all(session.output())).isEmpty();
        assertThat(processes(id)).noneMatch(command -> command.matches(".*sleep \\d{4}.*"));
        assertThat(runs(id, "while")).isTrue();
    }

    @Test
    void otherExecsOfTheSameCommandGoOn() {
        String id = idle();
        ExecSession one = open(id, "sleep", "1000");
        ExecSession other = open(id, "sleep", "1000");
        assertThat(get(one.kill("9"))).isEqualTo(Outcome.CHANGED);
        assertThat(get(one.exitCode())).isEqualTo(137);
        assertThat(running(other)).isTrue();
        assertThat(get(other.kill())).isEqualTo(Outcome.CHANGED);
    }

    @Test
    void aProgramOfAnotherUserAndAPrivilegedOneAreReached() {
        String id = idle();
        ExecSession user = open(id, exec -> exec.cmd("sleep", "1000").user("1000:1000"));
        assertThat(get(user.kill())).isEqualTo(Outcome.CHANGED);
        assertThat(get(user.exitCode())).isEqualTo(137);
        ExecSession privileged = open(id, exec -> exec.cmd("sleep", "1000").privileged(true));
        Outcome killed = get(privileged.kill());
        // Engine 20.10 asks for capabilities that a machine in a sandbox can't give, and then it never ran.
        assertThat(get(privileged.exitCode())).isEqualTo(killed == Outcome.CHANGED ? 137 : 126);
    }

    @Test
    void whatCannotBeReachedSaysSo() {
        String id = idle();
        ExecSession hidden = open(id, "env", "-i", "sleep", "1000");
        eventually(() -> processes(id).stream().anyMatch("sleep 1000"::equals));
        assertThat(failure(IllegalStateException.class, hidden.kill())).hasMessageContaining("environment");

        ExecSession unmarked = get(docker.execs().create(id, "sleep", "1000").flatMap(docker.execs()::start));
        assertThat(failure(IllegalStateException.class, unmarked.kill())).hasMessageContaining("execs().open");
        assertThatThrownBy(() -> hidden.kill("; reboot")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> hidden.kill("")).isInstanceOf(IllegalArgumentException.class);
        failure(IllegalStateException.class, hidden.kill("NOSUCH"));

        ExecSession frozen = open(id, "sleep", "1000");
        eventually(() -> processes(id).stream().filter("sleep 1000"::equals).count() == 3);
        done(docker.containers().pause(id));
        failure(Conflict.class, frozen.kill());
        done(docker.containers().unpause(id));
        assertThat(get(frozen.kill())).isEqualTo(Outcome.CHANGED);
    }

    @Test
    void withTheContainerTheProgramHasEnded() {
        String id = idle();
        ExecSession session = open(id, "sleep", "1000");
        done(docker.containers().kill(id));
        done(session.output().then());
        assertThat(get(session.kill())).isEqualTo(Outcome.UNCHANGED);
        done(docker.containers().remove(id));
        assertThat(get(session.kill())).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void aRunThatIsCancelledLeavesItsProgramUnlessItWasToldToKillIt() {
        String id = idle();
        failure(TimeoutException.class, docker.execs().run(id, "sleep", "1212").timeout(Duration.ofSeconds(1)));
        failure(
                TimeoutException.class,
                docker.execs()
                        .run(id, exec -> exec.cmd("sleep", "3434").killOnCancel(true))
                        .timeout(Duration.ofSeconds(1)));
        eventually(() -> !runs(id, "sleep 3434"));
        assertThat(runs(id, "sleep 1212")).isTrue();
    }

    @Test
    void aRunToBeKilledEndsItsProgramAtWhateverStageItIsCancelled() {
        String id = idle();
        // From before anything was answered until long after the start.
        done(Flux.range(0, 40)
                .flatMap(
                        turn -> docker.execs()
                                .run(id, exec -> exec.cmd("sleep", "5656").killOnCancel(true))
                                .timeout(Duration.ofMillis(4L * turn))
                                .onErrorComplete(TimeoutException.class),
                        4)
                .then());
        int[] quiet = {0};
        eventually(() -> (quiet[0] = runs(id, "sleep 5656") ? 0 : quiet[0] + 1) > 15);
    }

    @Test
    void aRunToBeKilledEndsItsProgramWhenItFails() {
        String id = idle();
        Flux<ByteBuffer> broken = Flux.concat(
                Mono.just(bytes("x")), Mono.delay(Duration.ofMillis(300)).then(Mono.error(new ArithmeticException())));
        failure(ArithmeticException.class, docker.execs().run(id, exec -> exec.cmd("sh", "-c", "sleep 7878; :")
                .stdin(broken)
                .killOnCancel(true)));
        assertThat(runs(id, "sleep 7878")).isFalse();

        failure(DockerException.class, docker.execs().run("nosuch", exec -> exec.cmd("true")
                .killOnCancel(true)));
        assertThat(get(docker.execs()
                                .run(id, exec -> exec.cmd("sh", "-c", "exit 3").killOnCancel(true)))
                        .exitCode())
                .isEqualTo(3);
    }

    @Test
    void openTalksBothWaysAndHasTheExitCode() {
        ExecSession session = open(idle(), "sh", "-c", "cat; echo $FAIRLEAD_EXEC >&2; exit 4");
        done(session.write(Mono.just(bytes("hello"))).then(session.closeInput()));
        List<OutputFrame> output = all(session.output());
        assertThat(output).contains(OutputFrame.stdout("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(output).anyMatch(frame -> frame.text().matches("[0-9a-f]{32}\n"));
        assertThat(get(session.exitCode())).isEqualTo(4);
    }

    @Test
    void aResizeIsASignalAndItsSizeIsSeen() {
        ExecSession session = open(
                idle(), exec -> exec.cmd("sh", "-c", "trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done")
                        .tty(true));
        StepVerifier.create(session.output().map(OutputFrame::text).scan((before, next) -> before + next))
                .thenConsumeWhile(seen -> !seen.contains("ready\r\n"))
                .expectNextCount(1)
                .then(() -> done(session.resize(TerminalSize.of(33, 44))))
                .thenConsumeWhile(seen -> !seen.contains("33 44\r\n"))
                .expectNextCount(1)
                .then(() -> done(session.resize(TerminalSize.of(50, 132))))
                .thenConsumeWhile(seen -> !seen.contains("50 132\r\n"))
                .expectNextCount(1)
                .thenCancel()
                .verify(LIMIT);
        assertThat(get(session.kill())).isEqualTo(Outcome.CHANGED);
    }

    @Test
    void detachKeysEndTheSessionAndAreDataWithoutATerminal() {
        String id = idle();
        ExecSession session = open(id, exec -> exec.cmd("cat").tty(true));
        done(session.write(Mono.just(bytes("\u0010\u0011"))));
        // The Engine tells of it in the output itself.
        assertThat(text(session.output())).contains("read escape sequence");
        assertThat(get(session.exitCode())).isEqualTo(126);

        ExecSession plain = open(id, "cat");
        done(plain.write(Mono.just(bytes("\u0010\u0011"))).then(plain.closeInput()));
        assertThat(text(plain.output())).isEqualTo("\u0010\u0011");
        assertThat(get(plain.exitCode())).isZero();
    }
}
