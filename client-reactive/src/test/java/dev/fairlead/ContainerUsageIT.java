package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.json.Json;
import dev.fairlead.model.ContainerStatsResponse;
import dev.fairlead.model.ContainerUsage;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The figures beside those of {@code docker stats}, taken in the same second. */
@NewestEngine
final class ContainerUsageIT extends EngineTest {

    private static final List<String> BINARY = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final List<String> DECIMAL = List.of("B", "kB", "MB", "GB", "TB");

    ContainerUsageIT(RealEngine engine) {
        super(engine);
    }

    /** What the command shows of the container; it takes two seconds, as the one call does. */
    private Map<?, ?> shown(String id) {
        String line = engine.cli("stats", "--no-stream", "--format", "{{json .}}", id);
        return Json.read("docker stats", line.getBytes(StandardCharsets.UTF_8), Map.class);
    }

    /** Samples taken while the command takes its own, until they fit together: what changes is never the same in both. */
    private void untilAlike(String id, BiPredicate<ContainerUsage, Map<?, ?>> alike) {
        Mono<ContainerUsage> ours = docker.containers().statsOnce(id).map(ContainerUsage::of);
        Mono<Map<?, ?>> theirs = Mono.<Map<?, ?>>fromCallable(() -> shown(id)).subscribeOn(Schedulers.boundedElastic());
        eventually(() -> {
            var both = get(Mono.zip(ours, theirs));
            return alike.test(both.getT1(), both.getT2());
        });
    }

    @Test
    void memoryTrafficAndProcessesAreThoseOfTheCommand() {
        // What is written to a file stays in the cache, and can be dropped at once; what is in /dev/shm can't.
        String id = start("dd if=/dev/zero of=/file bs=1M count=30 2>/dev/null; "
                + "dd if=/dev/zero of=/dev/shm/kept bs=1M count=12 2>/dev/null; sleep 1000 & sleep 1000");
        eventually(() -> Objects.equals(
                ContainerUsage.of(get(docker.containers().statsOnce(id))).pids(), 2L));

        untilAlike(id, (ours, theirs) -> {
            String memory = size(ours.memory(), 1024, BINARY, 4) + " / " + size(ours.memoryLimit(), 1024, BINARY, 4);
            String network =
                    size(ours.networkReceived(), 1000, DECIMAL, 3) + " / " + size(ours.networkSent(), 1000, DECIMAL, 3);
            String disk =
                    size(ours.blockRead(), 1000, DECIMAL, 3) + " / " + size(ours.blockWritten(), 1000, DECIMAL, 3);
            return memory.equals(theirs.get("MemUsage"))
                    && network.equals(theirs.get("NetIO"))
                    && disk.equals(theirs.get("BlockIO"))
                    && String.valueOf(ours.pids()).equals(theirs.get("PIDs"))
                    && percent(ours.memoryPercent()).equals(theirs.get("MemPerc"));
        });

        ContainerStatsResponse sample = get(docker.containers().statsOnce(id));
        ContainerUsage usage = ContainerUsage.of(sample);
        assertThat(usage.memory())
                .isBetween(12L << 20, 30L << 20)
                .isLessThan(Objects.requireNonNull(sample.memoryStats()).usage());
    }

    @Test
    void processorTimeIsThatOfTheCommand() {
        String id = start(container ->
                container.cmd("sh", "-c", "while :; do :; done").hostConfig(host -> host.nanoCpus(250_000_000L)));

        untilAlike(id, (ours, theirs) -> {
            String shown = String.valueOf(theirs.get("CPUPerc"));
            double their = Double.parseDouble(shown.substring(0, shown.length() - 1));
            Double our = ours.cpuPercent();
            return our != null && our > 15 && our < 35 && Math.abs(our - their) < 4;
        });
    }

    @Test
    void aStreamHasNoProcessorTimeInItsFirstSampleAndNothingWhileItIsStopped() {
        String id = start("trap 'exit 0' TERM; while :; do :; done");
        List<ContainerUsage> running =
                all(docker.containers().stats(id).map(ContainerUsage::of).take(2));
        assertThat(running.get(0).cpuPercent()).isNull();
        assertThat(running.get(0).memory()).isPositive();
        assertThat(running.get(1).cpuPercent()).isPositive();

        done(docker.containers().stop(id));
        ContainerUsage stopped = ContainerUsage.of(get(docker.containers().statsOnce(id)));
        assertThat(stopped).isEqualTo(new ContainerUsage(null, null, null, null, null, null, null, null, null, null));
    }

    @Test
    void twoOneShotsGiveTheProcessorTimeBetweenThem() {
        String id = start("while :; do :; done");
        Mono<ContainerStatsResponse> sample = docker.containers().statsOnce(id, how -> how.oneShot(has(41)));
        ContainerStatsResponse first = get(sample);
        eventually(() -> {
            Double percent = ContainerUsage.between(first, get(sample)).cpuPercent();
            return percent != null && percent > 1 && percent < 250;
        });
    }

    @Test
    void statsGoOnThroughAStopAndEndWithTheContainer() throws Exception {
        String id = start("sleep 1000");
        CompletableFuture<Boolean> stopped = new CompletableFuture<>();
        CompletableFuture<List<ContainerUsage>> samples = docker.containers()
                .stats(id)
                .map(ContainerUsage::of)
                .doOnNext(usage -> {
                    if (usage.at() == null) {
                        stopped.complete(true);
                    }
                })
                .collectList()
                .toFuture();
        done(docker.containers().kill(id));
        assertThat(get(Mono.fromFuture(stopped))).isTrue();
        done(docker.containers().remove(id));
        assertThat(get(Mono.fromFuture(samples))).isNotEmpty();
    }

    private static String percent(@Nullable Double value) {
        return String.format(Locale.ROOT, "%.2f%%", value);
    }

    /** As Go's {@code %.Ng} with a unit. */
    private static String size(@Nullable Long bytes, int base, List<String> units, int digits) {
        double value = Objects.requireNonNull(bytes);
        int unit = 0;
        while (value >= base && unit < units.size() - 1) {
            value /= base;
            unit++;
        }
        return new BigDecimal(value)
                        .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                        .stripTrailingZeros()
                        .toPlainString()
                + units.get(unit);
    }
}
