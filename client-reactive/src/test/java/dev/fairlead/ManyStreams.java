package dev.fairlead;

import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.Heap;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/** A program of its own: follows many logs on one event loop, and prints what each costs and what is left when all are cancelled. */
final class ManyStreams {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Opened at a time: more would be more than the Engine's socket lets wait. */
    private static final int WINDOW = 128;

    private static final int PINGS = 200;

    private final DockerClient docker;
    private final String container;

    private ManyStreams(DockerClient docker, String container) {
        this.docker = docker;
        this.container = container;
    }

    /**
     * Prints a line of figures.
     *
     * @param arguments the Engine, the container, how many streams, and whether native transport may be used
     */
    public static void main(String[] arguments) throws Exception {
        LoopResources oneLoop = LoopResources.create("many-streams", 1, true);
        int count = Integer.parseInt(arguments[2]);
        try (DockerClient docker = DockerClient.create(config ->
                config.host(arguments[0]).eventLoops(oneLoop).nativeTransport(Boolean.parseBoolean(arguments[3])))) {
            System.out.println(new ManyStreams(docker, arguments[1]).figures(count));
        }
    }

    private String figures(int count) throws Exception {
        // What is loaded, compiled and started once is no stream's.
        close(open(WINDOW));
        slowestPing();
        // The one that the pings go by.
        awaitSockets(1);
        int socketsBefore = sockets();
        int threadsBefore = threads();
        long heapBefore = Heap.inUse();
        long start = System.nanoTime();
        List<Disposable> streams = open(count);
        long opened = System.nanoTime();
        long heap = Heap.inUse() - heapBefore;
        int added = threads() - threadsBefore;
        long ping = slowestPing();
        int open = sockets() - socketsBefore;
        long closing = System.nanoTime();
        close(streams);
        awaitSockets(socketsBefore);
        return "streams=%d open=%d heap=%d threads=%d opened=%d ping=%d closed=%d left=%d"
                .formatted(
                        streams.size(),
                        open,
                        heap / count,
                        added,
                        TimeUnit.NANOSECONDS.toMillis(opened - start),
                        ping,
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - closing),
                        Math.max(0, sockets() - socketsBefore));
    }

    /** Follows so many, and returns when each has had its first frame. */
    private List<Disposable> open(int count) throws InterruptedException {
        Semaphore window = new Semaphore(WINDOW);
        Semaphore begun = new Semaphore(0);
        List<Disposable> streams = new ArrayList<>(count);
        for (int opened = 0; opened < count; opened++) {
            acquire(window, 1);
            Flux<OutputFrame> logs = docker.containers().logs(container, how -> how.follow(true));
            // Each sends one frame, and no more for as long as this lasts.
            streams.add(logs.subscribe(frame -> {
                window.release();
                begun.release();
            }));
        }
        acquire(begun, count);
        return streams;
    }

    private static void acquire(Semaphore semaphore, int permits) throws InterruptedException {
        if (!semaphore.tryAcquire(permits, LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("a stream does not begin");
        }
    }

    private static void close(List<Disposable> streams) {
        streams.forEach(Disposable::dispose);
    }

    /** The slowest but two of many, in microseconds: a call beside the streams. */
    private long slowestPing() {
        long[] times = new long[PINGS];
        for (int ping = 0; ping < PINGS; ping++) {
            long start = System.nanoTime();
            var unused = docker.system().ping().block(LIMIT);
            times[ping] = System.nanoTime() - start;
        }
        Arrays.sort(times);
        return TimeUnit.NANOSECONDS.toMicros(times[PINGS * 99 / 100 - 1]);
    }

    private static int sockets() {
        int count = 0;
        for (File file : Objects.requireNonNull(new File("/proc/self/fd").listFiles())) {
            try {
                count += Files.readSymbolicLink(file.toPath()).toString().startsWith("socket:") ? 1 : 0;
            } catch (IOException closed) {
                // Between the list and the look.
            }
        }
        return count;
    }

    /** Waits for that number or fewer, but not for ever. */
    private static void awaitSockets(int count) {
        var unused = Mono.fromSupplier(ManyStreams::sockets)
                .filter(now -> now <= count)
                .repeatWhenEmpty(100, empty -> empty.delayElements(Duration.ofMillis(50)))
                .onErrorComplete()
                .block(LIMIT);
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }
}
