package dev.fairlead.benchmarks;

import dev.fairlead.DockerClient;
import dev.fairlead.model.OutputFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;

/** Fairlead with its defaults. */
final class FairleadClient implements Client {

    private final DockerClient docker;
    private final List<Reader> followed = new ArrayList<>();

    FairleadClient(Path socket, boolean nativeTransport) {
        this.docker = DockerClient.create(
                configuration -> configuration.host("unix://" + socket).nativeTransport(nativeTransport));
    }

    @Override
    public void pings(int count, int inFlight) {
        all(count, inFlight, docker.system().ping());
    }

    @Override
    public void inspects(int count, int inFlight) {
        all(count, inFlight, docker.containers().inspect("measured"));
    }

    private static void all(int count, int inFlight, Publisher<?> call) {
        Flux.range(0, count).flatMap(each -> call, inFlight).then().block();
    }

    @Override
    public int list() {
        Long found = docker.containers().list().count().block();
        return found == null ? 0 : Math.toIntExact(found);
    }

    @Override
    public long logs(String container) throws InterruptedException {
        Reader reader = new Reader();
        docker.containers().logs(container).subscribe(reader);
        reader.ended.await();
        reader.check();
        return reader.bytes;
    }

    @Override
    public void follow(int streams) throws InterruptedException {
        for (int each = 0; each < streams; each++) {
            Reader reader = new Reader();
            followed.add(reader);
            docker.containers()
                    .logs("followed", options -> options.follow(true))
                    .subscribe(reader);
        }
        for (Reader reader : followed) {
            reader.begun.await();
            reader.check();
        }
    }

    @Override
    public void unfollow() {
        followed.forEach(Reader::cancel);
        followed.clear();
    }

    @Override
    public void close() {
        docker.close();
    }

    /** Counts; a lambda chain would count itself too. */
    private static final class Reader extends BaseSubscriber<OutputFrame> {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private long bytes;
        private volatile @Nullable Throwable failure;

        @Override
        protected void hookOnNext(OutputFrame frame) {
            if (bytes == 0) {
                begun.countDown();
            }
            bytes += frame.size();
        }

        @Override
        protected void hookOnError(Throwable problem) {
            failure = problem;
        }

        @Override
        protected void hookFinally(SignalType type) {
            begun.countDown();
            ended.countDown();
        }

        private void check() {
            Throwable problem = failure;
            if (problem != null) {
                throw new IllegalStateException("the stream failed", problem);
            }
        }
    }
}
