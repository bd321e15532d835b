package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.ContainerCreateOptions;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.TerminalSize;
import dev.fairlead.testing.OutermostEngines;
import dev.fairlead.testing.RealEngine;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Attaching to what does not run, no longer runs or runs for ever, and the ways out of a session. */
@OutermostEngines
final class AttachStatesIT extends EngineTest {

    AttachStatesIT(RealEngine engine) {
        super(engine);
    }

    private Consumer<ContainerCreateOptions.Builder> terminal(String shell) {
        return container -> container.cmd("sh", "-c", shell).openStdin(true).tty(true);
    }

    private static Flux<String> growing(Session session) {
        return session.output().map(OutputFrame::text).scan((before, next) -> before + next);
    }

    private boolean isRunning(String id) {
        return Objects.requireNonNull(get(docker.containers().inspect(id)).state())
                .running();
    }

    @Test
    void anEndedContainerIsAConflictAndNoSilence() {
        String id = ended("echo x; exit 3");
        int before = openFiles();
        assertThat(failure(Conflict.class, docker.containers().attach(id)))
                .hasMessageContaining("has ended with exit code 3")
                .hasMessageContaining("logs(id)");
        assertThat(failure(Conflict.class, docker.containers().attach(id, attach -> attach.stream(true)
                        .logs(true))))
                .hasMessageContaining("startAttached(id)");
        failure(Conflict.class, docker.containers().attachWebSocket(id));
        // Its log alone does end.
        assertThat(text(docker.containers()
                        .attach(id, attach -> attach.logs(true))
                        .flatMapMany(Session::output)))
                .isEqualTo("x\n");
        eventually(() -> openFiles() <= before);
    }

    @Test
    void aContainerThatEndsMeanwhileIsOneOrTheOther() {
        for (int turn = 0; turn < 20; turn++) {
            String id = start("echo x");
            // Whatever comes first: an end of the output, or a conflict, and never nothing.
            done(docker.containers()
                    .attach(id)
                    .flatMapMany(Session::output)
                    .then()
                    .onErrorComplete(Conflict.class));
        }
    }

    @Test
    void startAttachedMissesNothingAndStartsAgain() {
        String id = create("echo $$; echo err >&2; exit 4");
        for (int turn = 0; turn < 3; turn++) {
            Session session = get(docker.containers().startAttached(id));
            assertThat(text(session.output()))
                    .hasSize("1\nerr\n".length())
                    .contains("1\n")
                    .contains("err\n");
            assertThat(get(docker.containers().awaitExit(id)).code()).isEqualTo(4);
        }
        assertThat(text(docker.containers()
                        .startAttached(id, attach -> attach.stdout(true))
                        .flatMapMany(Session::output)))
                .isEqualTo("1\n");
    }

    @Test
    void startAttachedTakesInput() {
        String id = create(container -> container.cmd("cat").openStdin(true).stdinOnce(true));
        Session session = get(docker.containers().startAttached(id, attach -> attach.stdin(true)));
        done(session.write(Mono.just(bytes("hello"))).then(session.closeInput()));
        assertThat(text(session.output())).isEqualTo("hello");
    }

    @Test
    void aStartThatFailsClosesTheSession() {
        int before = openFiles();
        String id = create(container -> container.cmd("nosuch"));
        failure(InvalidRequest.class, docker.containers().startAttached(id));
        failure(NotFound.class, docker.containers().startAttached("nosuch"));
        eventually(() -> openFiles() <= before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ctrl-a,x"})
    void keysThatDetachCompleteTheOutputAndTheContainerGoesOn(String keys) {
        String id = create(terminal("cat"));
        Session session = get(docker.containers()
                .startAttached(id, attach -> (keys.isEmpty() ? attach : attach.detachKeys(keys)).stdin(true)));
        StepVerifier.create(growing(session))
                .then(() -> done(session.write(Mono.just(bytes("a\n")))))
                .thenConsumeWhile(seen -> !seen.startsWith("a\r\na\r\n"))
                .expectNextCount(1)
                .then(() -> done(session.write(Mono.just(bytes(keys.isEmpty() ? "\u0010\u0011" : "\u0001x")))))
                .thenConsumeWhile(seen -> true)
                .expectComplete()
                .verify(LIMIT);
        failure(ConnectionFailed.class, session.write(Mono.just(bytes("late"))));
        assertThat(isRunning(id)).isTrue();
        // One may come back.
        Session again = get(docker.containers().attach(id, attach -> attach.stdin(true)));
        StepVerifier.create(growing(again))
                .then(() -> done(again.write(Mono.just(bytes("b\n")))))
                .thenConsumeWhile(seen -> !seen.startsWith("b\r\nb\r\n"))
                .expectNextCount(1)
                .thenCancel()
                .verify(LIMIT);
    }

    @Test
    void withoutATerminalTheSameKeysAreData() {
        String id = create(container -> container.cmd("cat").openStdin(true).stdinOnce(true));
        Session session = get(docker.containers().startAttached(id, attach -> attach.stdin(true)));
        done(session.write(Mono.just(bytes("\u0010\u0011"))).then(session.closeInput()));
        assertThat(text(session.output())).isEqualTo("\u0010\u0011");
    }

    @Test
    void aResizeIsASignalAndItsSizeIsSeen() {
        String id = create(terminal("trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done"));
        Session session = get(docker.containers().startAttached(id));
        StepVerifier.create(growing(session))
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
    }

    @Test
    void anInputWhoseSourceFailsFailsItsWriteAndNothingElse() {
        String id = create(container -> container.cmd("cat").openStdin(true).stdinOnce(true));
        Session session = get(docker.containers().startAttached(id, attach -> attach.stdin(true)));
        failure(
                ArithmeticException.class,
                session.write(Flux.concat(Mono.just(bytes("one ")), Mono.error(new ArithmeticException()))));
        done(session.write(Mono.just(bytes("two"))).then(session.closeInput()));
        assertThat(text(session.output())).isEqualTo("one two");
        assertThat(get(docker.containers().awaitExit(id)).isSuccess()).isTrue();
    }

    @Test
    void outputThatEndsFirstIsWholeAndFailsTheWrite() {
        String id = create(container ->
                container.cmd("sh", "-c", "seq 1 20000; exit 6").openStdin(true).stdinOnce(true));
        Session session = get(docker.containers().startAttached(id, attach -> attach.stdin(true)));
        Mono<Throwable> broken = session.write(Flux.generate(sink -> sink.next(bytes("x".repeat(10_000)))))
                .cast(Throwable.class)
                .onErrorResume(Mono::just);
        Mono<Long> lines = session.output()
                .map(frame -> frame.text()
                        .chars()
                        .filter(character -> character == '\n')
                        .count())
                .reduce(0L, Long::sum);
        var both = get(Mono.zip(lines, broken));
        assertThat(both.getT1()).isEqualTo(20_000);
        assertThat(both.getT2()).isInstanceOf(ConnectionFailed.class);
        assertThat(get(docker.containers().awaitExit(id)).code()).isEqualTo(6);
    }

    @Test
    void aTerminalsWebSocketTakesItsKeyAndADetach() {
        String id = create(terminal("cat"));
        Session session = get(docker.containers().attachWebSocket(id, attach -> {
            if (has(42)) {
                attach.stdin(true).stdout(true);
            }
        }));
        done(docker.containers().start(id));
        StepVerifier.create(growing(session))
                .then(() -> done(session.write(Mono.just(bytes("a\n")))))
                .thenConsumeWhile(seen -> !seen.startsWith("a\r\na\r\n"))
                .expectNextCount(1)
                .then(() -> done(session.closeInput()))
                .thenConsumeWhile(seen -> true)
                .expectComplete()
                .verify(LIMIT);
        assertThat(get(docker.containers().awaitExit(id)).isSuccess()).isTrue();
    }
}
