package dev.fairlead;

import dev.fairlead.internal.Http;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.ClusterVolumeSpec;
import dev.fairlead.model.Volume;
import dev.fairlead.model.VolumeCreateOptions;
import dev.fairlead.model.VolumeListOptions;
import dev.fairlead.model.VolumeListResponse;
import dev.fairlead.model.VolumePruneOptions;
import dev.fairlead.model.VolumePruneResponse;
import dev.fairlead.model.VolumeRemoveOptions;
import dev.fairlead.model.VolumeUpdateOptions;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * Volumes: data that outlive containers.
 *
 * <p>A blank {@code name} is refused with an {@link IllegalArgumentException} before anything is sent. A volume that does not exist
 * is a {@link dev.fairlead.core.error.NotFound}.
 */
public final class Volumes {

    private final Http http;

    Volumes(Http http) {
        this.http = http;
    }

    /**
     * All volumes. Engine operation {@code VolumeList}.
     *
     * @return them, and in its warnings which drivers could not be asked: the volumes of those are missing
     */
    public Mono<VolumeListResponse> list() {
        return list(options -> {});
    }

    /** As {@link #list()}, those that the options select; without any when none is like that. */
    public Mono<VolumeListResponse> list(Consumer<VolumeListOptions.Builder> options) {
        return http.get("/volumes")
                .options(VolumeListOptions.of(options))
                .patient()
                .as(VolumeListResponse.class);
    }

    /** Everything about one volume. Engine operation {@code VolumeInspect}. */
    public Mono<Volume> inspect(String name) {
        return http.get("/volumes/{name}", name).patient().as(Volume.class);
    }

    /** Makes a volume whose name the Engine makes up, with the driver {@code local}. Engine operation {@code VolumeCreate}. */
    public Mono<Volume> create() {
        return create(options -> {});
    }

    /**
     * As {@link #create()}, with a name, a driver and settings for it, labels.
     *
     * @return the volume; the one that exists already when there is one of that name and driver
     */
    public Mono<Volume> create(Consumer<VolumeCreateOptions.Builder> options) {
        return http.post("/volumes/create")
                .options(VolumeCreateOptions.of(options))
                .patient()
                .as(Volume.class);
    }

    /**
     * Changes a volume of the swarm, one that a CSI plugin keeps; of other volumes nothing can be changed. Engine operation
     * {@code VolumeUpdate}, from API 1.42 on.
     *
     * @param version the index of the version that the change starts from, {@code clusterVolume().version().index()}; fails when
     *     another change came first
     * @param spec what the volume is to be: all of it, as it was read, but for what is to change
     */
    public Mono<Void> update(String name, long version, ClusterVolumeSpec spec) {
        return http.put("/volumes/{name}", name)
                .since(ApiVersion.of(1, 42))
                .options(VolumeUpdateOptions.of(version, options -> options.spec(spec)))
                .patient()
                .done();
    }

    /**
     * Removes a volume that no container uses, and its data. Engine operation {@code VolumeDelete}. Fails with
     * {@link dev.fairlead.core.error.Conflict} when a container does, even one that does not run.
     */
    public Mono<Void> remove(String name) {
        return remove(name, options -> {});
    }

    /** As {@link #remove(String)}, by force even if the driver fails. */
    public Mono<Void> remove(String name, Consumer<VolumeRemoveOptions.Builder> options) {
        return http.delete("/volumes/{name}", name)
                .options(VolumeRemoveOptions.of(options))
                .patient()
                .done();
    }

    /**
     * Removes the volumes that no container uses, with their data: from API 1.42 on only those without a name of their own, before
     * it all. Engine operation {@code VolumePrune}.
     */
    public Mono<VolumePruneResponse> prune() {
        return prune(options -> {});
    }

    /** As {@link #prune()}, those that the options select. */
    public Mono<VolumePruneResponse> prune(Consumer<VolumePruneOptions.Builder> options) {
        return http.post("/volumes/prune")
                .options(VolumePruneOptions.of(options))
                .patient()
                .as(VolumePruneResponse.class);
    }
}
