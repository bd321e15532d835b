package dev.fairlead.benchmarks;

import dev.fairlead.DockerClient;
import dev.fairlead.DockerConfig;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.observation.ObservationFilter;
import dev.fairlead.observation.StreamMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Fairlead with its defaults, but for what is named. */
final class FairleadClient implements Client {

    private final DockerClient docker;
    private final List<FrameCounter> followed = new ArrayList<>();
    private final List<FrameCounter> stalled = new ArrayList<>();

    private FairleadClient(Path socket, Consumer<DockerConfig.Builder> options) {
        this.docker = DockerClient.create(configuration -> {
            configuration.host("unix://" + socket);
            options.accept(configuration);
        });
    }

    static FairleadClient withDefaults(Path socket) {
        return new FairleadClient(socket, configuration -> {});
    }

    static FairleadClient onJdkSockets(Path socket) {
        return new FairleadClient(socket, configuration -> configuration.nativeTransport(false));
    }

    /** A timer an operation and the meters of streams, as a service has them that is watched. */
    static FairleadClient observed(Path socket, MeterRegistry registry) {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(registry));
        return new FairleadClient(socket, configuration -> configuration
                .filter(ObservationFilter.of(observations))
                .filter(StreamMeters.of(registry)));
    }

    @Override
    public void pings(int count, int inFlight, @Nullable Latencies latencies) {
        all(count, inFlight, timed(docker.system().ping(), latencies));
    }

    @Override
    public void inspects(int count, int inFlight, @Nullable Latencies latencies) {
        all(count, inFlight, timed(docker.containers().inspect("measured"), latencies));
    }

    private static void all(int count, int inFlight, Mono<?> call) {
        Flux.range(0, count).flatMap(each -> call, inFlight).then().block();
    }

    private static <T> Mono<T> timed(Mono<T> call, @Nullable Latencies latencies) {
        if (latencies == null) {
            return call;
        }
        return Mono.defer(() -> {
            long start = System.nanoTime();
            return call.doOnTerminate(() -> latencies.since(start));
        });
    }

    @Override
    public int lists(int count, int containers, @Nullable Latencies latencies) {
        Mono<Long> list =
                docker.containers().list(options -> options.limit(containers)).count();
        Mono<Long> call = timed(list, latencies);
        long found = 0;
        for (int each = 0; each < count; each++) {
            found += number(call);
        }
        return Math.toIntExact(found);
    }

    private static long number(Mono<Long> counted) {
        Long number = counted.block();
        return number == null ? 0 : number;
    }

    @Override
    public long logs(String container) throws InterruptedException {
        return bytes(docker.containers().logs(container));
    }

    private static long bytes(Flux<OutputFrame> frames) throws InterruptedException {
        FrameCounter counter = new FrameCounter(Long.MAX_VALUE);
        frames.subscribe(counter);
        return counter.awaitBytes();
    }

    @Override
    public int events(int count) {
        return count(docker.system().events(options -> options.until(Instant.ofEpochSecond(count))));
    }

    @Override
    public int stats(int count) {
        return count(docker.containers().stats("stats-" + count));
    }

    @Override
    public int pull(int count) {
        return count(docker.images().pull("measured:" + count).messages());
    }

    private static int count(Flux<?> messages) {
        return Math.toIntExact(number(messages.count()));
    }

    @Override
    public void upload(long bytes) {
        docker.containers().copyIn("measured", "/tmp", Content.pieces(bytes)).block();
    }

    @Override
    public long download(int mebibytes) {
        return number(docker.containers()
                .copyOut("tar-" + mebibytes, "/content")
                .reduce(0L, (sum, piece) -> sum + piece.remaining()));
    }

    @Override
    public long echo(long bytes) {
        return number(docker.containers()
                .attach("echo", options -> options.stdin(true).stdout(true).stderr(true))
                .flatMap(session -> {
                    Flux<ByteBuffer> input = Content.pieces(bytes);
                    Mono<Void> sent = session.write(input).then(session.closeInput());
                    Mono<Long> back = session.output().reduce(0L, (sum, frame) -> sum + frame.size());
                    return Mono.zip(sent.thenReturn(true), back, (done, count) -> count);
                }));
    }

    @Override
    public void follow(int streams) throws InterruptedException {
        for (int each = 0; each < streams; each++) {
            FrameCounter counter = new FrameCounter(Long.MAX_VALUE);
            followed.add(counter);
            docker.containers()
                    .logs("followed", options -> options.follow(true))
                    .subscribe(counter);
        }
        for (FrameCounter counter : followed) {
            counter.awaitBegun();
        }
    }

    @Override
    public void unfollow() {
        followed.forEach(FrameCounter::cancel);
        followed.clear();
    }

    @Override
    public void stall(String container, int frames) throws InterruptedException {
        FrameCounter counter = new FrameCounter(frames);
        stalled.add(counter);
        docker.containers().logs(container, options -> options.follow(true)).subscribe(counter);
        counter.awaitEnough();
    }

    @Override
    public void unstall() {
        stalled.forEach(FrameCounter::cancel);
        stalled.clear();
    }

    @Override
    public void close() {
        docker.close();
    }
}
