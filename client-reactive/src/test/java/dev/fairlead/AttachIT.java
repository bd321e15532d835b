package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.ContainerCreateOptions;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.TerminalSize;
import dev.fairlead.testing.RealEngine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The input and output of a container's own process. */
final class AttachIT extends EngineTest {

    AttachIT(RealEngine engine) {
        super(engine);
    }

    private Consumer<ContainerCreateOptions.Builder> withInput(String... command) {
        return container -> container.cmd(command).openStdin(true).stdinOnce(true);
    }

    private Session attach(String id) {
        return get(docker.containers()
                .attach(
                        id,
                        attach -> attach.stream(true).stdin(true).stdout(true).stderr(true)));
    }

    private void startIt(String id) {
        done(docker.containers().start(id));
    }

    /** The text so far, at each frame. */
    private static Flux<String> growing(Session session) {
        return session.output().map(OutputFrame::text).scan((before, next) -> before + next);
    }

    @Test
    void attachedBeforeTheStartNothingIsMissed() {
        String id = create("echo out; echo err >&2");
        Session session = get(docker.containers().attach(id));
        startIt(id);
        assertThat(all(session.output()))
                .containsExactlyInAnyOrder(
                        OutputFrame.stdout("out\n".getBytes(StandardCharsets.UTF_8)),
                        OutputFrame.stderr("err\n".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void oneStreamIsEnough() {
        String id = create("echo out; echo err >&2");
        Session session = get(docker.containers().attach(id, attach -> attach.stderr(true)));
        startIt(id);
        assertThat(all(session.output())).containsExactly(OutputFrame.stderr("err\n".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theEndOfTheInputReachesTheProcess() {
        String id = create(withInput("sh", "-c", "cat >/dev/null; echo done"));
        Session session = attach(id);
        startIt(id);
        done(session.write(Flux.just(bytes("some "), bytes("input\n"))).then(session.closeInput()));
        assertThat(text(session.output())).isEqualTo("done\n");
        assertThat(get(docker.containers().awaitExit(id)).isSuccess()).isTrue();
    }

    @Test
    void inputComesBackWhole() {
        String id = create(withInput("cat"));
        Session session = attach(id);
        startIt(id);
        Mono<Void> feed = session.write(Flux.range(0, 2_000).map(i -> bytes("line " + i + "\n")))
                .then(session.closeInput());
        String seen = text(session.output().mergeWith(feed.then(Mono.empty())));
        assertThat(seen).hasLineCount(2_000).startsWith("line 0\n").endsWith("line 1999\n");
    }

    @Test
    void severalWritesFollowEachOther() {
        String id = create(withInput("cat"));
        Session session = attach(id);
        startIt(id);
        done(session.write(Mono.just(bytes("a"))));
        done(session.write(Mono.just(bytes("b"))));
        done(session.closeInput());
        assertThat(text(session.output())).isEqualTo("ab");
        assertThat(failure(IllegalStateException.class, session.write(Mono.just(bytes("c")))))
                .hasMessageContaining("closed");
    }

    @Test
    void anInputThatCannotEndSaysSo() {
        String id = create(container -> container.cmd("cat").openStdin(true));
        Session session = attach(id);
        startIt(id);
        assertThat(failure(IllegalStateException.class, session.closeInput())).hasMessageContaining("stdinOnce(true)");
        // And the session still works.
        StepVerifier.create(growing(session))
                .then(() -> done(session.write(Mono.just(bytes("x\n")))))
                .expectNext("x\n")
                .thenCancel()
                .verify(LIMIT);
    }

    @Test
    void aSessionWithoutInputSaysSo() {
        String id = create(withInput("cat"));
        Session session = get(docker.containers().attach(id));
        assertThat(failure(IllegalStateException.class, session.write(Mono.just(bytes("x")))))
                .hasMessageContaining("stdin(true)");
        assertThat(failure(IllegalStateException.class, session.closeInput())).hasMessageContaining("stdin(true)");
        session.close();
    }

    @Test
    void aTerminalsInputEndsByItsKey() {
        String id =
                create(withInput("sh", "-c", "cat >/dev/null; echo done").andThen(container -> container.tty(true)));
        Session session = attach(id);
        startIt(id);
        done(session.write(Mono.just(bytes("hello\n"))));
        done(session.closeInput());
        assertThat(text(session.output())).contains("hello\r\n").endsWith("done\r\n");
        assertThat(get(docker.containers().awaitExit(id)).isSuccess()).isTrue();
    }

    @Test
    void theTerminalCanBeResized() {
        String id = create(withInput("sh", "-c", "read x; stty size").andThen(container -> container.tty(true)));
        Session session = attach(id);
        startIt(id);
        done(session.resize(TerminalSize.of(40, 120)));
        done(session.write(Mono.just(bytes("\n"))));
        List<OutputFrame> output = all(session.output());
        assertThat(output).allSatisfy(frame -> assertThat(frame).isInstanceOf(OutputFrame.Console.class));
        assertThat(text(Flux.fromIterable(output))).contains("40 120");
    }

    @Test
    void detachKeysEndTheSessionAndNotTheContainer() {
        String id = create(withInput("cat").andThen(container -> container.tty(true)));
        Session session =
                get(docker.containers().attach(id, attach -> attach.stdin(true).detachKeys("ctrl-x,y")));
        startIt(id);
        StepVerifier.create(growing(session))
                .then(() -> done(session.write(Mono.just(bytes("a\n")))))
                .thenConsumeWhile(seen -> !seen.startsWith("a\r\na\r\n"))
                .consumeNextWith(seen -> assertThat(seen).startsWith("a\r\na\r\n"))
                .then(() -> done(session.write(Flux.just(bytes("\u0018"), bytes("y")))))
                .thenConsumeWhile(seen -> true)
                .expectComplete()
                .verify(LIMIT);
        assertThat(all(docker.containers().list().map(dev.fairlead.model.ContainerSummary::id)))
                .contains(id);
    }

    @Test
    void badDetachKeysAreRefused() {
        String id = create("true");
        assertThat(failure(
                                InvalidRequest.class,
                                docker.containers().attach(id, attach -> attach.detachKeys("ctrl-nosuch")))
                        .engineMessage())
                .contains("detach keys");
    }

    @Test
    void logsComeFirst() {
        String id = start("echo early; read x; echo late");
        assertThat(get(docker.containers().awaitExit(id)).code()).isLessThan(2);
        Session past = get(docker.containers().attach(id, attach -> attach.logs(true)));
        assertThat(text(past.output())).isEqualTo("early\nlate\n");
    }

    @Test
    void logsAndStreamJoin() {
        String id = start(withInput("sh", "-c", "echo early; read x; echo late"));
        get(docker.containers().logs(id, logs -> logs.follow(true)).next());
        Session session = get(docker.containers()
                .attach(id, attach -> attach.logs(true).stream(true).stdin(true)));
        done(session.write(Mono.just(bytes("\n"))));
        assertThat(text(session.output())).isEqualTo("early\nlate\n");
    }

    @Test
    void closeEndsTheOutput() {
        String id = idle();
        Session session = get(docker.containers().attach(id));
        StepVerifier.create(session.output())
                .then(session::close)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void outputHasOneSubscriber() {
        String id = idle();
        Session session = get(docker.containers().attach(id));
        StepVerifier.create(session.output())
                .then(() -> assertThat(failure(IllegalStateException.class, session.output()))
                        .hasMessageContaining("one subscriber"))
                .thenCancel()
                .verify(LIMIT);
    }

    @Test
    void aPausedContainerIsAConflict() {
        String id = idle();
        done(docker.containers().pause(id));
        assertThat(failure(Conflict.class, docker.containers().attach(id)).engineMessage())
                .contains("paused");
        done(docker.containers().unpause(id));
    }

    @Test
    void aMissingContainerIsNotFound() {
        failure(NotFound.class, docker.containers().attach("nosuch"));
    }
}
