package dev.fairlead.benchmarks;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** docker-java with its defaults. */
final class DockerJavaClient extends BlockingClient {

    private final DockerClient docker;
    private final List<Reader> followed = new ArrayList<>();

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
    public void pings(int count, int inFlight) throws Exception {
        all(count, inFlight, () -> docker.pingCmd().exec());
    }

    @Override
    public void inspects(int count, int inFlight) throws Exception {
        all(count, inFlight, () -> docker.inspectContainerCmd("measured").exec());
    }

    @Override
    public int list() {
        return docker.listContainersCmd().exec().size();
    }

    @Override
    public long logs(String container) throws Exception {
        Reader reader = new Reader();
        docker.logContainerCmd(container)
                .withStdOut(true)
                .withStdErr(true)
                .exec(reader)
                .awaitCompletion();
        return reader.bytes;
    }

    @Override
    public void follow(int streams) throws Exception {
        for (int each = 0; each < streams; each++) {
            followed.add(docker.logContainerCmd("followed")
                    .withStdOut(true)
                    .withStdErr(true)
                    .withFollowStream(true)
                    .exec(new Reader()));
        }
        for (Reader reader : followed) {
            reader.begun.await();
        }
    }

    @Override
    public void unfollow() throws IOException {
        for (Reader reader : followed) {
            reader.close();
        }
        followed.clear();
    }

    @Override
    public void close() throws IOException {
        super.close();
        docker.close();
    }

    private static final class Reader extends ResultCallback.Adapter<Frame> {

        private final CountDownLatch begun = new CountDownLatch(1);
        private long bytes;

        @Override
        public void onNext(Frame frame) {
            if (bytes == 0) {
                begun.countDown();
            }
            bytes += frame.getPayload().length;
        }
    }
}
