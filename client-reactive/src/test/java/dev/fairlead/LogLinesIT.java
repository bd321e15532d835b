package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.NotImplemented;
import dev.fairlead.model.LogDriver;
import dev.fairlead.model.OutputLine;
import dev.fairlead.model.OutputSource;
import dev.fairlead.testing.RealEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

final class LogLinesIT extends EngineTest {

    LogLinesIT(RealEngine engine) {
        super(engine);
    }

    private String ended(String driver, boolean tty, String shell) {
        String id = start(container -> container
                .tty(tty)
                .cmd("sh", "-c", shell)
                .hostConfig(host -> host.logConfig(log -> log.type(LogDriver.of(driver)))));
        get(docker.containers().awaitExit(id));
        return id;
    }

    private static List<String> texts(List<OutputLine> lines) {
        return lines.stream().map(OutputLine::text).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"json-file", "local"})
    void aHundredThousandLinesAreExact(String driver) {
        String id = ended(driver, false, "seq 100000");
        long start = System.nanoTime();
        List<OutputLine> lines = all(docker.containers().logLines(id));
        Figures.add(
                engine.version(), "100,000 lines of the driver " + driver, Duration.ofNanos(System.nanoTime() - start));
        assertThat(texts(lines))
                .isEqualTo(IntStream.rangeClosed(1, 100_000)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.source()).isEqualTo(OutputSource.STDOUT);
            assertThat(line.time()).isAfter(Instant.EPOCH);
            assertThat(line.continued()).isFalse();
        });
        assertThat(texts(all(docker.containers()
                        .logLines(id, logs -> logs.follow(true).resume(Reconnect.defaults())))))
                .isEqualTo(texts(lines));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json-file", "local"})
    void longLinesAreWhole(String driver) {
        String a40 = "head -c 40960 /dev/zero | tr '\\0' a; echo; ";
        String b1024 = "head -c 1048576 /dev/zero | tr '\\0' b; echo; ";
        String c32 = "head -c 32768 /dev/zero | tr '\\0' c; echo; ";
        for (boolean tty : new boolean[] {false, true}) {
            String id = ended(driver, tty, a40 + "echo short; " + b1024 + c32 + "printf 'no end'");
            List<OutputLine> lines = all(docker.containers().logLines(id, logs -> logs.maxLineBytes(2 << 20)));
            if (tty && driver.equals("local") && engine.version().equals("20.10")) {
                // It forgets the end of a line that it has cut: what follows belongs to it, with its time.
                assertThat(String.join("", texts(lines))).contains("a".repeat(40_960), "short", "no end");
                continue;
            }
            assertThat(texts(lines))
                    .as("%s, terminal: %s", driver, tty)
                    .containsExactly("a".repeat(40_960), "short", "b".repeat(1 << 20), "c".repeat(32_768), "no end");
            assertThat(lines)
                    .extracting(OutputLine::source)
                    .containsOnly(tty ? OutputSource.CONSOLE : OutputSource.STDOUT);
            // What the Engine keeps in 64 pieces comes in 16 of those asked for.
            List<OutputLine> pieces = all(
                    docker.containers().logLines(id).filter(line -> line.text().startsWith("b")));
            assertThat(pieces)
                    .hasSize(16)
                    .extracting(OutputLine::time)
                    .containsOnly(lines.get(2).time());
            assertThat(pieces).filteredOn(OutputLine::continued).hasSize(15);
        }
    }

    @Test
    void bothStreamsHaveTheirLines() {
        String id = ended(
                "json-file", false, "for i in 1 2 3 4 5; do printf \"o$i\"; printf \"e$i\" >&2; echo; echo >&2; done");
        List<OutputLine> lines = all(docker.containers().logLines(id));
        assertThat(lines.stream()
                        .filter(line -> line.source() == OutputSource.STDOUT)
                        .map(OutputLine::text))
                .containsExactly("o1", "o2", "o3", "o4", "o5");
        assertThat(lines.stream()
                        .filter(line -> line.source() == OutputSource.STDERR)
                        .map(OutputLine::text))
                .containsExactly("e1", "e2", "e3", "e4", "e5");
        assertThat(all(docker.containers().logLines(id, logs -> logs.stderr(true))))
                .hasSize(5);
        assertThat(texts(all(docker.containers()
                        .logLines(id, logs -> logs.stdout(true).tail(2)))))
                .hasSizeBetween(0, 2);
        Instant third = Objects.requireNonNull(lines.stream()
                .filter(line -> line.text().equals("o3"))
                .findFirst()
                .orElseThrow()
                .time());
        assertThat(texts(all(docker.containers()
                        .logLines(id, logs -> logs.stdout(true).since(third)))))
                .containsExactly("o3", "o4", "o5");
        assertThat(texts(all(docker.containers()
                        .logLines(id, logs -> logs.stdout(true).until(third)))))
                .containsExactly("o1", "o2", "o3");
    }

    /** The line's end of a terminal is its own affair, and so is the text. */
    @Test
    void aTerminalsLinesHaveNoEnds() {
        String id = ended("json-file", true, "echo grüße; printf 'a\\rb\\n'; printf 'left\\377over'");
        assertThat(texts(all(docker.containers().logLines(id)))).containsExactly("grüße", "a\rb", "left\uFFFDover");
    }

    @Test
    void attributesAreThoseOfTheDriver() {
        String id = start(container -> container
                .cmd("echo", "x")
                .label("app", "shop, main")
                .env("COLOUR=dark blue")
                .hostConfig(host -> host.logConfig(
                        log -> log.type(LogDriver.of("json-file")).config(Map.of("labels", "app", "env", "COLOUR")))));
        get(docker.containers().awaitExit(id));
        assertThat(all(docker.containers().logLines(id, logs -> logs.attributes(true))))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.text()).isEqualTo("x");
                    assertThat(line.attributes())
                            .containsExactlyInAnyOrderEntriesOf(Map.of("app", "shop, main", "COLOUR", "dark blue"));
                });
        String plain = ended("echo y");
        assertThat(all(docker.containers().logLines(plain, logs -> logs.attributes(true))))
                .singleElement()
                .satisfies(line -> assertThat(line.text() + line.attributes()).isEqualTo("y{}"));
    }

    @Test
    void followedLinesComeUntilTheContainerStops() {
        String id = start("trap 'echo bye; exit 0' TERM; echo hi; while :; do sleep 0.05; done");
        for (boolean resume : new boolean[] {false, true}) {
            StepVerifier.Step<String> steps = StepVerifier.create(docker.containers()
                            .logLines(id, logs -> {
                                logs.follow(true);
                                if (resume) {
                                    logs.resume(Reconnect.defaults());
                                }
                            })
                            .map(OutputLine::text))
                    .expectNext("hi");
            if (resume) {
                steps.then(() -> done(docker.containers().stop(id)))
                        .expectNext("bye")
                        .expectComplete()
                        .verify(LIMIT);
            } else {
                steps.thenCancel().verify(LIMIT);
            }
        }
    }

    @Test
    void aSecondRunOfTheContainerIsNoPartOfALine() {
        String id = ended("printf 'no end'");
        get(docker.containers().start(id));
        get(docker.containers().awaitExit(id));
        assertThat(texts(all(docker.containers().logLines(id)))).containsExactly("no end", "no end");
    }

    @Test
    void whatCannotBeReadIsAnError() {
        String id = ended("none", false, "echo x");
        assertThat(failure(NotImplemented.class, docker.containers().logLines(id))
                        .engineMessage())
                .contains("does not support reading");
        failure(NotImplemented.class, docker.containers().logLines(id, logs -> logs.resume(Reconnect.defaults())));
        failure(NotFound.class, docker.containers().logLines("nosuch"));
        failure(NotFound.class, docker.containers().logLines("nosuch", logs -> logs.resume(Reconnect.defaults())));
    }

    @Test
    void sessionsHaveLinesToo() {
        List<OutputLine> lines = all(docker.containers()
                .run(IMAGE, run -> run.cmd("sh", "-c", "seq 3; seq 7 8 >&2"))
                .flatMapMany(run -> run.output().transform(Lines.of())));
        assertThat(lines.stream()
                        .filter(line -> line.source() == OutputSource.STDOUT)
                        .map(OutputLine::text))
                .containsExactly("1", "2", "3");
        assertThat(lines.stream()
                        .filter(line -> line.source() == OutputSource.STDERR)
                        .map(OutputLine::text))
                .containsExactly("7", "8");
        String id = ended("seq 3");
        assertThat(all(docker.containers()
                        .logs(id, logs -> logs.timestamps(true))
                        .transform(Lines.of(made -> made.timestamps(true)))))
                .isEqualTo(all(docker.containers().logLines(id)));
    }
}
