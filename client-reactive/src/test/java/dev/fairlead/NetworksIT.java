package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.Forbidden;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.IPAMConfig;
import dev.fairlead.model.Network;
import dev.fairlead.model.NetworkCreateOptions;
import dev.fairlead.model.NetworkInspect;
import dev.fairlead.model.NetworkListOptions;
import dev.fairlead.model.NetworkScope;
import dev.fairlead.model.NetworkType;
import dev.fairlead.testing.RealEngine;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;

final class NetworksIT extends EngineTest {

    private static final String LABEL = "dev.fairlead.test";
    private static final String MINE = LABEL + "=NetworksIT";

    NetworksIT(RealEngine engine) {
        super(engine);
    }

    @AfterEach
    void removeNetworks() {
        removeContainers();
        done(docker.networks()
                .list(all -> all.filters(which -> which.label(MINE)))
                .concatMap(network -> docker.networks().remove(network.id()))
                .then());
    }

    private String make(String name, Consumer<NetworkCreateOptions.Builder> options) {
        return get(docker.networks().create(name, network -> options.accept(network.label(LABEL, "NetworksIT"))))
                .id();
    }

    private List<String> names(Consumer<NetworkListOptions.Filters> filters) {
        return all(docker.networks()
                .list(list -> list.filters(which -> filters.accept(which.label(MINE))))
                .map(Network::name));
    }

    @Test
    void createTakesWhatInspectTells() {
        String id = make("fairlead-a", network -> network.internal(true)
                .enableIpv6(true)
                .ipam(ipam -> ipam.config(List.of(
                        IPAMConfig.builder()
                                .subnet("10.81.0.0/24")
                                .ipRange("10.81.0.128/25")
                                .gateway("10.81.0.5")
                                .putAuxiliaryAddresses("printer", "10.81.0.9")
                                .build(),
                        IPAMConfig.builder().subnet("fd81::/64").build())))
                .option("com.docker.network.driver.mtu", "1400"));
        NetworkInspect made = get(docker.networks().inspect("fairlead-a"));
        assertThat(made.id()).isEqualTo(id);
        assertThat(made.driver()).isEqualTo("bridge");
        assertThat(made.scope()).isEqualTo(NetworkScope.LOCAL);
        assertThat(made.internal()).isTrue();
        assertThat(made.enableIpv6()).isTrue();
        assertThat(made.created()).isNotNull();
        assertThat(made.options()).containsEntry("com.docker.network.driver.mtu", "1400");
        assertThat(made.labels()).containsEntry(LABEL, "NetworksIT");
        var range = Objects.requireNonNull(made.ipam()).config().get(0);
        assertThat(range.subnet()).isEqualTo("10.81.0.0/24");
        assertThat(range.ipRange()).isEqualTo("10.81.0.128/25");
        assertThat(range.gateway()).isEqualTo("10.81.0.5");
        assertThat(range.auxiliaryAddresses()).containsEntry("printer", "10.81.0.9");
        assertThat(made.containers()).isEmpty();
    }

    @Test
    void listSelectsByEachFilter() {
        String id = make("fairlead-a", network -> {});
        make("fairlead-b", network -> network.label("b", ""));
        assertThat(names(which -> {})).containsExactlyInAnyOrder("fairlead-a", "fairlead-b");
        assertThat(names(which -> which.name("fairlead-a"))).containsExactly("fairlead-a");
        assertThat(names(which -> which.id(id))).containsExactly("fairlead-a");
        assertThat(names(which -> which.driver("bridge"))).hasSize(2);
        assertThat(names(which -> which.driver("overlay"))).isEmpty();
        assertThat(names(which -> which.label(MINE, "b"))).containsExactly("fairlead-b");
        assertThat(names(which -> which.dangling(true))).hasSize(2);
        assertThat(names(which -> which.dangling(false))).isEmpty();
        assertThat(names(which -> which.scope(NetworkScope.SWARM))).isEmpty();
        assertThat(names(which -> which.type(NetworkType.BUILTIN))).isEmpty();
        assertThat(all(docker.networks().list().map(Network::name))).contains("bridge", "host", "none", "fairlead-a");
    }

    @Test
    void connectsAndDisconnectsContainers() {
        String network = make(
                "fairlead-a",
                options -> options.ipam(ipam ->
                        ipam.config(IPAMConfig.builder().subnet("10.82.0.0/24").build())));
        String container = idle();
        done(docker.networks()
                .connect(
                        network,
                        container,
                        how -> how.endpointConfig(
                                end -> end.aliases("twin").ipamConfig(ipam -> ipam.ipv4Address("10.82.0.77")))));
        var attached = get(docker.networks().inspect(network)).containers();
        assertThat(attached).containsOnlyKeys(container);
        assertThat(Objects.requireNonNull(attached.get(container)).ipv4Address())
                .isEqualTo("10.82.0.77/24");
        assertThat(get(docker.containers().inspect(container)).networkSettings())
                .satisfies(settings -> assertThat(Objects.requireNonNull(Objects.requireNonNull(settings)
                                        .networks()
                                        .get("fairlead-a"))
                                .aliases())
                        .contains("twin"));
        failure(Forbidden.class, docker.networks().connect(network, container));
        failure(Forbidden.class, docker.networks().remove(network));

        done(docker.networks().disconnect(network, container));
        assertThat(get(docker.networks().inspect(network)).containers()).isEmpty();
        failure(DockerException.class, docker.networks().disconnect(network, container));
    }

    @Test
    void disconnectsByForceWhatIsGone() {
        String network = make("fairlead-a", options -> {});
        failure(NotFound.class, docker.networks().disconnect(network, "fairlead-gone"));
        String container = create("true");
        done(docker.networks().connect(network, container));
        done(docker.networks().disconnect(network, container, how -> how.force(true)));
    }

    @Test
    void createRefusesANameThatIsTaken() {
        make("fairlead-a", options -> {});
        if (has(44)) {
            failure(Conflict.class, docker.networks().create("fairlead-a"));
        } else {
            failure(Conflict.class, twin());
            String second = make("fairlead-a", options -> {});
            assertThat(names(which -> which.name("fairlead-a"))).hasSize(2);
            assertThat(second).isNotEmpty();
        }
    }

    /** What Engines before 1.44 have to be asked for, and from 1.46 on is no more. */
    @SuppressWarnings("deprecation")
    private Publisher<?> twin() {
        return docker.networks().create("fairlead-a", options -> options.checkDuplicate(true));
    }

    @Test
    void createRefusesWhatCannotBe() {
        make(
                "fairlead-a",
                options -> options.ipam(ipam ->
                        ipam.config(IPAMConfig.builder().subnet("10.83.0.0/24").build())));
        failure(Forbidden.class, docker.networks().create("fairlead-b", options -> options.label(LABEL, "NetworksIT")
                .ipam(ipam ->
                        ipam.config(IPAMConfig.builder().subnet("10.83.0.0/24").build()))));
    }

    @Test
    void takesItsSettingsFromAnother() {
        make("fairlead-settings", network -> network.configOnly(true)
                .ipam(ipam ->
                        ipam.config(IPAMConfig.builder().subnet("10.84.0.0/24").build())));
        // Not even a label may be told beside.
        String id = get(docker.networks()
                        .create("fairlead-b", network -> network.configFrom(from -> from.network("fairlead-settings"))))
                .id();
        NetworkInspect made = get(docker.networks().inspect(id));
        assertThat(Objects.requireNonNull(made.configFrom()).network()).isEqualTo("fairlead-settings");
        assertThat(Objects.requireNonNull(made.ipam()).config().get(0).subnet()).isEqualTo("10.84.0.0/24");
        done(docker.networks().remove(id));
    }

    @Test
    void doesWithoutIpv4FromItsVersionOn() {
        since(48, client -> client.networks().create("fairlead-six", network -> network.label(LABEL, "NetworksIT")
                .enableIpv4(false)
                .enableIpv6(true)
                .ipam(ipam ->
                        ipam.config(IPAMConfig.builder().subnet("fd82::/64").build()))));
    }

    @Test
    void inspectTellsScopesApart() {
        make("fairlead-a", options -> {});
        assertThat(get(docker.networks().inspect("fairlead-a", how -> how.scope(NetworkScope.LOCAL)
                                .verbose(true)))
                        .name())
                .isEqualTo("fairlead-a");
        failure(NotFound.class, docker.networks().inspect("fairlead-a", how -> how.scope(NetworkScope.SWARM)));
    }

    @Test
    void pruneRemovesWhatItsFiltersSelect() {
        make("fairlead-a", options -> {});
        make("fairlead-b", options -> options.label("keep", "yes"));
        assertThat(get(docker.networks()
                                .prune(prune ->
                                        prune.filters(which -> which.label(MINE).labelNot("keep"))))
                        .networksDeleted())
                .containsExactly("fairlead-a");
        assertThat(get(docker.networks()
                                .prune(prune ->
                                        prune.filters(which -> which.label(MINE).until("1h"))))
                        .networksDeleted())
                .isEmpty();
        assertThat(names(which -> {})).containsExactly("fairlead-b");
    }

    @Test
    void refusesWhatIsNotThereAndWhatIsTheEnginesOwn() {
        failure(NotFound.class, docker.networks().inspect("fairlead-nosuch"));
        failure(NotFound.class, docker.networks().remove("fairlead-nosuch"));
        failure(Forbidden.class, docker.networks().remove("bridge"));
    }

    @Test
    void refusesBlankArguments() {
        // Without this the Engine would answer with all networks, or none, or another's.
        assertThatIllegalArgumentException().isThrownBy(() -> docker.networks().inspect(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> docker.networks().remove(""));
        assertThatIllegalArgumentException().isThrownBy(() -> docker.networks().create(""));
        assertThatIllegalArgumentException().isThrownBy(() -> docker.networks().connect("a", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> docker.networks().disconnect("a", ""));
    }
}
