package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.LogDriver;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.Heap;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** What is not asked for is not read: the Engine feels it, and where it may be, the container does. */
@NewestEngine
final class DemandIT extends EngineTest {

    DemandIT(RealEngine engine) {
        super(engine);
    }

    /** Asks only when told to, and keeps what it got. */
    private static final class Asking extends BaseSubscriber<OutputFrame> {

        final List<String> seen = Collections.synchronizedList(new ArrayList<>());

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(OutputFrame frame) {
            seen.add(frame.text());
        }

        @Override
        protected void hookOnError(Throwable failure) {
            seen.add(failure.toString());
        }
    }

    /** Processor time of the container's own process, in hundredths of a second. */
    private long processorTime(String id) {
        String[] stat =
                get(docker.execs().run(id, "cat", "/proc/1/stat")).stdoutText().split(" ", -1);
        return Long.parseLong(stat[13]) + Long.parseLong(stat[14]);
    }

    /** A moment in which something would have happened. */
    private static void aSecond() {
        done(Mono.delay(Duration.ofSeconds(1)));
    }

    @Test
    void anAttachedContainerStallsWhenNobodyAsks() {
        // It would fill the disk with its log once it goes on.
        String id = create(container ->
                container.cmd("yes").hostConfig(host -> host.logConfig(log -> log.type(LogDriver.of("none")))));
        Session warm = get(docker.containers().attach(id));
        int attachedFiles = openFiles();
        warm.close();
        eventually(() -> openFiles() < attachedFiles);
        int before = openFiles();
        long heapBefore = Heap.inUse();
        Asking subscriber = new Asking();
        get(docker.containers().attach(id)).output().subscribe(subscriber);
        done(docker.containers().start(id));
        subscriber.request(10);
        eventually(() -> subscriber.seen.size() == 10);
        AtomicLong last = new AtomicLong(-1);
        long start = System.nanoTime();
        eventually(() -> {
            long now = processorTime(id);
            return now == last.getAndSet(now);
        });
        long stalledAfter = System.nanoTime() - start;
        aSecond();
        assertThat(processorTime(id)).isEqualTo(last.get());
        assertThat(subscriber.seen).hasSize(10);
        long heapGrowth = Heap.inUse() - heapBefore;
        assertThat(heapGrowth).isLessThan(8 << 20);
        // One stretch further, and it stalls again.
        subscriber.request(10);
        eventually(() -> subscriber.seen.size() == 20);

        subscriber.cancel();
        eventually(() -> openFiles() <= before);
        eventually(() -> processorTime(id) > last.get() + 10);
        Figures.add(
                engine.version(),
                "attached `yes` with demand for 10 frames stands still at " + last.get() * 10
                        + " ms of processor time, heap " + (heapGrowth >> 10) + " KiB more",
                Duration.ofNanos(stalledAfter));
    }

    @Test
    void followedLogsStallOnlyTheReading() {
        String id = start("seq 1 200000; while :; do echo tick; sleep 0.05; done");
        // When ticks have come, the Engine has all before them on its disk.
        eventually(
                () -> text(docker.containers().logs(id, logs -> logs.tail(1))).equals("tick\n"));
        Asking subscriber = new Asking();
        docker.containers().logs(id, logs -> logs.follow(true)).subscribe(subscriber);
        subscriber.request(10);
        eventually(() -> subscriber.seen.size() == 10);
        AtomicLong last = new AtomicLong(-1);
        eventually(() -> {
            long now = queued();
            return now > 0 && now == last.getAndSet(now);
        });
        String lastBefore = lastLine(id);
        aSecond();
        assertThat(lastLine(id)).endsWith(" tick\n").isGreaterThan(lastBefore);
        assertThat(queued()).isEqualTo(last.get());
        assertThat(subscriber.seen).hasSize(10);
        long start = System.nanoTime();
        subscriber.requestUnbounded();
        eventually(() -> subscriber.seen.get(subscriber.seen.size() - 1).equals("tick\n"));
        subscriber.cancel();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 200_000; i++) {
            expected.add(i + "\n");
        }
        assertThat(subscriber.seen.subList(0, 200_000)).isEqualTo(expected);
        Figures.add(
                engine.version(),
                "followed logs with demand for 10 lines leave " + last.get()
                        + " bytes in the socket and stand still; the other 199,990 lines",
                Duration.ofNanos(System.nanoTime() - start));
    }

    /** The last line of the log, which has its time in front. */
    private String lastLine(String id) {
        return text(docker.containers().logs(id, logs -> logs.tail(1).timestamps(true)));
    }

    /** The most that waits unread in one of this process's Unix sockets, in bytes. */
    private static long queued() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            Set<String> sockets = open.map(DemandIT::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring(8, target.length() - 1))
                    .collect(Collectors.toSet());
            Process ss = new ProcessBuilder("ss", "-xaH").start();
            String table = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return table.lines()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(cells -> cells.length > 5 && sockets.contains(cells[5]))
                    .mapToLong(cells -> Long.parseLong(cells[2]))
                    .max()
                    .orElse(0);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
