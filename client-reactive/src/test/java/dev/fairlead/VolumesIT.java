package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.model.ClusterVolumeSpec;
import dev.fairlead.model.Volume;
import dev.fairlead.model.VolumeCreateOptions;
import dev.fairlead.model.VolumeListOptions;
import dev.fairlead.model.VolumeScope;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

final class VolumesIT extends EngineTest {

    private static final String LABEL = "dev.fairlead.test";
    private static final String MINE = LABEL + "=VolumesIT";

    VolumesIT(RealEngine engine) {
        super(engine);
    }

    @AfterEach
    void removeVolumes() {
        removeContainers();
        done(docker.volumes()
                .list(all -> all.filters(which -> which.label(MINE)))
                .flatMapMany(found -> Flux.fromIterable(found.volumes()))
                .concatMap(volume -> docker.volumes().remove(volume.name()))
                .then());
    }

    private Volume make(Consumer<VolumeCreateOptions.Builder> options) {
        return get(docker.volumes().create(volume -> options.accept(volume.label(LABEL, "VolumesIT"))));
    }

    private List<String> names(Consumer<VolumeListOptions.Filters> filters) {
        return get(docker.volumes().list(list -> list.filters(which -> filters.accept(which.label(MINE)))))
                .volumes()
                .stream()
                .map(Volume::name)
                .toList();
    }

    @Test
    void createTakesWhatInspectTells() {
        Volume made = make(volume -> volume.name("fairlead-v")
                .driver("local")
                .driverOpt("type", "tmpfs")
                .driverOpt("device", "tmpfs")
                .driverOpt("o", "size=1m"));
        assertThat(made.name()).isEqualTo("fairlead-v");
        Volume found = get(docker.volumes().inspect("fairlead-v"));
        assertThat(found).isEqualTo(made);
        assertThat(found.driver()).isEqualTo("local");
        assertThat(found.scope()).isEqualTo(VolumeScope.LOCAL);
        assertThat(found.mountpoint()).endsWith("/fairlead-v/_data");
        assertThat(found.createdAt()).isNotNull();
        assertThat(found.labels()).containsEntry(LABEL, "VolumesIT");
        assertThat(found.options())
                .containsEntry("type", "tmpfs")
                .containsEntry("device", "tmpfs")
                .containsEntry("o", "size=1m");
    }

    @Test
    void createMakesUpANameOrFindsTheOneThere() {
        Volume first = make(volume -> {});
        assertThat(first.name()).hasSize(64);
        assertThat(make(volume -> volume.name(first.name())).createdAt()).isEqualTo(first.createdAt());
        Volume bare = get(docker.volumes().create());
        done(docker.volumes().remove(bare.name()));
    }

    @Test
    void keepsDataFromOneContainerToTheNext() {
        make(volume -> volume.name("fairlead-v"));
        get(docker.containers().awaitExit(start(container -> container
                .cmd("sh", "-c", "echo kept > /data/file")
                .hostConfig(host -> host.binds("fairlead-v:/data")))));
        String reader = start(
                container -> container.cmd("cat", "/data/file").hostConfig(host -> host.binds("fairlead-v:/data")));
        get(docker.containers().awaitExit(reader));
        assertThat(text(docker.containers().logs(reader))).isEqualTo("kept\n");
        failure(Conflict.class, docker.volumes().remove("fairlead-v"));
        failure(Conflict.class, docker.volumes().remove("fairlead-v", how -> how.force(true)));
        assertThat(names(which -> which.dangling(false))).containsExactly("fairlead-v");
    }

    @Test
    void listSelectsByEachFilter() {
        make(volume -> volume.name("fairlead-a"));
        make(volume -> volume.name("fairlead-b").label("b", ""));
        assertThat(names(which -> {})).containsExactlyInAnyOrder("fairlead-a", "fairlead-b");
        assertThat(names(which -> which.name("fairlead-a"))).containsExactly("fairlead-a");
        assertThat(names(which -> which.driver("local"))).hasSize(2);
        assertThat(names(which -> which.driver("nosuch"))).isEmpty();
        assertThat(names(which -> which.label(MINE, "b"))).containsExactly("fairlead-b");
        assertThat(names(which -> which.dangling(true))).hasSize(2);
        assertThat(names(which -> which.dangling(false))).isEmpty();
        var everything = get(docker.volumes().list());
        assertThat(everything.volumes()).extracting(Volume::name).contains("fairlead-a");
        assertThat(everything.warnings()).isEmpty();
    }

    @Test
    void pruneSparesNamedVolumesFromItsVersionOn() {
        make(volume -> volume.name("fairlead-a"));
        String unnamed = make(volume -> {}).name();
        assertThat(get(docker.volumes().prune(prune -> prune.filters(which -> which.label(MINE))))
                        .volumesDeleted())
                .containsExactlyInAnyOrder(has(42) ? new String[] {unnamed} : new String[] {"fairlead-a", unnamed});
    }

    @Test
    void pruneTakesAllAndSparesALabel() {
        make(volume -> volume.name("fairlead-a"));
        make(volume -> volume.name("fairlead-b").label("keep", ""));
        since(42, client -> client.volumes()
                .prune(prune -> prune.filters(
                        which -> which.label(MINE).labelNot("keep").all(true))));
        assertThat(names(which -> {})).contains("fairlead-b").hasSize(has(42) ? 1 : 2);
    }

    @Test
    void updateNeedsAVolumeOfTheSwarm() {
        make(volume -> volume.name("fairlead-a"));
        var spec = ClusterVolumeSpec.builder().group("a").build();
        if (has(42)) {
            DockerException refusal =
                    failure(DockerException.class, docker.volumes().update("fairlead-a", 1, spec));
            assertThat(refusal.status()).isPositive();
        }
        try (DockerClient older = nowhere(41)) {
            assertThat(failure(UnsupportedByEngine.class, older.volumes().update("fairlead-a", 1, spec)))
                    .hasMessageContaining("1.42");
        }
    }

    @Test
    void refusesWhatIsNotThere() {
        failure(NotFound.class, docker.volumes().inspect("fairlead-nosuch"));
        failure(NotFound.class, docker.volumes().remove("fairlead-nosuch"));
        done(docker.volumes().remove("fairlead-nosuch", how -> how.force(true)));
    }

    /** The Engine looks for it for 15 seconds. */
    @Test
    @NewestEngine
    void refusesADriverThatIsNotThere() {
        failure(NotFound.class, docker.volumes().create(volume -> volume.driver("nosuch")));
    }

    @Test
    void refusesABlankName() {
        assertThatIllegalArgumentException().isThrownBy(() -> docker.volumes().inspect(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> docker.volumes().remove(""));
        assertThatIllegalArgumentException().isThrownBy(() -> docker.volumes()
                .update("", 1, ClusterVolumeSpec.builder().build()));
    }
}
