package dev.fairlead.benchmarks;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.LogContainerCmd;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** docker-java with its defaults. */
final class DockerJavaClient extends BlockingClient {

    private final DockerClient docker;
    private final List<FrameReader> followed = new ArrayList<>();
    private final List<FrameReader> stalled = new ArrayList<>();

    private DockerJavaClient(URI host, DockerHttpClient http) {
        DockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(host.toString())
                .withDockerTlsVerify(false)
                .build();
        this.docker = DockerClientImpl.getInstance(config, http);
    }

    static DockerJavaClient onHttpClient5(Path socket) {
        URI host = URI.create("unix://" + socket);
        return new DockerJavaClient(
                host, new ApacheDockerHttpClient.Builder().dockerHost(host).build());
    }

    static DockerJavaClient zerodep(Path socket) {
        URI host = URI.create("unix://" + socket);
        return new DockerJavaClient(
                host, new ZerodepDockerHttpClient.Builder().dockerHost(host).build());
    }

    @Override
    public void pings(int count, int inFlight, @Nullable Latencies latencies) throws Exception {
        all(count, inFlight, latencies, () -> docker.pingCmd().exec());
    }

    @Override
    public void inspects(int count, int inFlight, @Nullable Latencies latencies) throws Exception {
        all(count, inFlight, latencies, () -> docker.inspectContainerCmd("measured")
                .exec());
    }

    @Override
    public int lists(int count, int containers, @Nullable Latencies latencies) throws Exception {
        int[] found = new int[1];
        all(
                count,
                1,
                latencies,
                () -> found[0] +=
                        docker.listContainersCmd().withLimit(containers).exec().size());
        return found[0];
    }

    @Override
    public long logs(String container) throws Exception {
        FrameReader reader = logs(container, false, FrameReader.counting());
        reader.awaitCompletion();
        return reader.bytes();
    }

    private FrameReader logs(String container, boolean follow, FrameReader reader) {
        LogContainerCmd command =
                docker.logContainerCmd(container).withStdOut(true).withStdErr(true);
        return command.withFollowStream(follow).exec(reader);
    }

    @Override
    public int events(int count) throws Exception {
        return docker.eventsCmd()
                .withUntil(Integer.toString(count))
                .exec(new ItemCounter<>())
                .awaitCount();
    }

    @Override
    public int stats(int count) throws Exception {
        return docker.statsCmd("stats-" + count).exec(new ItemCounter<>()).awaitCount();
    }

    @Override
    public int pull(int count) throws Exception {
        return docker.pullImageCmd("measured")
                .withTag(Integer.toString(count))
                .exec(new ItemCounter<>())
                .awaitCount();
    }

    @Override
    public void upload(long bytes) throws IOException {
        try (InputStream tar = new Content(bytes)) {
            docker.copyArchiveToContainerCmd("measured")
                    .withRemotePath("/tmp")
                    .withTarInputStream(tar)
                    .exec();
        }
    }

    @Override
    public long download(int mebibytes) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long bytes = 0;
        try (InputStream tar = docker.copyArchiveFromContainerCmd("tar-" + mebibytes, "/content")
                .exec()) {
            int read = tar.read(buffer);
            while (read >= 0) {
                bytes += read;
                read = tar.read(buffer);
            }
        }
        return bytes;
    }

    /** Until the last byte is back: that its input ends, docker-java never tells the program, so the program never ends. */
    @Override
    public long echo(long bytes) throws Exception {
        FrameReader reader = FrameReader.until(bytes);
        try (InputStream input = new Content(bytes)) {
            docker.attachContainerCmd("echo")
                    .withStdIn(input)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withFollowStream(true)
                    .exec(reader);
            reader.awaitEnough();
        } finally {
            reader.close();
        }
        return reader.bytes();
    }

    @Override
    public void follow(int streams) throws Exception {
        for (int each = 0; each < streams; each++) {
            followed.add(logs("followed", true, FrameReader.counting()));
        }
        for (FrameReader reader : followed) {
            reader.awaitBegun();
        }
    }

    @Override
    public void unfollow() throws IOException {
        for (FrameReader reader : followed) {
            reader.close();
        }
        followed.clear();
    }

    @Override
    public void stall(String container, int frames) throws Exception {
        FrameReader reader = logs(container, true, FrameReader.stalling(frames));
        stalled.add(reader);
        reader.awaitEnough();
    }

    @Override
    public void unstall() throws IOException {
        for (FrameReader reader : stalled) {
            reader.close();
            reader.goOn();
        }
        stalled.clear();
    }

    @Override
    public void close() throws IOException {
        super.close();
        docker.close();
    }
}
