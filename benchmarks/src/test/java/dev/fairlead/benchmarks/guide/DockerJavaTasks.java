package dev.fairlead.benchmarks.guide;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.PruneType;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The guide's twenty tasks as docker-java does them. */
final class DockerJavaTasks {

    private final DockerClient docker;

    DockerJavaTasks(DockerClient docker) {
        this.docker = docker;
    }

    static DockerClient client() {
        // GUIDE
        DockerClientConfig config =
                DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        DockerClient docker = DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .sslConfig(config.getSSLConfig())
                        .build());
        // end
        return docker;
    }

    String version() {
        // GUIDE
        Version engine = docker.versionCmd().exec();
        return engine.getVersion() + ", API " + engine.getApiVersion();
        // end
    }

    void pull(String image) throws InterruptedException {
        // GUIDE
        docker.pullImageCmd(image).start().awaitCompletion();
        // end
    }

    Integer run(String image) throws InterruptedException {
        // GUIDE
        String id =
                docker.createContainerCmd(image).withCmd("echo", "hello").exec().getId();
        try {
            docker.startContainerCmd(id).exec();
            Integer code = docker.waitContainerCmd(id).start().awaitStatusCode();
            docker.logContainerCmd(id)
                    .withStdOut(true)
                    .withStdErr(true)
                    .exec(new ResultCallback.Adapter<Frame>() {
                        @Override
                        public void onNext(Frame frame) {
                            System.out.print(new String(frame.getPayload(), UTF_8));
                        }
                    })
                    .awaitCompletion();
            return code;
        } finally {
            docker.removeContainerCmd(id).withForce(true).exec();
        }
        // end
    }

    String runDetached(String image) {
        // GUIDE
        HostConfig host = HostConfig.newHostConfig()
                .withBinds(Bind.parse("site:/srv/www"))
                .withPortBindings(PortBinding.parse("8080:80"))
                .withMemory(256L * 1024 * 1024);
        String id = docker.createContainerCmd(image)
                .withName("web")
                .withCmd("httpd", "-f", "-h", "/srv/www")
                .withEnv("MODE=dev")
                .withLabels(Map.of("app", "shop"))
                .withExposedPorts(ExposedPort.tcp(80))
                .withHostConfig(host)
                .exec()
                .getId();
        docker.startContainerCmd(id).exec();
        return id;
        // end
    }

    List<Container> list() {
        return
        // GUIDE
        docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of("app", "shop"))
                .exec();
        // end
    }

    @Nullable
    String inspect() {
        // GUIDE
        InspectContainerResponse web = docker.inspectContainerCmd("web").exec();
        ContainerNetwork bridge = web.getNetworkSettings().getNetworks().get("bridge");
        return bridge == null ? null : bridge.getIpAddress();
        // end
    }

    void logs() throws InterruptedException {
        // GUIDE
        docker.logContainerCmd("web")
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .withTail(100)
                .exec(new ResultCallback.Adapter<Frame>() {
                    @Override
                    public void onNext(Frame frame) { // a piece, not a line
                        System.out.print(new String(frame.getPayload(), UTF_8));
                    }
                })
                .awaitCompletion();
        // end
    }

    Long exec() throws InterruptedException {
        // GUIDE
        String exec = docker.execCreateCmd("web")
                .withCmd("ls", "/srv/www")
                .withAttachStdout(true)
                .withAttachStderr(true)
                .exec()
                .getId();
        docker.execStartCmd(exec)
                .exec(new ResultCallback.Adapter<Frame>() {
                    @Override
                    public void onNext(Frame frame) {
                        System.out.print(new String(frame.getPayload(), UTF_8));
                    }
                })
                .awaitCompletion();
        return docker.inspectExecCmd(exec).exec().getExitCodeLong();
        // end
    }

    void execWithInput(InputStream page) throws InterruptedException {
        // GUIDE
        String exec = docker.execCreateCmd("web")
                .withCmd("sh", "-c", "head -n 1 > /srv/www/index.html")
                .withAttachStdin(true)
                .withAttachStdout(true)
                .exec()
                .getId();
        docker.execStartCmd(exec)
                .withStdIn(page) // its end is not passed on: cat would wait for ever
                .exec(new ResultCallback.Adapter<>())
                .awaitCompletion();
        // end
    }

    void terminal(InputStream keys) throws InterruptedException {
        // GUIDE
        String exec = docker.execCreateCmd("web")
                .withCmd("sh")
                .withTty(true)
                .withAttachStdin(true)
                .withAttachStdout(true)
                .exec()
                .getId();
        ResultCallback.Adapter<Frame> shell = docker.execStartCmd(exec)
                .withTty(true)
                .withStdIn(keys)
                .exec(new ResultCallback.Adapter<Frame>() {
                    @Override
                    public void onNext(Frame frame) {
                        System.out.print(new String(frame.getPayload(), UTF_8));
                    }
                });
        docker.resizeExecCmd(exec).withSize(24, 80).exec();
        shell.awaitCompletion();
        // end
    }

    void stats() throws InterruptedException {
        // GUIDE
        docker.statsCmd("web")
                .exec(new ResultCallback.Adapter<Statistics>() {
                    @Override
                    public void onNext(Statistics now) {
                        Long before = now.getPreCpuStats().getSystemCpuUsage();
                        if (before == null) {
                            return; // the first sample has none
                        }
                        long system = now.getCpuStats().getSystemCpuUsage() - before;
                        long cpu = now.getCpuStats().getCpuUsage().getTotalUsage()
                                - now.getPreCpuStats().getCpuUsage().getTotalUsage();
                        System.out.println(
                                100.0 * cpu / system * now.getCpuStats().getOnlineCpus());
                    }
                })
                .awaitCompletion();
        // end
    }

    void events() throws InterruptedException {
        // GUIDE
        docker.eventsCmd()
                .withEventFilter("die")
                .exec(new ResultCallback.Adapter<Event>() {
                    @Override
                    public void onNext(Event event) {
                        System.out.println(event.getActor().getAttributes().get("name"));
                    }
                })
                .awaitCompletion();
        // end
    }

    InputStream copy() {
        // GUIDE
        docker.copyArchiveToContainerCmd("web")
                .withHostResource("site")
                .withDirChildrenOnly(true)
                .withRemotePath("/srv/www")
                .exec();
        InputStream tar = docker.copyArchiveFromContainerCmd("web", "/srv/www").exec();
        return tar; // to be unpacked by you
        // end
    }

    String build(Path app) {
        // GUIDE
        return docker.buildImageCmd(app.toFile())
                .withTags(Set.of("shop:1"))
                .start()
                .awaitImageId();
        // end
    }

    void push(String repository, String user, String token) throws InterruptedException {
        // GUIDE
        docker.tagImageCmd("shop:1", repository, "2").exec();
        docker.pushImageCmd(repository)
                .withTag("2")
                .withAuthConfig(new AuthConfig().withUsername(user).withPassword(token))
                .start()
                .awaitCompletion();
        // end
    }

    static void move(DockerClient docker, DockerClient other) throws IOException {
        // GUIDE
        try (InputStream tar = docker.saveImageCmd("shop:1").exec()) {
            other.loadImageCmd(tar).exec();
        }
        // end
    }

    void network() {
        // GUIDE
        docker.createNetworkCmd().withName("shop").exec();
        docker.connectToNetworkCmd()
                .withNetworkId("shop")
                .withContainerId("web")
                .withContainerNetwork(new ContainerNetwork().withAliases("www"))
                .exec();
        // end
    }

    Integer await() throws InterruptedException {
        // GUIDE
        return docker.waitContainerCmd("job").start().awaitStatusCode();
        // end
    }

    void remove() {
        // GUIDE
        docker.stopContainerCmd("web").withTimeout(1).exec();
        docker.removeContainerCmd("web").withRemoveVolumes(true).exec();
        // end
    }

    void volumes() {
        // GUIDE
        docker.createVolumeCmd()
                .withName("data")
                .withLabels(Map.of("app", "shop"))
                .exec();
        docker.removeVolumeCmd("data").exec();
        docker.pruneCmd(PruneType.CONTAINERS).withUntilFilter("24h").exec();
        // end
    }
}
