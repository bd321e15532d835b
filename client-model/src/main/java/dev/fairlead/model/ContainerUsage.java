package dev.fairlead.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a container uses, as {@code docker stats} works it out of a sample. What the sample does not tell is absent, and
 * but for the network never 0 in its place: all of it when the container did not run.
 *
 * @param at when the sample was taken; absent when the container did not run
 * @param cpuPercent processor time since the sample before, 100 for one processor that was busy all the time; absent
 *     where there is no sample before, as in the first one of a stream and in a one-shot, and where the container was
 *     started anew in between
 * @param memory bytes in use, without the files in the cache that the kernel can drop at once; on Windows, of the private
 *     working set
 * @param memoryLimit bytes it may use: the memory of the Engine's machine where it has no limit of its own; absent on
 *     Windows
 * @param memoryPercent the part of the limit that is in use; absent on Windows
 * @param networkReceived bytes received since it was started, over all of its interfaces; 0 where it has none of its own, as in
 *     the network of its host
 * @param networkSent bytes sent since it was started; 0 as above
 * @param blockRead bytes read from block devices since it was started; of what the kernel writes later, cgroups v1 count
 *     little or nothing
 * @param blockWritten bytes written to block devices since it was started
 * @param pids processes and threads; absent on Windows
 */
public record ContainerUsage(
        @Nullable Instant at,
        @Nullable Double cpuPercent,
        @Nullable Long memory,
        @Nullable Long memoryLimit,
        @Nullable Double memoryPercent,
        @Nullable Long networkReceived,
        @Nullable Long networkSent,
        @Nullable Long blockRead,
        @Nullable Long blockWritten,
        @Nullable Long pids) {

    private static final ContainerUsage NONE =
            new ContainerUsage(null, null, null, null, null, null, null, null, null, null);

    /**
     * What a sample tells, the processor time by what it holds of the sample before.
     *
     * @param sample of a stream, or a single one
     * @return the figures
     */
    public static ContainerUsage of(ContainerStatsResponse sample) {
        return of(sample, sample.preCpuStats(), sample.preRead());
    }

    /**
     * What a sample tells, the processor time by an earlier sample: for one-shots, and for the time between any two of a
     * stream.
     *
     * @param earlier a sample of the same container
     * @param sample the later one
     * @return the figures
     */
    public static ContainerUsage between(ContainerStatsResponse earlier, ContainerStatsResponse sample) {
        return of(sample, earlier.cpuStats(), earlier.read());
    }

    private static ContainerUsage of(
            ContainerStatsResponse sample, @Nullable ContainerCPUStats before, @Nullable Instant then) {
        Instant at = sample.read();
        if (at == null) {
            return NONE;
        }
        boolean windows = isWindows(sample);
        Long memory = windows ? privateWorkingSet(sample) : memoryWithoutCache(sample);
        Long limit = windows ? null : positive(sample.memoryStats(), ContainerMemoryStats::limit);
        Double percent = memory == null || limit == null ? null : 100.0 * memory / limit;
        Double processor = windows
                ? cpuPercentOnWindows(sample, before, then, at)
                : cpuPercentOnLinux(sample.cpuStats(), before, then);
        Map<String, ContainerNetworkStats> networks = sample.networks();
        return new ContainerUsage(
                at,
                processor,
                memory,
                limit,
                percent,
                sum(networks, ContainerNetworkStats::rxBytes),
                sum(networks, ContainerNetworkStats::txBytes),
                windows ? storage(sample, ContainerStorageStats::readSizeBytes) : blockIo(sample, 'r'),
                windows ? storage(sample, ContainerStorageStats::writeSizeBytes) : blockIo(sample, 'w'),
                windows ? null : positive(sample.pidsStats(), ContainerPidsStats::current));
    }

    /** Only the newest Engines say it; the others tell the number of processors on Windows alone. */
    private static boolean isWindows(ContainerStatsResponse sample) {
        return sample.osType().isEmpty()
                ? sample.numProcs() > 0
                : sample.osType().equals("windows");
    }

    private static @Nullable Double cpuPercentOnLinux(
            @Nullable ContainerCPUStats now, @Nullable ContainerCPUStats before, @Nullable Instant then) {
        if (now == null || before == null || then == null || before.systemCpuUsage() == 0) {
            return null;
        }
        long used = totalUsage(now) - totalUsage(before);
        long available = now.systemCpuUsage() - before.systemCpuUsage();
        long processors = now.onlineCpus() > 0 ? now.onlineCpus() : processorsListed(now);
        if (used < 0 || available <= 0 || processors == 0) {
            return null;
        }
        return 100.0 * used / available * processors;
    }

    /** There the Engine does not measure the machine: what was available is the time that passed, in units of 100 ns. */
    private static @Nullable Double cpuPercentOnWindows(
            ContainerStatsResponse sample, @Nullable ContainerCPUStats before, @Nullable Instant then, Instant at) {
        ContainerCPUStats now = sample.cpuStats();
        if (now == null || before == null || then == null) {
            return null;
        }
        long used = totalUsage(now) - totalUsage(before);
        long available = Duration.between(then, at).toNanos() / 100 * sample.numProcs();
        return used < 0 || available <= 0 ? null : 100.0 * used / available;
    }

    private static long totalUsage(ContainerCPUStats stats) {
        ContainerCPUUsage usage = stats.cpuUsage();
        return usage == null ? 0 : usage.totalUsage();
    }

    private static int processorsListed(ContainerCPUStats stats) {
        ContainerCPUUsage usage = stats.cpuUsage();
        return usage == null ? 0 : usage.perCpuUsage().size();
    }

    /** cgroups v1 count what is below a group under names that begin with total; v2 counts nothing else. */
    private static @Nullable Long memoryWithoutCache(ContainerStatsResponse sample) {
        ContainerMemoryStats memory = sample.memoryStats();
        if (memory == null || memory.usage() == 0) {
            return null;
        }
        long usage = memory.usage();
        for (String name : List.of("total_inactive_file", "inactive_file")) {
            Long cached = memory.stats().get(name);
            if (cached != null && cached < usage) {
                return usage - cached;
            }
        }
        return usage;
    }

    private static @Nullable Long privateWorkingSet(ContainerStatsResponse sample) {
        return positive(sample.memoryStats(), ContainerMemoryStats::privateWorkingSet);
    }

    private static @Nullable Long blockIo(ContainerStatsResponse sample, char direction) {
        ContainerBlkioStats stats = sample.blkioStats();
        if (stats == null) {
            return null;
        }
        // "Read" with cgroups v1, "read" with v2, and beside them sums of another kind: "Sync", "Total".
        return stats.ioServiceBytesRecursive().stream()
                .filter(entry -> !entry.op().isEmpty()
                        && Character.toLowerCase(entry.op().charAt(0)) == direction)
                .mapToLong(ContainerBlkioStatEntry::value)
                .sum();
    }

    private static @Nullable Long storage(
            ContainerStatsResponse sample, ToLongFunction<ContainerStorageStats> direction) {
        ContainerStorageStats stats = sample.storageStats();
        return stats == null ? null : direction.applyAsLong(stats);
    }

    private static long sum(
            Map<String, ContainerNetworkStats> networks, ToLongFunction<ContainerNetworkStats> direction) {
        return networks.values().stream().mapToLong(direction).sum();
    }

    private static <T> @Nullable Long positive(@Nullable T stats, ToLongFunction<T> figure) {
        long value = stats == null ? 0 : figure.applyAsLong(stats);
        return value > 0 ? value : null;
    }
}
