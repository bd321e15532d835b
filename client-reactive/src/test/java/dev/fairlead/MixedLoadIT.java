package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything at once, over an Engine that is restarted and killed meanwhile: a minute each, and with {@code -Dfairlead.long=true}
 * half an hour with a restart every three minutes.
 */
@NewestEngine
@Timeout(value = 45, unit = TimeUnit.MINUTES)
class MixedLoadIT {

    private static final Duration LENGTH = Figures.inFull() ? Duration.ofMinutes(30) : Duration.ofMinutes(1);
    private static final Duration BETWEEN = Figures.inFull() ? Duration.ofMinutes(3) : Duration.ofSeconds(15);

    /** Containers that are started anew by an Engine take a moment. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answersAllAndLosesNothing(boolean liveRestore) throws Exception {
        try (RealEngine engine = liveRestore ? RealEngine.withLiveRestore() : RealEngine.another()) {
            String counter = warmUp(engine);
            int files = files();
            int threads = Thread.activeCount();
            String figures = load(engine, liveRestore, counter);
            long limit = System.nanoTime() + MixedLoad.LIMIT.toNanos();
            while ((files() > files || Thread.activeCount() > threads) && System.nanoTime() < limit) {
                rest(Duration.ofMillis(100));
            }
            Figures.add(
                    engine.version(),
                    figures + "; files " + files + " before and " + files() + " after, threads " + threads + " and "
                            + Thread.activeCount(),
                    LENGTH);
            assertThat(files()).as("files").isLessThanOrEqualTo(files);
            assertThat(Thread.activeCount()).as("threads").isLessThanOrEqualTo(threads);
        }
    }

    /** Opens what stays open for all clients: libraries, event loops. Gives the container that counts. */
    private static String warmUp(RealEngine engine) throws Exception {
        try (DockerClient docker = DockerClient.create(config -> config.host(engine.host()))) {
            String counter = Objects.requireNonNull(
                    MixedLoad.counter(docker, EngineTest.IMAGE).block(MixedLoad.LIMIT));
            MixedLoad load = new MixedLoad(docker, EngineTest.IMAGE, counter);
            load.start();
            rest(Duration.ofSeconds(1));
            load.end();
            return counter;
        }
    }

    private static String load(RealEngine engine, boolean liveRestore, String counter) throws Exception {
        try (DockerClient docker = DockerClient.create(config -> config.host(engine.host()))) {
            MixedLoad load = new MixedLoad(docker, EngineTest.IMAGE, counter);
            load.start();
            long start = System.nanoTime();
            for (int times = 0;
                    System.nanoTime() - start < LENGTH.minus(BETWEEN).toNanos();
                    times++) {
                rest(BETWEEN);
                Instant from = Instant.now();
                if (times % 2 == 1) {
                    engine.kill();
                }
                engine.restart();
                var unused = docker.system().ping().block(MixedLoad.LIMIT);
                load.away.add(new MixedLoad.Away(from, Instant.now()));
            }
            rest(GRACE);
            load.end();
            verify(load);
            List<Long> all = docker.containers()
                    .logLines(counter, log -> log.stdout(true))
                    .map(line -> Long.parseLong(line.text().substring("line ".length())))
                    .collectList()
                    .block(MixedLoad.LIMIT);
            assertThat(Objects.requireNonNull(all).subList(0, load.lines.size()))
                    .as("the log as it came and as the Engine has it")
                    .isEqualTo(load.lines);
            return "mixed load " + (liveRestore ? "with" : "without") + " live-restore: " + load.report();
        }
    }

    private static void verify(MixedLoad load) {
        assertThat(load.done)
                .filteredOn(each -> !each.isAnswered())
                .as("unanswered")
                .isEmpty();
        assertThat(load.done)
                .filteredOn(each -> !each.isTyped())
                .as("errors of no type")
                .isEmpty();
        assertThat(load.done)
                .filteredOn(each -> !each.isWell() && !load.wasAway(each.began(), each.ended(), GRACE))
                .as("errors while the Engine is there")
                .isEmpty();
        assertThat(load.done).filteredOn(MixedLoad.Done::isWell).hasSizeGreaterThan(50);
        assertThat(load.untold()).as("created and not told of").isEmpty();
        assertThat(load.count(EventSignal.Reconnected.class)).isGreaterThanOrEqualTo(load.away.size());
        assertThat(load.lines).isNotEmpty().isSorted();
        assertThat(load.streamEnds).filteredOn(end -> !end.equals("log ended")).isEmpty();
    }

    private static int files() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }

    private static void rest(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
