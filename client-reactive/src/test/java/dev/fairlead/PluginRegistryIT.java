package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.model.Plugin;
import dev.fairlead.model.PluginPrivilege;
import dev.fairlead.model.Pushed;
import dev.fairlead.testing.OutermostEngines;
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
@OutermostEngines
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
        Pushed pushed = get(docker.plugins().push(name).result());
        assertThat(pushed.name()).isEqualTo(name);
        assertThat(pushed.digest()).startsWith("sha256:");
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
        Plugin pulled = get(docker.plugins().pull(remote, privileges(remote)).result());
        assertThat(pulled).isEqualTo(get(docker.plugins().inspect(remote)));
        assertThat(pulled.enabled()).isFalse();
        assertThat(pulled.pluginReference()).isEqualTo(remote);
        assertThat(description(pulled)).isEqualTo("pulled");
    }

    @Test
    void pullNamesItAsAsked() {
        String remote = pushed("named:1", "named", "");
        Plugin pulled = get(docker.plugins()
                .pull(remote, privileges(remote), pull -> pull.name("fairlead/mine:7"))
                .result());
        assertThat(pulled.name()).isEqualTo("fairlead/mine:7");
        assertThat(pulled.pluginReference()).isEqualTo(remote);
    }

    @Test
    void pullRefusesOtherPrivileges() {
        String remote = pushed("refused:1", "refused", "");
        assertThat(failure(StreamFailed.class, docker.plugins().pull(remote, List.of()))
                        .engineMessage())
                .isEqualTo("incorrect privileges");
        assertThat(all(docker.plugins().list())).isEmpty();
    }

    @Test
    void pullFailsWhenTheRegistryHasNone() {
        String missing = registry + "/nosuch:1";
        assertThat(privileges(missing)).isEmpty();
        // Before 28, it is the registry's lack of TLS that the Engine tells of.
        Class<? extends DockerException> type = has(51) ? NotFound.class : EngineFailure.class;
        assertThat(failure(type, docker.plugins().pull(missing, List.of()))).hasMessageContaining("nosuch");
    }

    @Test
    void pullRefusesAnImage() {
        String image = registry + "/noplugin:1";
        done(docker.images().tag(IMAGE, image));
        done(docker.images().push(image).result());
        done(docker.images().remove(image).then());
        failure(StreamFailed.class, docker.plugins().pull(image, List.of()));
        assertThat(all(docker.plugins().list())).isEmpty();
    }

    @Test
    void upgradeReplacesItByAnother() {
        String first = pushed("upgraded:1", "first", "");
        String second = pushed("upgraded:2", "second", "\"CAP_SYS_ADMIN\"");
        done(docker.plugins().pull(first, privileges(first)).result());
        String id = get(docker.plugins().inspect(first)).id();

        failure(StreamFailed.class, docker.plugins().upgrade(first, second, privileges(first)));
        assertThat(description(get(docker.plugins().inspect(first)))).isEqualTo("first");

        Plugin upgraded =
                get(docker.plugins().upgrade(first, second, privileges(second)).result());
        assertThat(upgraded.id()).isEqualTo(id);
        assertThat(upgraded.name()).isEqualTo(first);
        assertThat(upgraded.pluginReference()).isEqualTo(second);
        assertThat(description(upgraded)).isEqualTo("second");
    }
}
