package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The samples are made: the first after one that Engine 20.10 sent, the others by what is documented. Figures worked out by hand. */
class ContainerUsageTest {

    private static final Offset<Double> ROUNDING = within(0.005);

    private static ContainerStatsResponse recorded(String name) {
        return recorded(name, json -> json);
    }

    private static ContainerStatsResponse recorded(String name, UnaryOperator<String> change) {
        try (var resource = ContainerUsageTest.class.getResourceAsStream("/stats/" + name + ".json")) {
            return Mappers.JACKSON_3.read(
                    change.apply(new String(resource.readAllBytes(), StandardCharsets.UTF_8)),
                    ContainerStatsResponse.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static ContainerStatsResponse cgroupsV2(Consumer<ContainerStatsResponse.Builder> change) {
        ContainerStatsResponse.Builder builder = recorded("cgroups-v2").toBuilder();
        change.accept(builder);
        return builder.build();
    }

    @Test
    void cgroupsV1() {
        ContainerUsage usage = ContainerUsage.of(recorded("cgroups-v1"));

        assertThat(usage.at()).isEqualTo(Instant.parse("2026-11-24T14:32:44.093918269Z"));
        // 380 ms of the 1,900 that both processors had.
        assertThat(usage.cpuPercent()).isCloseTo(40.0, ROUNDING);
        assertThat(usage.memory()).isEqualTo(30_142_464 - 8_392_704);
        assertThat(usage.memoryLimit()).isEqualTo(25_276_514_304L);
        assertThat(usage.memoryPercent()).isCloseTo(0.09, ROUNDING);
        assertThat(usage.networkReceived()).isEqualTo(516 + 1000);
        assertThat(usage.networkSent()).isEqualTo(126 + 2000);
        assertThat(usage.blockRead()).isEqualTo(4096 + 100);
        assertThat(usage.blockWritten()).isEqualTo(8_388_608);
        assertThat(usage.pids()).isEqualTo(3);
    }

    @Test
    void cgroupsV2() {
        ContainerUsage usage = ContainerUsage.of(recorded("cgroups-v2"));

        // 1.001 s of the 3.98 that four processors had: there is no list of processors to count.
        assertThat(usage.cpuPercent()).isCloseTo(100.6, within(0.05));
        assertThat(usage.memory()).isEqualTo(41_943_040 - 12_288);
        assertThat(usage.memoryPercent()).isCloseTo(62.48, ROUNDING);
        assertThat(usage.blockRead()).isEqualTo(12_288);
        assertThat(usage.blockWritten()).isEqualTo(40_960);
        assertThat(usage.networkReceived()).isZero();
    }

    @Test
    void windows() {
        ContainerUsage usage = ContainerUsage.of(recorded("windows"));

        // 5,000,000 of the 2 x 10,000,000 units of 100 ns that passed.
        assertThat(usage.cpuPercent()).isCloseTo(25.0, ROUNDING);
        assertThat(usage.memory()).isEqualTo(48_234_496);
        assertThat(usage.memoryLimit()).isNull();
        assertThat(usage.memoryPercent()).isNull();
        assertThat(usage.pids()).isNull();
        assertThat(usage.blockRead()).isEqualTo(7_000);
        assertThat(usage.blockWritten()).isEqualTo(9_000);
        assertThat(usage.networkReceived()).isEqualTo(1_200);
    }

    @Test
    void windowsIsKnownByItsNameToo() {
        ContainerStatsResponse sample =
                recorded("windows").toBuilder().osType("windows").build();

        assertThat(ContainerUsage.of(sample)).isEqualTo(ContainerUsage.of(recorded("windows")));
        assertThat(ContainerUsage.of(sample.toBuilder().osType("linux").build()).memory())
                .isNull();
    }

    @Test
    void aContainerThatDoesNotRunHasNoFigures() {
        assertThat(ContainerUsage.of(recorded("stopped")))
                .isEqualTo(new ContainerUsage(null, null, null, null, null, null, null, null, null, null));
        assertThat(ContainerUsage.between(recorded("cgroups-v1"), recorded("stopped"))
                        .cpuPercent())
                .isNull();
    }

    @Test
    void theFirstSampleHasNoProcessorTime() {
        ContainerStatsResponse first = recorded("cgroups-v2", json -> json.replace(
                        "\"preread\": \"2026-01-05T10:00:00.0Z", "\"preread\": \"0001-01-01T00:00:00Z")
                .replace("500000000000", "0")
                .replace("8000000000", "0"));
        assertThat(first.preRead()).isNull();

        assertThat(ContainerUsage.of(first).cpuPercent()).isNull();
        assertThat(ContainerUsage.of(first).memory()).isPositive();
    }

    @Test
    void twoSamplesGiveTheTimeBetweenThem() {
        ContainerStatsResponse first = cgroupsV2(sample -> sample.read(Instant.parse("2026-11-24T14:00:00Z"))
                .cpuStats(cpu ->
                        cpu.systemCpuUsage(1_000_000_000).onlineCpus(4).cpuUsage(usage -> usage.totalUsage(100))));
        ContainerStatsResponse second = cgroupsV2(sample -> sample.read(Instant.parse("2026-11-24T14:01:00Z"))
                .cpuStats(cpu -> cpu.systemCpuUsage(5_000_000_000L)
                        .onlineCpus(4)
                        .cpuUsage(usage -> usage.totalUsage(500_000_100))));

        assertThat(ContainerUsage.between(first, second).cpuPercent()).isCloseTo(50.0, ROUNDING);
        // Started anew in between, or the two mixed up: there is no figure that would not mislead.
        assertThat(ContainerUsage.between(second, first).cpuPercent()).isNull();
        assertThat(ContainerUsage.between(first, first).cpuPercent()).isNull();
    }

    @Test
    void anIdleContainerUsesNothing() {
        ContainerStatsResponse sample = recorded("cgroups-v2");
        ContainerCPUStats before = Objects.requireNonNull(sample.preCpuStats());
        ContainerStatsResponse idle =
                cgroupsV2(change -> change.cpuStats(cpu -> cpu.systemCpuUsage(before.systemCpuUsage() + 4_000_000_000L)
                        .onlineCpus(4)
                        .cpuUsage(Objects.requireNonNull(before.cpuUsage()))));

        assertThat(ContainerUsage.of(idle).cpuPercent()).isZero();
    }

    @Test
    void moreCacheThanMemoryIsNotSubtracted() {
        ContainerStatsResponse sample = cgroupsV2(change ->
                change.memoryStats(memory -> memory.usage(100).limit(1000).stats(Map.of("inactive_file", 100L))));

        assertThat(ContainerUsage.of(sample).memory()).isEqualTo(100);
        assertThat(ContainerUsage.of(sample).memoryPercent()).isEqualTo(10.0);
    }

    @Test
    void whatIsNotToldIsAbsent() {
        ContainerUsage usage = ContainerUsage.of(
                ContainerStatsResponse.builder().read(Instant.EPOCH).build());

        assertThat(usage.at()).isEqualTo(Instant.EPOCH);
        assertThat(usage.cpuPercent()).isNull();
        assertThat(usage.memory()).isNull();
        assertThat(usage.memoryLimit()).isNull();
        assertThat(usage.memoryPercent()).isNull();
        assertThat(usage.blockRead()).isNull();
        assertThat(usage.pids()).isNull();
        assertThat(usage.networkReceived()).isZero();
    }
}
