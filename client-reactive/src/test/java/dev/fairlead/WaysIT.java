package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.tls.Tls;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.AbstractRelay;
import dev.fairlead.testing.Certificates;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.Ports;
import dev.fairlead.testing.RealEngine;
import dev.fairlead.testing.Relay;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** The same small use of an Engine by every way that leads to one. */
@NewestEngine
final class WaysIT extends EngineTest {

    private final int mutualPort = Ports.free();
    private final int serverPort = Ports.free();
    private Path certificates;
    private Path foreign;
    private RealEngine mutual;
    private RealEngine serverOnly;

    WaysIT(RealEngine engine) {
        super(engine);
    }

    @BeforeAll
    void startEnginesThatSpeakTls(@TempDir Path folder) {
        Certificates own = Certificates.in(folder.resolve("own"));
        certificates = own.folder();
        foreign = Certificates.in(folder.resolve("foreign")).folder();
        CompletableFuture<RealEngine> other = CompletableFuture.supplyAsync(() -> RealEngine.overTls(mutualPort, own));
        serverOnly = RealEngine.another(
                "--tcp",
                String.valueOf(serverPort),
                "--",
                "--tls",
                "--tlsverify=false",
                "--tlscacert",
                certificates.resolve("ca.pem").toString(),
                "--tlscert",
                certificates.resolve("server-cert.pem").toString(),
                "--tlskey",
                certificates.resolve("server-key.pem").toString());
        mutual = other.join();
    }

    @AfterAll
    void stopThem() {
        serverOnly.close();
        mutual.close();
    }

    private static void use(String host, Consumer<DockerConfig.Builder> more) {
        try (DockerClient client = DockerClient.create(config -> {
            config.host(host);
            more.accept(config);
        })) {
            use(client);
        }
    }

    /** A call, a run with its output and exit, a session whose input ends, a stream that is cancelled. */
    private static void use(DockerClient docker) {
        assertThat(get(docker.system().ping()).osType()).isEqualTo("linux");
        assertThat(get(docker.system().version()).version()).startsWith("28.");
        Run run = get(docker.containers().run(IMAGE, "echo", "hello"));
        assertThat(text(run.output())).isEqualTo("hello\n");
        assertThat(get(run.exit()).code()).isZero();
        String id = get(docker.containers()
                        .create(IMAGE, container -> container.cmd("sh", "-c", "while :; do echo x; sleep 0.02; done")))
                .id();
        try {
            done(docker.containers().start(id));
            ExecResult result = get(docker.execs().run(id, exec -> exec.cmd("sh", "-c", "cat; echo over; exit 3")
                    .stdin(Flux.just(bytes("in "), bytes("and out, ")))));
            assertThat(result.stdoutText()).isEqualTo("in and out, over\n");
            assertThat(result.exitCode()).isEqualTo(3);
            StepVerifier.create(docker.containers()
                            .logs(id, logs -> logs.follow(true))
                            .map(OutputFrame::text))
                    .expectNext("x\n", "x\n", "x\n")
                    .thenCancel()
                    .verify(LIMIT);
        } finally {
            done(docker.containers().remove(id, how -> how.force(true)));
        }
    }

    @Test
    void unix() {
        use(docker);
    }

    @Test
    void unixOnTheJdksSockets() {
        use(engine.host(), config -> config.nativeTransport(false));
    }

    @Test
    void abstractUnix() throws Exception {
        String name = "fairlead-ways-" + ProcessHandle.current().pid();
        try (AbstractRelay relay = new AbstractRelay(name, engine.host())) {
            use(relay.host(), config -> {});
        }
    }

    @Test
    void tcp() throws Exception {
        try (Relay relay = Relay.to("127.0.0.1", engine.host())) {
            use("tcp://127.0.0.1:" + relay.port(), config -> {});
            use("tcp://127.0.0.1:" + relay.port(), config -> config.nativeTransport(false));
        }
    }

    @Test
    void tcpOfVersion6() throws Exception {
        try (Relay relay = Relay.to("::1", engine.host())) {
            use("tcp://[::1]:" + relay.port(), config -> {});
        }
    }

    @Test
    void tcpByName() throws Exception {
        try (Relay relay = Relay.to("127.0.0.1", engine.host())) {
            use("tcp://localhost:" + relay.port(), config -> {});
        }
    }

    @Test
    void tcpBelowAPath() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Relay relay = Relay.below("/hosts/one", engine.host(), asked)) {
            use("tcp://127.0.0.1:" + relay.port() + "/hosts/one", config -> {});
            assertThat(asked).hasSizeGreaterThan(10).allMatch(line -> line.contains(" /hosts/one/"));
            assertThat(asked).anyMatch(line -> line.matches("POST /hosts/one/v1[.0-9]+/exec/[0-9a-f]+/start"));
        }
    }

    @Test
    void tlsOfTheServerAlone() {
        Path ca = certificates.resolve("ca.pem");
        use("tcp://localhost:" + serverPort, config -> config.tls(tls -> tls.ca(ca)));
    }

    @Test
    void tlsOfBoth() {
        use("tcp://127.0.0.1:" + mutualPort, config -> config.tls(tls -> tls.folder(certificates)));
    }

    @Test
    void tlsThatIsNotVerified() {
        Path ca = foreign.resolve("ca.pem");
        String host = "tcp://127.0.0.1:" + serverPort;
        use(host, config -> config.tls(tls -> tls.ca(ca).skipVerify()));
        try (DockerClient strict =
                DockerClient.create(config -> config.host(host).tls(tls -> tls.ca(ca)))) {
            failure(ConnectionFailed.class, strict.system().ping());
        }
    }

    @Test
    void connectInClearAndInTls() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Relay engineByTcp = Relay.to("127.0.0.1", engine.host());
                Relay proxy = Relay.connect("Basic bWU6Z2VoZWlt", asked)) {
            String address = "http://me:geheim@127.0.0.1:" + proxy.port();
            use("tcp://localhost:" + engineByTcp.port(), config -> config.proxy(address));
            Tls tls = Tls.of(settings -> settings.folder(certificates));
            use("tcp://localhost:" + mutualPort, config -> config.proxy(address).tls(tls));
            assertThat(asked).contains("localhost:" + engineByTcp.port(), "localhost:" + mutualPort);
        }
    }

    @Test
    void socksInClearAndInTls() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Relay engineByTcp = Relay.to("127.0.0.1", engine.host());
                Relay proxy = Relay.socks("me", "geheim", asked)) {
            String address = "socks5://me:geheim@127.0.0.1:" + proxy.port();
            use("tcp://localhost:" + engineByTcp.port(), config -> config.proxy(address));
            use("https://localhost:" + mutualPort, config -> config.proxy(address)
                    .tls(tls -> tls.folder(certificates)));
            assertThat(asked).contains("localhost:" + engineByTcp.port(), "localhost:" + mutualPort);
        }
    }

    @Test
    void theProxyOfTheEnvironment() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        String other = InetAddress.getLocalHost().getHostAddress();
        try (Relay engineByTcp = Relay.to(other, engine.host());
                Relay proxy = Relay.connect(null, asked)) {
            Environment environment = new Environment(
                    Map.of(
                            "DOCKER_HOST", "tcp://" + other + ":" + engineByTcp.port(),
                            "HTTP_PROXY", "127.0.0.1:" + proxy.port()),
                    Path.of("/nowhere"),
                    path -> false);
            try (DockerClient client =
                    DockerClient.create(DockerConfig.builder().build(), environment)) {
                use(client);
            }
            try (DockerClient client =
                    DockerClient.create(DockerConfig.builder().noProxy().build(), environment)) {
                int before = asked.size();
                done(client.system().ping());
                assertThat(asked).hasSize(before);
            }
        }
        boolean isLoopback = InetAddress.getByName(other).isLoopbackAddress();
        assertThat(asked.isEmpty()).isEqualTo(isLoopback);
    }
}
