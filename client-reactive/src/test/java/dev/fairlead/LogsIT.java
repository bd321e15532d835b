package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.NotImplemented;
import dev.fairlead.model.LogDriver;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.RealEngine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

final class LogsIT extends EngineTest {

    private static final String UNTIL_TERM = "trap 'echo bye; exit 0' TERM; echo hi; while :; do sleep 0.05; done";

    LogsIT(RealEngine engine) {
        super(engine);
    }

    @Test
    void bothStreamsComeUnlessOneIsNamed() {
        String id = ended("echo out; echo err >&2");
        assertThat(all(docker.containers().logs(id)))
                .containsExactlyInAnyOrder(
                        OutputFrame.stdout("out\n".getBytes(StandardCharsets.UTF_8)),
                        OutputFrame.stderr("err\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(all(docker.containers().logs(id, logs -> logs.stdout(true))))
                .containsExactly(OutputFrame.stdout("out\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(all(docker.containers().logs(id, logs -> logs.stderr(true))))
                .containsExactly(OutputFrame.stderr("err\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(all(docker.containers().logs(id, logs -> logs.stdout(false).stderr(false))))
                .hasSize(2);
    }

    @Test
    void aTerminalHasOneStreamAndNoFrames() {
        String id = start(container -> container.tty(true).cmd("sh", "-c", "echo out; echo err >&2"));
        get(docker.containers().awaitExit(id));
        Flux<OutputFrame> logs = docker.containers().logs(id);
        assertThat(all(logs)).isNotEmpty().allSatisfy(frame -> assertThat(frame)
                .isInstanceOf(OutputFrame.Console.class));
        assertThat(text(logs)).isEqualTo("out\r\nerr\r\n");
    }

    @Test
    void tailKeepsTheEnd() {
        String id = ended("seq 1 100");
        assertThat(text(docker.containers().logs(id, logs -> logs.tail(3)))).isEqualTo("98\n99\n100\n");
        assertThat(text(docker.containers().logs(id, logs -> logs.tail(0)))).isEmpty();
        assertThat(text(docker.containers().logs(id))).startsWith("1\n2\n").hasLineCount(100);
    }

    @Test
    void timestampsAreTheMarksForSinceAndUntil() {
        String id = ended("for i in 1 2 3 4; do echo $i; sleep 0.02; done");
        List<String> lines = text(docker.containers().logs(id, logs -> logs.timestamps(true)))
                .lines()
                .toList();
        assertThat(lines).hasSize(4);
        Instant second = Instant.parse(lines.get(1).split(" ", 2)[0]);
        Instant third = Instant.parse(lines.get(2).split(" ", 2)[0]);
        assertThat(third).isAfter(second);
        assertThat(text(docker.containers().logs(id, logs -> logs.since(third))))
                .isEqualTo("3\n4\n");
        assertThat(text(docker.containers().logs(id, logs -> logs.until(second))))
                .isEqualTo("1\n2\n");
        assertThat(text(docker.containers().logs(id, logs -> logs.since(second).until(third))))
                .isEqualTo("2\n3\n");
    }

    @Test
    void followGoesOnUntilTheContainerStops() {
        String id = start(UNTIL_TERM);
        StepVerifier.create(
                        docker.containers().logs(id, logs -> logs.follow(true)).map(OutputFrame::text))
                .expectNext("hi\n")
                .then(() -> done(docker.containers().stop(id)))
                .expectNext("bye\n")
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void followWithTailStartsNearTheEnd() {
        String id = start("seq 1 50; " + UNTIL_TERM);
        get(docker.containers()
                .logs(id, logs -> logs.follow(true))
                .filter(frame -> frame.text().endsWith("hi\n"))
                .next());
        StepVerifier.create(docker.containers()
                        .logs(id, logs -> logs.follow(true).tail(1))
                        .map(OutputFrame::text))
                .expectNext("hi\n")
                .thenCancel()
                .verify(LIMIT);
    }

    @Test
    void followOfATerminal() {
        String id = start(container -> container.tty(true).cmd("sh", "-c", UNTIL_TERM));
        StepVerifier.create(docker.containers()
                        .logs(id, logs -> logs.follow(true))
                        .map(OutputFrame::text)
                        .scan((before, next) -> before + next))
                .thenConsumeWhile(seen -> !seen.endsWith("hi\r\n"))
                .expectNext("hi\r\n")
                .then(() -> done(docker.containers().stop(id)))
                .thenConsumeWhile(seen -> !seen.endsWith("bye\r\n"))
                .expectNext("hi\r\nbye\r\n")
                .expectComplete()
                .verify(LIMIT);
        assertThat(text(docker.containers().logs(id))).isEqualTo("hi\r\nbye\r\n");
    }

    @Test
    void aContainerThatWasNeverStartedHasNone() {
        String id = create("true");
        assertThat(all(docker.containers().logs(id))).isEmpty();
        assertThat(all(docker.containers().logs(id, logs -> logs.follow(true)))).isEmpty();
    }

    @Test
    void longOutputArrivesWhole() {
        String id = ended("seq 1 20000");
        String text = text(docker.containers().logs(id));
        assertThat(text).hasLineCount(20_000).startsWith("1\n").endsWith("\n20000\n");
    }

    @Test
    void aDriverThatCannotBeReadIsNotImplemented() {
        String id = start(container ->
                container.cmd("echo", "x").hostConfig(host -> host.logConfig(log -> log.type(LogDriver.of("none")))));
        get(docker.containers().awaitExit(id));
        assertThat(failure(NotImplemented.class, docker.containers().logs(id)).engineMessage())
                .contains("does not support reading");
    }

    @Test
    void aMissingContainerIsNotFound() {
        assertThat(failure(NotFound.class, docker.containers().logs("nosuch")).engineMessage())
                .contains("nosuch");
    }
}
