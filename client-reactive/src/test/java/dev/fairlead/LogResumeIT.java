package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.OutputLine;
import dev.fairlead.model.OutputSource;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.OutermostEngines;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** An Engine that is killed and started again under many streams, while its containers go on. */
@OutermostEngines
final class LogResumeIT extends EngineTest {

    private static final int LINES = Boolean.getBoolean("fairlead.long") ? 1_000_000 : 100_000;
    private static final int STREAMS = 200;

    /** What there is room for on the way of lines of 33 bytes, 112 KiB in a pipe, in containerd's shim and in the Engine, and a little more. */
    private static final int MOST_IN_ITS_HANDS = 4_000;

    private static final String PADDING = " of a great many lines";

    LogResumeIT(RealEngine engine) {
        super(engine);
    }

    /** Takes the numbers of a log, each of which has to be higher than the one before. */
    private static final class Counter {

        final AtomicLong last = new AtomicLong();
        final List<Long> numbers = java.util.Collections.synchronizedList(new ArrayList<>());
        final AtomicReference<@Nullable String> wrong = new AtomicReference<>();
        final CountDownLatch ended = new CountDownLatch(1);
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Disposable count(Flux<OutputLine> lines) {
            return lines.doFinally(how -> ended.countDown())
                    .subscribe(
                            line -> {
                                long number = number(line);
                                if (number <= last.get() && wrong.get() == null) {
                                    wrong.set(line.text() + " of " + line.time() + " after " + last.get());
                                }
                                numbers.add(number);
                                last.set(number);
                            },
                            failure::set);
        }
    }

    @NewestEngine
    @Test
    @Timeout(600)
    void everyLineComesOnceOverAnEngineThatIsKilledUnderManyStreams() throws Exception {
        int before;
        try (RealEngine other = RealEngine.withLiveRestore();
                DockerClient client = DockerClient.create(config -> config.host(other.host()))) {
            String id = counting(client, LINES);
            get(client.system().ping());
            before = openFiles();
            Counter counter = new Counter();
            Disposable reading = counter.count(client.containers()
                    .logLines(id, logs -> logs.follow(true).stdout(true).resume(quick())));
            AtomicInteger ended = new AtomicInteger();
            List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
            CountDownLatch others = new CountDownLatch(STREAMS);
            List<Disposable> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                streams.add(plain(client, id, i)
                        .doFinally(how -> others.countDown())
                        .subscribe(value -> {}, failures::add, ended::incrementAndGet));
            }
            eventually(() -> counter.last.get() > LINES / 100);
            long at = counter.last.get();
            long start = System.nanoTime();
            other.kill();
            // None hangs: each ends by itself, since nothing tells an attached stream's cut from its end.
            assertThat(others.await(60, TimeUnit.SECONDS))
                    .as("%d streams have not ended", others.getCount())
                    .isTrue();
            long noticed = System.nanoTime() - start;
            assertThat(ended.get() + failures.size()).isEqualTo(STREAMS);
            assertThat(failures).hasOnlyElementsOfTypes(Truncated.class, ConnectionFailed.class);
            other.restart();
            long back = counter.last.get();
            eventually(() -> counter.last.get() > back || counter.ended.getCount() == 0);
            assertThat(counter.ended.await(300, TimeUnit.SECONDS)).isTrue();
            assertThat(counter.failure.get()).isNull();
            assertThat(counter.wrong.get()).isNull();
            assertThat(counter.last.get()).isEqualTo(LINES);
            // All that the Engine has: what it had read and not yet kept when it was killed, it has lost for everybody.
            assertThat(counter.numbers)
                    .isEqualTo(all(client.containers().logLines(id).map(LogResumeIT::number)));
            int lost = LINES - counter.numbers.size();
            assertThat(lost).isLessThan(MOST_IN_ITS_HANDS);
            assertThat(reading.isDisposed()).isTrue();
            streams.forEach(Disposable::dispose);
            eventually(() -> openFiles() <= before);
            Figures.add(
                    engine.version(),
                    "killed at line " + at + " of " + LINES + ": " + STREAMS + " other streams ended ("
                            + failures.size() + " failed), the log came as the Engine has it, which lost " + lost
                            + " lines; until all had noticed",
                    Duration.ofNanos(noticed));
        }
    }

    /** Logs, events, measurements and attached output, as they are without any resuming. */
    private static Flux<?> plain(DockerClient client, String id, int number) {
        return switch (number % 4) {
            case 0 -> client.containers().logs(id, logs -> logs.follow(true).tail(1));
            case 1 -> client.system().events();
            case 2 -> client.containers().stats(id);
            default -> client.containers().attach(id).flatMapMany(Session::output);
        };
    }

    @Test
    @Timeout(600)
    void linesOfBothStreamsComeOnceOverManyRestarts() throws Exception {
        try (RealEngine other = RealEngine.withLiveRestore();
                DockerClient client = DockerClient.create(config -> config.host(other.host()))) {
            String id = get(client.containers()
                            .create(
                                    IMAGE,
                                    container -> container.cmd(
                                            "sh",
                                            "-c",
                                            "i=0; while [ ! -e /stop ]; do i=$((i+1)); echo line $i; echo line $i >&2; usleep 2000; done")))
                    .id();
            done(client.containers().start(id));
            List<OutputLine> seen = java.util.Collections.synchronizedList(new ArrayList<>());
            CountDownLatch ended = new CountDownLatch(1);
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Disposable reading = client.containers()
                    .logLines(id, logs -> logs.follow(true).resume(quick()))
                    .doFinally(how -> ended.countDown())
                    .subscribe(seen::add, failure::set);
            for (int round = 0; round < 3; round++) {
                int now = seen.size();
                eventually(() -> seen.size() > now + 100);
                if (round == 1) {
                    other.restart();
                } else {
                    other.kill();
                    other.restart();
                }
            }
            int now = seen.size();
            eventually(() -> seen.size() > now + 100);
            get(client.execs().run(id, "touch", "/stop"));
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(failure.get()).isNull();
            assertThat(reading.isDisposed()).isTrue();
            List<OutputLine> whole = all(client.containers().logLines(id));
            for (OutputSource source : List.of(OutputSource.STDOUT, OutputSource.STDERR)) {
                List<OutputLine> of =
                        seen.stream().filter(line -> line.source() == source).toList();
                assertThat(of)
                        .isEqualTo(whole.stream()
                                .filter(line -> line.source() == source)
                                .toList());
                BitSet numbers = new BitSet();
                of.forEach(line -> numbers.set(Integer.parseInt(line.text().substring("line ".length()))));
                assertThat(numbers.cardinality()).as("none twice").isEqualTo(of.size());
            }
        }
    }

    /** With its container killed too, the log is what the Engine has of it: what was in its hands when it was killed is lost to all. */
    @Test
    @Timeout(300)
    void aContainerThatDiesWithItsEngineHasAllItsLines() throws IOException, InterruptedException {
        try (RealEngine other = RealEngine.another();
                DockerClient client = DockerClient.create(config -> config.host(other.host()))) {
            String id = counting(client, 10_000_000);
            List<OutputLine> seen = java.util.Collections.synchronizedList(new ArrayList<>());
            CountDownLatch ended = new CountDownLatch(1);
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Disposable reading = client.containers()
                    .logLines(id, logs -> logs.follow(true).stdout(true).resume(quick()))
                    .doFinally(how -> ended.countDown())
                    .subscribe(seen::add, failure::set);
            eventually(() -> seen.size() > 1000);
            other.kill();
            other.restart();
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(failure.get()).isNull();
            assertThat(reading.isDisposed()).isTrue();
            assertThat(seen)
                    .hasSizeGreaterThan(1000)
                    .isEqualTo(all(client.containers().logLines(id)));
        }
    }

    private static String counting(DockerClient client, int lines) {
        // In bursts, so that the log lasts as long as the Engine is away.
        String id = get(client.containers()
                        .create(
                                IMAGE,
                                container -> container.cmd(
                                        "sh",
                                        "-c",
                                        "awk 'BEGIN { for (i = 1; i <= " + lines
                                                + "; i++) { print \"line \" i \"" + PADDING
                                                + "\"; if (i % 200 == 0) { fflush(); system(\"usleep 10000\") } } }'")))
                .id();
        done(client.containers().start(id));
        return id;
    }

    private static long number(OutputLine line) {
        String text = line.text();
        assertThat(text).endsWith(PADDING);
        return Long.parseLong(text.substring("line ".length(), text.length() - PADDING.length()));
    }

    private static Reconnect quick() {
        return Reconnect.of(wait -> wait.firstWait(Duration.ofMillis(50)).longestWait(Duration.ofMillis(500)));
    }
}
