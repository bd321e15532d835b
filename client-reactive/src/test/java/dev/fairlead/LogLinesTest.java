package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairlead.ScriptedLog.Form;
import dev.fairlead.ScriptedLog.Taken;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.LinesLost;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.OutputLine;
import dev.fairlead.model.OutputSource;
import dev.fairlead.testing.ChunkedAnswer;
import dev.fairlead.testing.Flood;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Signal;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

@Timeout(120)
final class LogLinesTest {

    private static final Instant START = Instant.parse("2026-11-24T10:40:39.999999998Z");
    private static final Reconnect SOON =
            Reconnect.of(wait -> wait.firstWait(Duration.ofMillis(1)).longestWait(Duration.ofMillis(2)));

    /** Equal times, both streams and out of order, pieces, and no end of the last line. */
    private static List<Taken> entries(boolean tty) {
        String piece = "p".repeat(16_384);
        List<Taken> entries = new ArrayList<>(shortEntries(tty));
        entries.add(new Taken(!tty, START.plusNanos(1), piece));
        entries.add(new Taken(!tty, START.plusNanos(1), piece));
        if (!tty) {
            entries.add(new Taken(false, START.plusNanos(3), "in between\n"));
        }
        entries.add(new Taken(!tty, START.plusNanos(1), "end\n"));
        entries.add(new Taken(false, START.plusSeconds(1), "\n"));
        entries.add(new Taken(false, START.plusSeconds(1), "no end"));
        return entries;
    }

    private static List<Taken> shortEntries(boolean tty) {
        return List.of(
                new Taken(false, START, "one\r\n"),
                new Taken(!tty, tty ? START : START.minusNanos(3), "zwei ä€😀\n"),
                new Taken(false, START, "same time\n"),
                new Taken(false, START, "and again\n"));
    }

    private static List<String> told(List<OutputLine> lines, OutputSource source) {
        return lines.stream()
                .filter(line -> line.source() == source)
                .map(line -> line.time() + " " + line.text() + (line.continued() ? "+" : ""))
                .toList();
    }

    private static void assertSame(List<OutputLine> seen, List<OutputLine> expected) {
        for (OutputSource source : OutputSource.values()) {
            assertThat(told(seen, source)).isEqualTo(told(expected, source));
        }
    }

    private static List<OutputLine> all(OnFakeEngine fake, Consumer<LogLinesOptions.Builder> options) {
        return OnFakeEngine.get(fake.docker.containers().logLines("c", options).collectList());
    }

    @ParameterizedTest
    @EnumSource
    void linesAreWholeInEveryForm(Form form) throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine(form.apiVersion)) {
            ScriptedLog log = new ScriptedLog(form, entries(form.tty));
            log.on(fake.engine);
            List<OutputLine> lines = all(fake, options -> {});
            OutputSource out = form.tty ? OutputSource.CONSOLE : OutputSource.STDOUT;
            OutputSource err = form.tty ? OutputSource.CONSOLE : OutputSource.STDERR;
            assertThat(told(lines, out))
                    .contains(START + " one", START + " same time", START + " and again", START.plusSeconds(1) + " ")
                    .endsWith(START.plusSeconds(1) + " no end");
            assertThat(told(lines, err))
                    .contains(
                            (form.tty ? START : START.minusNanos(3)) + " zwei ä€😀",
                            START.plusNanos(1) + " " + "p".repeat(32_768) + "end");
            assertThat(log.asked)
                    .singleElement()
                    .asString()
                    .contains("timestamps=[true]")
                    .doesNotContain("since");
            assertThat(log.asked.get(0).contains("format=[json]")).isEqualTo(form == Form.RECORDS);
        }
    }

    @Test
    void linesAreTheSameInFramesAndInRecords() throws Exception {
        List<List<OutputLine>> seen = new ArrayList<>();
        for (Form form : List.of(Form.FRAMES, Form.OLD_FRAMES, Form.RECORDS)) {
            try (OnFakeEngine fake = new OnFakeEngine(form.apiVersion)) {
                new ScriptedLog(form, entries(false)).on(fake.engine);
                seen.add(all(fake, options -> options.maxLineBytes(1000)));
            }
        }
        assertThat(seen.get(0)).hasSizeGreaterThan(32).isEqualTo(seen.get(1)).isEqualTo(seen.get(2));
    }

    /** Sent is delivered once, wherever the first connection is cut, and the second one shortly before. */
    @ParameterizedTest
    @EnumSource
    void resumedAfterACutAtAnyByte(Form form) throws Exception {
        List<Taken> entries = new ArrayList<>(shortEntries(form.tty));
        entries.add(new Taken(false, START.plusSeconds(1), "no end"));
        assertThat(resumedAfterEachCut(form, entries, 1)).isGreaterThan(300);
    }

    @ParameterizedTest
    @EnumSource
    void resumedAfterACutOfALongLine(Form form) throws Exception {
        assertThat(resumedAfterEachCut(form, entries(form.tty), Boolean.getBoolean("fairlead.long") ? 1 : 997))
                .isGreaterThan(30);
    }

    private static int resumedAfterEachCut(Form form, List<Taken> entries, int step) throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine(form.apiVersion)) {
            ScriptedLog whole = new ScriptedLog(form, entries);
            whole.on(fake.engine);
            List<OutputLine> expected = all(fake, options -> {});
            int length = whole.exchangeFrom(null).length;
            int tried = 0;
            for (int cut = 0; cut <= length; cut += step) {
                ScriptedLog log = new ScriptedLog(form, entries);
                log.cuts.addAll(List.of(cut, Math.max(0, cut - 17)));
                // Only so is it known that an answer without a length was cut.
                log.runsFor = form.chunked ? 0 : 3;
                log.on(fake.engine);
                int at = cut;
                List<OutputLine> seen = OnFakeEngine.get(fake.docker
                        .containers()
                        .logLines("c", options -> options.follow(true).resume(SOON))
                        .collectList()
                        .onErrorMap(failure -> new AssertionError("cut at " + at, failure)));
                assertThat(log.connections.get())
                        .as("connections when cut at %d", cut)
                        .isGreaterThan(1);
                assertSame(seen, expected);
                tried++;
            }
            return tried;
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutResumingACutIsATypedErrorOrTheEnd(Form form) throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine(form.apiVersion)) {
            ScriptedLog log = new ScriptedLog(form, shortEntries(form.tty));
            log.on(fake.engine);
            List<OutputLine> expected = all(fake, options -> {});
            int length = log.exchangeFrom(null).length;
            int failed = 0;
            int tried = 0;
            for (int cut = 0; cut < length; cut++) {
                log.cuts.clear();
                log.connections.set(0);
                log.cuts.add(cut);
                List<OutputLine> seen = new ArrayList<>();
                Signal<OutputLine> end = OnFakeEngine.get(fake.docker
                        .containers()
                        .logLines("c")
                        .doOnNext(seen::add)
                        .materialize()
                        .last());
                tried++;
                if (end.isOnError()) {
                    failed++;
                    assertThat(end.getThrowable()).isInstanceOfAny(Truncated.class, ConnectionFailed.class);
                } else {
                    assertThat(form.chunked)
                            .as("a cut at %d of a chunked answer is seen", cut)
                            .isFalse();
                }
                for (OutputSource source : OutputSource.values()) {
                    List<OutputLine> of = seen.stream()
                            .filter(line -> line.source() == source)
                            .toList();
                    List<OutputLine> all = expected.stream()
                            .filter(line -> line.source() == source)
                            .toList();
                    for (int at = 0; at < of.size(); at++) {
                        OutputLine line = of.get(at);
                        if (at < of.size() - 1) {
                            assertThat(line).isEqualTo(all.get(at));
                        } else {
                            // Without a length nothing tells the cut: not in a line's end, nor in a character.
                            assertThat(all.get(at).text() + "\r")
                                    .startsWith(line.text().replace("\uFFFD", ""));
                            assertThat(line.continued()).isEqualTo(end.isOnError() && !line.equals(all.get(at)));
                        }
                    }
                }
            }
            assertThat(failed).isGreaterThanOrEqualTo(form.chunked ? tried : 100);
        }
    }

    @Test
    void whatWasAskedForStaysSoOnEachConnection() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            ScriptedLog log = new ScriptedLog(
                    Form.FRAMES,
                    List.of(new Taken(false, START, "x\n"), new Taken(false, START.plusSeconds(9), "y\n")));
            log.on(fake.engine);
            log.cuts.add(log.exchangeFrom(null).length - 1);
            all(fake, options -> options.follow(true)
                    .stdout(true)
                    .tail(5)
                    .attributes(false)
                    .until(START.plusSeconds(10))
                    .resume(SOON));
            assertThat(log.asked.get(0))
                    .contains("tail=[5]", "follow=[true]", "stdout=[true]", "until=[")
                    .doesNotContain("since");
            assertThat(log.asked.get(1))
                    .contains(
                            "follow=[true]",
                            "stdout=[true]",
                            "until=[",
                            "since=[" + START.plusSeconds(9).getEpochSecond() + ".999999998]")
                    .doesNotContain("tail");
            assertThat(log.asked).hasSize(2);
            assertThat(fake.engine.requests("GET", "/containers/c/logs")).isEmpty();
            assertThat(fake.engine.requests("GET", "/containers/full/logs")).hasSize(2);
        }
    }

    @Test
    void aTailThatHadNothingYetGoesOnFromThen() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            ScriptedLog log = new ScriptedLog(Form.FRAMES, List.of());
            log.on(fake.engine);
            log.cuts.add(log.exchangeFrom(null).length - 5);
            assertThat(all(fake, options -> options.follow(true).tail(0).resume(SOON)))
                    .isEmpty();
            assertThat(log.asked.get(1))
                    .contains("since=[" + Instant.parse("2026-11-24T10:40:50Z").getEpochSecond());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTailWhoseConnectionBreaksBeforeItsFirstLineIsAskedForAgain(Form form) throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine(form.apiVersion)) {
            ScriptedLog log = new ScriptedLog(
                    form,
                    List.of(
                            new Taken(false, START, "1\n"),
                            new Taken(false, START.plusSeconds(1), "2\n"),
                            // Meanwhile: the first connection is of 10:40:50.
                            new Taken(false, START.plusSeconds(60), "3\n")));
            log.cuts.add(log.headLength());
            log.runsFor = form.chunked ? 0 : 1;
            log.on(fake.engine);
            assertThat(all(fake, options -> options.follow(true).tail(2).resume(SOON)))
                    .extracting(OutputLine::text)
                    .containsExactly("2", "3");
            assertThat(log.asked.get(1)).contains("tail=[2]").doesNotContain("since");
        }
    }

    @ParameterizedTest
    @EnumSource
    void noLineIsLostWhereMoreThanTheTailWereWrittenMeanwhile(Form form) throws Exception {
        String unended = form.tty ? "5\n" : "5";
        try (OnFakeEngine fake = new OnFakeEngine(form.apiVersion)) {
            ScriptedLog log = new ScriptedLog(
                    form,
                    List.of(
                            new Taken(false, START, "1\n"),
                            new Taken(false, START.plusSeconds(60), "2\n"),
                            new Taken(false, START.plusSeconds(61), "3\n"),
                            new Taken(false, START.plusSeconds(62), "4\n"),
                            new Taken(false, START.plusSeconds(63), unended)));
            log.on(fake.engine);
            for (int tail : new int[] {1, 2}) {
                log.asked.clear();
                log.connections.set(0);
                log.cuts.clear();
                log.cuts.add(log.headLength());
                log.runsFor = form.chunked ? 0 : 1;
                assertThat(all(fake, options -> options.follow(true).tail(tail).resume(SOON)))
                        .extracting(OutputLine::text)
                        .containsExactly("2", "3", "4", "5");
                assertThat(log.asked.get(1)).contains("tail=[" + tail + "]");
                assertThat(log.asked.get(2)).contains("since=[").doesNotContain("tail");
            }
        }
    }

    @Test
    void aLogThatEndsWhileItsContainerRunsIsReadOn() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            List<Taken> entries =
                    Collections.synchronizedList(new ArrayList<>(List.of(new Taken(false, START, "x\n"))));
            ScriptedLog log = new ScriptedLog(Form.FRAMES, entries);
            log.runsFor = Integer.MAX_VALUE;
            log.on(fake.engine);
            StepVerifier.create(fake.docker
                            .containers()
                            .logLines("c", options -> options.follow(true).resume(SOON))
                            .map(OutputLine::text))
                    .expectNext("x")
                    .then(() -> entries.add(new Taken(false, START.plusSeconds(1), "y\n")))
                    .expectNext("y")
                    .then(() -> {
                        // Of a follower that was too slow for it: read once more.
                        entries.add(new Taken(true, START.plusSeconds(1), "z\n"));
                        log.runsFor = 0;
                    })
                    .expectNext("z")
                    .expectComplete()
                    .verify(OnFakeEngine.LIMIT);
            assertThat(log.asked.get(log.asked.size() - 1)).contains("follow=[false]");
        }
    }

    @Test
    void aContainerThatIsGoneAfterTheEndHasEnded() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            ScriptedLog log = new ScriptedLog(Form.FRAMES, List.of(new Taken(false, START, "x\n")));
            log.on(fake.engine);
            fake.engine.on(
                    "GET",
                    "/containers/full/json",
                    exchange -> exchange.answer(404, "{\"message\":\"No such container\"}"));
            assertThat(all(fake, options -> options.follow(true).resume(SOON))).hasSize(1);
        }
    }

    @Test
    void aContainerThatIsGoneAfterACutIsNotFound() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            ScriptedLog log = new ScriptedLog(Form.FRAMES, List.of(new Taken(false, START, "x\n")));
            log.on(fake.engine);
            log.cuts.add(log.exchangeFrom(null).length - 1);
            StepVerifier.create(fake.docker
                            .containers()
                            .logLines("c", options -> options.follow(true).resume(SOON))
                            .doOnNext(line -> fake.engine.on(
                                    "GET",
                                    "/containers/*/logs",
                                    exchange -> exchange.answer(404, "{\"message\":\"No such container\"}"))))
                    .expectNextCount(1)
                    .expectError(NotFound.class)
                    .verify(OnFakeEngine.LIMIT);
        }
    }

    @Test
    void aLogThatWasRotatedAwayMeanwhileIsAnError() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            List<Taken> entries =
                    Collections.synchronizedList(new ArrayList<>(List.of(new Taken(false, START, "x\n"))));
            ScriptedLog log = new ScriptedLog(Form.FRAMES, entries);
            log.on(fake.engine);
            log.cuts.add(log.exchangeFrom(null).length - 1);
            StepVerifier.create(fake.docker
                            .containers()
                            .logLines(
                                    "c",
                                    options -> options.follow(true).stdout(true).resume(SOON))
                            .doOnNext(line -> entries.set(0, new Taken(false, START.plusNanos(1), "y\n"))))
                    .expectNextCount(1)
                    .expectError(LinesLost.class)
                    .verify(OnFakeEngine.LIMIT);
        }
    }

    @Test
    void anEngineThatWasNeverThereIsNotWaitedFor() {
        try (DockerClient nowhere = EngineTest.nowhere(51)) {
            OnFakeEngine.failure(
                    ConnectionFailed.class, nowhere.containers().logLines("c", options -> options.resume(SOON)));
        }
    }

    @Test
    void demandIsExactOverConnections() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            ScriptedLog log = new ScriptedLog(
                    Form.FRAMES,
                    List.of(
                            new Taken(false, START, "1\n2\n3\n"),
                            new Taken(false, START, "4\n"),
                            new Taken(false, START.plusSeconds(1), "5\n6\n")));
            log.on(fake.engine);
            int length = log.exchangeFrom(null).length;
            // Each of the first two connections gives a line or more, and then breaks.
            log.cuts.addAll(List.of(length - 20, length - 6));
            StepVerifier.create(
                            fake.docker
                                    .containers()
                                    .logLines("c", options -> options.follow(true)
                                            .stdout(true)
                                            .resume(SOON))
                                    .map(OutputLine::text),
                            0)
                    .thenRequest(1)
                    .expectNext("1")
                    .then(() -> assertThat(log.connections.get()).isEqualTo(1))
                    .thenRequest(1)
                    .expectNext("2")
                    .thenRequest(3)
                    .expectNext("3", "4", "5")
                    .thenRequest(1)
                    .expectNext("6")
                    .thenRequest(1) // The end has to be read, too.
                    .expectComplete()
                    .verify(OnFakeEngine.LIMIT);
            assertThat(log.connections.get()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void withoutDemandNothingIsRead() throws Exception {
        Flood flood = new Flood(ByteBuffer.allocate(8 + 33)
                .putInt(1 << 24)
                .putInt(33)
                .put("2026-11-24T10:40:39.658271330Z x\n".getBytes(StandardCharsets.UTF_8))
                .array());
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            fake.engine.on("GET", "/containers/*/logs", exchange -> {
                ChunkedAnswer answer =
                        exchange.startChunked(200, Map.of("Content-Type", "application/vnd.docker.multiplexed-stream"));
                answer.flood(flood);
            });
            StepVerifier.create(fake.docker.containers().logLines("c", options -> options.follow(true)), 0)
                    .thenRequest(5)
                    .expectNextCount(5)
                    .then(() -> {
                        try {
                            long blocked = flood.awaitBlocked();
                            assertThat(flood.awaitBlocked()).isEqualTo(blocked);
                        } catch (InterruptedException stopped) {
                            throw new AssertionError(stopped);
                        }
                    })
                    .thenRequest(20_000)
                    .expectNextCount(20_000)
                    .thenCancel()
                    .verify(OnFakeEngine.LIMIT);
            flood.awaitEnd(OnFakeEngine.LIMIT);
        }
    }

    @Test
    void waitsGrowUntilLinesComeAndEndInGivingUp() throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            List<Taken> entries =
                    Collections.synchronizedList(new ArrayList<>(List.of(new Taken(false, START, "x\n"))));
            ScriptedLog log = new ScriptedLog(Form.FRAMES, entries);
            log.on(fake.engine);
            int length = log.exchangeFrom(null).length;
            // With a line, without a head three times, with a line, and then never more.
            log.cuts.addAll(List.of(length - 1, 0, 0, 0, length - 1));
            log.cuts.addAll(Collections.nCopies(20, 0));
            List<Signal<OutputLine>> seen = Collections.synchronizedList(new ArrayList<>());
            Disposable reading = fake.docker
                    .containers()
                    .logLines(
                            "c", options -> options.follow(true).stdout(true).resume(Reconnect.of(wait -> wait.jitter(0)
                                    .firstWait(Duration.ofMillis(100))
                                    .longestWait(Duration.ofSeconds(1))
                                    .giveUpAfter(Duration.ofSeconds(3)))))
                    .materialize()
                    .subscribe(seen::add);
            int attempts = 1;
            for (long wait : new long[] {100, 200, 400, 800, 100, 200, 400, 800, 1000, 500}) {
                waitsFor(time, log, attempts, 2L * attempts);
                time.advanceTimeBy(Duration.ofMillis(wait - 1));
                assertThat(log.connections.get()).as("before %d ms", wait).isEqualTo(attempts);
                time.advanceTimeBy(Duration.ofMillis(1));
                attempts++;
            }
            eventually("end", reading::isDisposed);
            assertThat(log.connections.get()).isEqualTo(attempts);
            assertThat(seen).hasSize(2);
            assertThat(Objects.requireNonNull(seen.get(1).getThrowable())).isInstanceOf(ConnectionFailed.class);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void anEngineThatTakesConnectionsAndSaysNothingIsGivenUpInTime() throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try (OnFakeEngine fake = new OnFakeEngine("1.51", config -> config.responseTimeout(Duration.ofSeconds(20)))) {
            ScriptedLog log = new ScriptedLog(Form.FRAMES, List.of(new Taken(false, START, "x\n")));
            log.on(fake.engine);
            log.cuts.add(log.exchangeFrom(null).length - 1);
            log.stallsFrom = 1;
            List<Signal<OutputLine>> seen = Collections.synchronizedList(new ArrayList<>());
            Disposable reading = fake.docker
                    .containers()
                    .logLines(
                            "c", options -> options.follow(true).stdout(true).resume(Reconnect.of(wait -> wait.jitter(0)
                                    .firstWait(Duration.ofMillis(100))
                                    .giveUpAfter(Duration.ofSeconds(30)))))
                    .materialize()
                    .subscribe(seen::add);
            waitsFor(time, log, 1, 2);
            time.advanceTimeBy(Duration.ofMillis(100));
            eventually("second connection", () -> log.connections.get() == 2);
            // The response time-out, and then the next wait.
            time.advanceTimeBy(Duration.ofSeconds(20));
            waitsFor(time, log, 2, 4);
            time.advanceTimeBy(Duration.ofMillis(200));
            eventually("third connection", () -> log.connections.get() == 3);
            // What is left of the 30 s.
            time.advanceTimeBy(Duration.ofMillis(9_699));
            assertThat(reading.isDisposed()).isFalse();
            time.advanceTimeBy(Duration.ofMillis(1));
            eventually("end", reading::isDisposed);
            assertThat(seen).hasSize(2);
            assertThat(Objects.requireNonNull(seen.get(1).getThrowable()))
                    .isInstanceOf(ConnectionFailed.class)
                    .hasMessageContaining("no answer within 9700 ms");
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void aLogThatIsConnectedAgainMayBeQuiet() throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        AtomicInteger heads = new AtomicInteger();
        ExchangeFilter counting = new ExchangeFilter() {
            @Override
            public void answered(ExchangeRequest request, ExchangeAnswer answer) {
                heads.addAndGet(request.operation().endsWith("/logs") ? 1 : 0);
            }
        };
        LoopResources one = LoopResources.create("quiet-log", 1, true);
        try (OnFakeEngine fake =
                new OnFakeEngine("1.51", config -> config.eventLoops(one).filter(counting))) {
            ScriptedLog log = new ScriptedLog(
                    Form.FRAMES,
                    List.of(new Taken(false, START, "x\n"), new Taken(false, START.plusSeconds(1), "y\n")));
            log.on(fake.engine);
            log.cuts.add(log.headLength() + 50);
            log.stallsFrom = 1;
            log.stallsAfter = log.headLength();
            List<String> seen = Collections.synchronizedList(new ArrayList<>());
            Disposable reading = fake.docker
                    .containers()
                    .logLines("c", options -> options.follow(true).stdout(true).resume(Reconnect.defaults()))
                    .subscribe(line -> seen.add(line.text()));
            waitsFor(time, log, 1, 2);
            time.advanceTimeBy(Duration.ofMillis(100));
            eventually("second head", () -> heads.get() == 2);
            // Whatever its only event loop does next comes after what it did about the head.
            var unused = OnFakeEngine.get(fake.docker.system().ping());
            time.advanceTimeBy(Duration.ofDays(1));
            assertThat(log.connections.get()).isEqualTo(2);
            log.stalled.open();
            eventually("end", reading::isDisposed);
            assertThat(seen).containsExactly("x", "y");
        } finally {
            one.dispose();
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void waitsGrowWhereALogEndsEarlyAndItsContainerRuns() throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            List<Taken> entries =
                    Collections.synchronizedList(new ArrayList<>(List.of(new Taken(false, START, "x\n"))));
            ScriptedLog log = new ScriptedLog(Form.FRAMES, entries);
            log.runsFor = Integer.MAX_VALUE;
            log.on(fake.engine);
            List<String> seen = Collections.synchronizedList(new ArrayList<>());
            Disposable reading = fake.docker
                    .containers()
                    .logLines(
                            "c", options -> options.follow(true).stdout(true).resume(Reconnect.of(wait -> wait.jitter(0)
                                    .firstWait(Duration.ofMillis(100))
                                    .longestWait(Duration.ofSeconds(1)))))
                    .subscribe(line -> seen.add(line.text()));
            int attempts = 1;
            for (long wait : new long[] {100, 200, 400, 800, 1000, 1000, 100, 200}) {
                waitsFor(time, log, attempts, 3L * attempts);
                if (attempts == 6) {
                    entries.add(new Taken(false, START.plusSeconds(1), "y\n"));
                }
                time.advanceTimeBy(Duration.ofMillis(wait - 1));
                assertThat(log.connections.get()).as("before %d ms", wait).isEqualTo(attempts);
                time.advanceTimeBy(Duration.ofMillis(1));
                attempts++;
            }
            waitsFor(time, log, attempts, 3L * attempts);
            assertThat(seen).containsExactly("x", "y");
            reading.dispose();
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void cancellingEndsTheWaiting() throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            ScriptedLog log = new ScriptedLog(Form.FRAMES, List.of(new Taken(false, START, "x\n")));
            log.on(fake.engine);
            log.cuts.add(log.exchangeFrom(null).length - 1);
            Disposable reading = fake.docker
                    .containers()
                    .logLines("c", options -> options.follow(true).resume(Reconnect.defaults()))
                    .subscribe();
            waitsFor(time, log, 1, 2);
            reading.dispose();
            time.advanceTimeBy(Duration.ofMinutes(1));
            assertThat(log.connections.get()).isEqualTo(1);
            fake.engine.awaitRequests(3, OnFakeEngine.LIMIT);
            assertThat(fake.engine.requests("GET", "/containers/*/logs")).hasSize(1);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    /**
     * So many connections were made, and the wait for the next one has begun.
     *
     * @param tasks how many limits and waits there have been with it: the limit of the negotiation that went before, the waits, the
     *     limits of the heads from the second one on, those of the looks at a container whose log ended
     */
    private static void waitsFor(VirtualTimeScheduler time, ScriptedLog log, int connections, long tasks) {
        eventually(
                "wait after connection " + connections,
                () -> log.connections.get() == connections && time.getScheduledTaskCount() >= tasks);
    }

    private static void eventually(String what, BooleanSupplier check) {
        long end = System.nanoTime() + OnFakeEngine.LIMIT.toNanos();
        while (!check.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void optionsAreChecked() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> LogLinesOptions.of(options -> options.maxLineBytes(3)));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> LogLinesOptions.of(options -> options.tail(-1)));
        LogLinesOptions both = LogLinesOptions.of(options -> {});
        assertThat(both.stdout() && both.stderr()).isTrue();
        LogLinesOptions one = LogLinesOptions.of(options -> options.stderr(true));
        assertThat(one.stdout()).isFalse();
    }
}
