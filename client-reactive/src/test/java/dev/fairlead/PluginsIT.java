package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.Plugin;
import dev.fairlead.model.PluginListOptions;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.OutermostEngines;
import dev.fairlead.testing.RealEngine;
import dev.fairlead.testing.Tar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Plugins made here; those of a registry are in {@link PluginRegistryIT}. */
@OutermostEngines
final class PluginsIT extends EngineTest {

    private static final String NAME = "fairlead/plugin:1";

    private static final String CONFIG = """
            {"description": "waits", "documentation": "", "entrypoint": ["/bin/busybox", "sleep", "10000"],
             "workdir": "/", "interface": {"types": ["docker.fairleadtest/1.0"], "socket": "p"},
             "network": {"type": "none"}, "linux": {"capabilities": []},
             "env": [{"name": "LEVEL", "description": "", "value": "1", "settable": ["value"]}],
             "args": {"name": "args", "description": "", "value": ["5"], "settable": ["value"]}}
            """;

    PluginsIT(RealEngine engine) {
        super(engine);
    }

    @AfterEach
    void removePlugins() {
        done(docker.plugins()
                .list()
                .concatMap(plugin -> docker.plugins().remove(plugin.name(), how -> how.force(true)))
                .then());
    }

    private Plugin inspect() {
        return get(docker.plugins().inspect(NAME));
    }

    private List<String> names(Consumer<PluginListOptions.Filters> filters) {
        return all(docker.plugins().list(list -> list.filters(filters)).map(Plugin::name));
    }

    private static ByteBuffer tar(byte[] program) {
        return new Tar()
                .file("config.json", CONFIG.getBytes(StandardCharsets.UTF_8))
                .directory("rootfs")
                .directory("rootfs/bin")
                .file("rootfs/bin/busybox", program)
                .end();
    }

    /** The one program there is for sure: the image's own. By the output itself, as a log would not keep its bytes. */
    private byte[] busybox() {
        return get(docker.containers()
                        .run(IMAGE, run -> run.cmd("cat", "/bin/busybox"))
                        .flatMapMany(Run::output)
                        .collect(ByteArrayOutputStream::new, (all, frame) -> {
                            byte[] piece = new byte[frame.bytes().remaining()];
                            frame.bytes().get(piece);
                            all.writeBytes(piece);
                        }))
                .toByteArray();
    }

    private void create() {
        done(docker.plugins().create(NAME, Flux.just(tar(new byte[] {'#', '!'}))));
    }

    /**
     * Listens where the plugin would: that is all the Engine asks of one whose protocol it does not know. Its /run is its own, so
     * the way there goes through its process; and the path may have 107 bytes at most.
     */
    private ServerSocketChannel listen(String id) throws IOException {
        String process =
                Files.readString(engine.folder().resolve(".engine/daemon")).strip();
        Path folder = Files.createDirectories(Path.of("/proc", process, "root/run/docker/plugins", id));
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(folder.resolve("p")));
        return server;
    }

    @Test
    void createTakesWhatInspectTells() {
        create();
        Plugin made = inspect();
        assertThat(made.name()).isEqualTo(NAME);
        assertThat(made.enabled()).isFalse();
        assertThat(Objects.requireNonNull(made.config()).entrypoint())
                .containsExactly("/bin/busybox", "sleep", "10000");
        assertThat(Objects.requireNonNull(made.config().pluginInterface()).types())
                .containsExactly("docker.fairleadtest/1.0");
        assertThat(Objects.requireNonNull(made.settings()).env()).containsExactly("LEVEL=1");
        assertThat(get(docker.plugins().inspect(made.id())).name()).isEqualTo(NAME);
        done(docker.plugins().remove(NAME));
        failure(NotFound.class, docker.plugins().inspect(NAME));
    }

    @Test
    void createRefusesWhatIsNoPlugin() {
        failure(
                DockerException.class,
                docker.plugins()
                        .create(NAME, Flux.just(new Tar().directory("rootfs").end())));
        assertThat(all(docker.plugins().list())).isEmpty();
    }

    @Test
    void listSelectsByEachFilter() {
        create();
        assertThat(all(docker.plugins().list())).hasSize(1);
        assertThat(names(which -> which.enabled(false))).containsExactly(NAME);
        assertThat(names(which -> which.enabled(true))).isEmpty();
        assertThat(names(which -> which.capability("fairleadtest"))).containsExactly(NAME);
        assertThat(names(which -> which.capability("volumedriver"))).isEmpty();
    }

    @Test
    void setChangesWhatUsersMay() {
        create();
        done(docker.plugins().set(NAME, "LEVEL=2", "args=b c"));
        assertThat(Objects.requireNonNull(inspect().settings()).env()).containsExactly("LEVEL=2");
        assertThat(inspect().settings().args()).containsExactly("b", "c");
        failure(DockerException.class, docker.plugins().set(NAME, "NOSUCH=1"));
    }

    @Test
    void enablesAndDisables() throws IOException {
        done(docker.plugins().create(NAME, Flux.just(tar(busybox()))));
        failure(DockerException.class, docker.plugins().disable(NAME));
        try (ServerSocketChannel listening = listen(inspect().id())) {
            assertThat(listening.isOpen()).isTrue();
            done(docker.plugins().enable(NAME, how -> how.timeout(Duration.ofSeconds(5))));
            assertThat(inspect().enabled()).isTrue();
            failure(DockerException.class, docker.plugins().enable(NAME));
            failure(DockerException.class, docker.plugins().set(NAME, "LEVEL=3"));
            failure(DockerException.class, docker.plugins().remove(NAME));
            done(docker.plugins().disable(NAME));
            assertThat(inspect().enabled()).isFalse();
        }
    }

    /** The Engine tries for 25 seconds. */
    @Test
    @NewestEngine
    void enableFailsWhenNobodyListens() {
        done(docker.plugins().create(NAME, Flux.just(tar(busybox()))));
        assertThat(failure(EngineFailure.class, docker.plugins().enable(NAME))).hasMessageContaining("/p:");
        assertThat(inspect().enabled()).isFalse();
        done(docker.plugins().disable(NAME, how -> how.force(true)).onErrorComplete(DockerException.class));
    }

    @Test
    void cannotReachARegistry() {
        create();
        // The Engine hides that it could not ask; the pull does not.
        assertThat(all(docker.plugins().privileges("127.0.0.1:1/a/b:1"))).isEmpty();
        assertThat(failure(DockerException.class, docker.plugins().pull("127.0.0.1:1/a/b:1", List.of())))
                .hasMessageContaining("127.0.0.1:1");
        assertThat(failure(DockerException.class, docker.plugins().upgrade(NAME, "127.0.0.1:1/a/b:1", List.of())))
                .hasMessageContaining("127.0.0.1:1");
        failure(DockerException.class, docker.plugins().push(NAME));
    }

    @Test
    void refusesWhatIsNotThere() {
        failure(NotFound.class, docker.plugins().inspect("fairlead/nosuch"));
        failure(NotFound.class, docker.plugins().enable("fairlead/nosuch"));
        failure(NotFound.class, docker.plugins().disable("fairlead/nosuch"));
        failure(NotFound.class, docker.plugins().set("fairlead/nosuch", "A=1"));
        failure(NotFound.class, docker.plugins().remove("fairlead/nosuch"));
        failure(NotFound.class, docker.plugins().push("fairlead/nosuch"));
        assertThatIllegalArgumentException().isThrownBy(() -> docker.plugins().inspect(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> docker.plugins().pull("", List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> docker.plugins().create("", Flux.empty()));
    }
}
