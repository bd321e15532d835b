package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testing.ChildJvm;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Five hundred followed logs at once. */
@NewestEngine
final class ManyStreamsIT extends EngineTest {

    private static final int STREAMS = 500;
    private static final int CALLS = 1_000;
    private static final long MOST_HEAP = 6 * 1024;

    /** Engines before API 1.42 are asked first whether there is a terminal, and what asked stays with the stream. */
    private static final long MOST_HEAP_WHEN_ASKED_FIRST = 8 * 1024;

    /** On a machine with other work a single measurement says little; what is really slow is slow each time. */
    private static final int ROUNDS = 4;

    ManyStreamsIT(RealEngine engine) {
        super(engine);
    }

    /** Says one thing and is quiet then. */
    private String talker() {
        String id = start("echo hello; trap 'exit 0' TERM; while :; do sleep 0.5; done");
        eventually(() -> text(docker.containers().logs(id)).equals("hello\n"));
        return id;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancelledTheyLeaveNothing(boolean nativeTransport) throws Exception {
        long start = System.nanoTime();
        Map<String, Long> figures;
        try (ChildJvm client = ChildJvm.start(
                ManyStreams.class,
                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                engine.host(),
                talker(),
                STREAMS,
                nativeTransport)) {
            figures = client.figures();
        }
        Figures.add(
                engine.version(),
                figures + (nativeTransport ? ", epoll" : ", the JDK's sockets"),
                Duration.ofNanos(System.nanoTime() - start));
        assertThat(figures)
                .containsEntry("streams", (long) STREAMS)
                .containsEntry("open", (long) STREAMS)
                .containsEntry("threads", 0L)
                .containsEntry("left", 0L);
        assertThat(figures.get("heap"))
                .as("heap of a stream, in bytes")
                .isLessThanOrEqualTo(has(42) ? MOST_HEAP : MOST_HEAP_WHEN_ASKED_FIRST);
    }

    @Test
    void callsBesideThemAreAsFastAsWithout() throws InterruptedException {
        String id = talker();
        slowOf(id);
        List<String> tried = new ArrayList<>();
        long start = System.nanoTime();
        boolean asFast = false;
        for (int round = 0; round < ROUNDS && !asFast; round++) {
            long without = slowOf(id);
            Disposable streams = follow(id);
            long with = slowOf(id);
            streams.dispose();
            tried.add("p99 " + without + " us without, " + with + " us with");
            asFast = with <= 2 * without;
        }
        Figures.add(
                engine.version(),
                CALLS + " inspects beside " + STREAMS + " followed logs: " + tried,
                Duration.ofNanos(System.nanoTime() - start));
        assertThat(asFast).as(tried.toString()).isTrue();
    }

    /** What all inspects but the slowest hundredth take at most, in microseconds. */
    private long slowOf(String id) {
        long[] times = new long[CALLS];
        for (int call = 0; call < CALLS; call++) {
            long start = System.nanoTime();
            get(docker.containers().inspect(id));
            times[call] = System.nanoTime() - start;
        }
        Arrays.sort(times);
        return TimeUnit.NANOSECONDS.toMicros(times[CALLS * 99 / 100 - 1]);
    }

    private Disposable follow(String id) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(STREAMS);
        Disposable.Composite streams = Disposables.composite();
        for (int stream = 0; stream < STREAMS; stream++) {
            var unused = streams.add(
                    docker.containers().logs(id, logs -> logs.follow(true)).subscribe(frame -> begun.countDown()));
        }
        assertThat(begun.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return streams;
    }
}
