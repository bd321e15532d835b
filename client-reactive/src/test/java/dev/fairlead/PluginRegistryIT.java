package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.Plugin;
import dev.fairlead.model.PluginPrivilege;
import dev.fairlead.testing.RealEngine;
import dev.fairlead.testing.Tar;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Plugins that go to a registry and come back. */
final class PluginRegistryIT extends EngineTest {

    private String registry = "";

    PluginRegistryIT(RealEngine engine) {
        super(engine);
    }

    @BeforeAll
    void startRegistry() throws IOException {
        registry = engine.registry();
    }

    @AfterEach
    void removePlugins() {
        done(docker.plugins()
                .list()
                .concatMap(plugin -> docker.plugins().remove(plugin.name(), how -> how.force(true)))
                .then());
    }

    private static ByteBuffer tar(String description, String capabilities) {
        return new Tar()
                .file("config.json", """
                        {"description": "%s", "documentation": "", "entrypoint": ["/plugin"], "workdir": "/",
                         "interface": {"types": ["docker.fairleadtest/1.0"], "socket": "p"},
                         "network": {"type": "host"}, "linux": {"capabilities": [%s]}}
                        """.formatted(description, capabilities))
                .directory("rootfs")
                .file("rootfs/plugin", "#!" + description)
                .end();
    }

    /** Makes a plugin, pushes it and removes it; its name. */
    private String pushed(String repository, String description, String capabilities) {
        String name = registry + "/" + repository;
        done(docker.plugins().create(name, Flux.just(tar(description, capabilities))));
        assertThat(all(docker.plugins().push(name))).isNotEmpty();
        done(docker.plugins().remove(name));
        failure(NotFound.class, docker.plugins().inspect(name));
        return name;
    }

    private List<PluginPrivilege> privileges(String remote) {
        return all(docker.plugins().privileges(remote));
    }

    private String description(Plugin plugin) {
        return Objects.requireNonNull(plugin.config()).description();
    }

    @Test
    void privilegesAreWhatItAsksFor() {
        String remote = pushed("asks:1", "asks", "\"CAP_SYS_ADMIN\"");
        List<PluginPrivilege> asked = privileges(remote);
        assertThat(asked).extracting(PluginPrivilege::name).containsExactlyInAnyOrder("network", "capabilities");
        assertThat(asked)
                .filteredOn(privilege -> privilege.name().equals("capabilities"))
                .singleElement()
                .extracting(PluginPrivilege::value)
                .isEqualTo(List.of("CAP_SYS_ADMIN"));
        assertThat(all(docker.plugins().list())).isEmpty();
    }

    @Test
    void pullInstallsWhatWasGranted() {
        String remote = pushed("pulled:1", "pulled", "");
        done(docker.plugins().pull(remote, privileges(remote)).then());
        Plugin pulled = get(docker.plugins().inspect(remote));
        assertThat(pulled.enabled()).isFalse();
        assertThat(pulled.pluginReference()).isEqualTo(remote);
        assertThat(description(pulled)).isEqualTo("pulled");
    }

    @Test
    void pullNamesItAsAsked() {
        String remote = pushed("named:1", "named", "");
        done(docker.plugins()
                .pull(remote, privileges(remote), pull -> pull.name("fairlead/mine:7"))
                .then());
        Plugin pulled = get(docker.plugins().inspect("fairlead/mine:7"));
        assertThat(pulled.name()).isEqualTo("fairlead/mine:7");
        assertThat(pulled.pluginReference()).isEqualTo(remote);
    }

    @Test
    void pullRefusesOtherPrivileges() {
        String remote = pushed("refused:1", "refused", "");
        failure(DockerException.class, docker.plugins().pull(remote, List.of()));
        failure(DockerException.class, docker.plugins().pull(registry + "/nosuch:1", List.of()));
        assertThat(all(docker.plugins().list())).isEmpty();
    }

    @Test
    void upgradeReplacesItByAnother() {
        String first = pushed("upgraded:1", "first", "");
        String second = pushed("upgraded:2", "second", "\"CAP_SYS_ADMIN\"");
        done(docker.plugins().pull(first, privileges(first)).then());
        String id = get(docker.plugins().inspect(first)).id();

        failure(DockerException.class, docker.plugins().upgrade(first, second, privileges(first)));
        assertThat(description(get(docker.plugins().inspect(first)))).isEqualTo("first");

        done(docker.plugins().upgrade(first, second, privileges(second)).then());
        Plugin upgraded = get(docker.plugins().inspect(id));
        assertThat(upgraded.name()).isEqualTo(first);
        assertThat(upgraded.pluginReference()).isEqualTo(second);
        assertThat(description(upgraded)).isEqualTo("second");
    }
}
