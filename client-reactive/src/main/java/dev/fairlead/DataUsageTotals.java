package dev.fairlead;

import dev.fairlead.model.BuildCache;
import dev.fairlead.model.BuildCacheDiskUsage;
import dev.fairlead.model.ContainerStatus;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.model.ContainersDiskUsage;
import dev.fairlead.model.DataUsage;
import dev.fairlead.model.DataUsageOptions;
import dev.fairlead.model.DataUsageType;
import dev.fairlead.model.ImageSummary;
import dev.fairlead.model.ImagesDiskUsage;
import dev.fairlead.model.Volume;
import dev.fairlead.model.VolumeUsageData;
import dev.fairlead.model.VolumesDiskUsage;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** The totals of disk usage that Engines before API 1.52 leave to their client. */
final class DataUsageTotals {

    private static final Set<ContainerStatus> ACTIVE =
            Set.of(ContainerStatus.RUNNING, ContainerStatus.PAUSED, ContainerStatus.RESTARTING);

    private final List<DataUsageType> types;

    DataUsageTotals(DataUsageOptions options) {
        this.types = options.type();
    }

    /** The same with totals; unchanged where the Engine has counted itself. */
    DataUsage of(DataUsage usage) {
        if (usage.imageUsage() != null
                || usage.containerUsage() != null
                || usage.volumeUsage() != null
                || usage.buildCacheUsage() != null) {
            return usage;
        }
        DataUsage.Builder totals = usage.toBuilder();
        if (isAsked(DataUsageType.IMAGE)) {
            totals.imageUsage(images(usage));
        }
        if (isAsked(DataUsageType.CONTAINER)) {
            totals.containerUsage(containers(usage.containers()));
        }
        if (isAsked(DataUsageType.VOLUME)) {
            totals.volumeUsage(volumes(usage.volumes()));
        }
        if (isAsked(DataUsageType.BUILD_CACHE)) {
            totals.buildCacheUsage(buildCache(usage.buildCache()));
        }
        return totals.build();
    }

    private boolean isAsked(DataUsageType type) {
        return types.isEmpty() || types.contains(type);
    }

    private static ImagesDiskUsage images(DataUsage usage) {
        List<ImageSummary> images = usage.images();
        Predicate<ImageSummary> active = image -> image.containers() > 0;
        // What an image has for itself; what it shares may be shared with one that is not used.
        long used = sum(
                images,
                active.and(image -> image.size() >= 0 && image.sharedSize() >= 0),
                image -> image.size() - image.sharedSize());
        return ImagesDiskUsage.builder()
                .activeCount(count(images, active))
                .totalCount(images.size())
                .totalSize(usage.layersSize())
                .reclaimable(usage.layersSize() - used)
                .items(images)
                .build();
    }

    private static ContainersDiskUsage containers(List<ContainerSummary> containers) {
        Predicate<ContainerSummary> active = container -> {
            ContainerStatus state = container.state();
            return state != null && ACTIVE.contains(state);
        };
        return ContainersDiskUsage.builder()
                .activeCount(count(containers, active))
                .totalCount(containers.size())
                .totalSize(sum(containers, container -> true, DataUsageTotals::size))
                .reclaimable(sum(containers, active.negate(), DataUsageTotals::size))
                .items(containers)
                .build();
    }

    private static long size(ContainerSummary container) {
        Long size = container.sizeRw();
        return size == null ? 0 : size;
    }

    private static VolumesDiskUsage volumes(List<Volume> volumes) {
        Predicate<Volume> active = volume -> {
            VolumeUsageData data = volume.usageData();
            return data != null && data.refCount() > 0;
        };
        return VolumesDiskUsage.builder()
                .activeCount(count(volumes, active))
                .totalCount(volumes.size())
                .totalSize(sum(volumes, volume -> true, DataUsageTotals::size))
                .reclaimable(sum(volumes, active.negate(), DataUsageTotals::size))
                .items(volumes)
                .build();
    }

    /** -1 says that the Engine does not know. */
    private static long size(Volume volume) {
        VolumeUsageData data = volume.usageData();
        return data == null ? 0 : Math.max(0, data.size());
    }

    private static BuildCacheDiskUsage buildCache(List<BuildCache> records) {
        Predicate<BuildCache> own = record -> !record.shared();
        return BuildCacheDiskUsage.builder()
                .activeCount(count(records, BuildCache::inUse))
                .totalCount(records.size())
                .totalSize(sum(records, own, BuildCache::size))
                .reclaimable(sum(records, own.and(record -> !record.inUse()), BuildCache::size))
                .items(records)
                .build();
    }

    private static <T> long count(List<T> values, Predicate<T> which) {
        return values.stream().filter(which).count();
    }

    private static <T> long sum(List<T> values, Predicate<T> which, ToLongFunction<T> size) {
        return values.stream().filter(which).mapToLong(size).sum();
    }
}
