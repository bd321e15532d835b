package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.testing.FakeEngine;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What becomes of whatever is under way when its client is closed. */
@Timeout(60)
final class CloseTest {

    private static final Duration LIMIT = UnderWay.LIMIT;

    /** Of each kind; 1,200 in all. */
    private static final int RACES = 100;

    @ParameterizedTest
    @EnumSource
    void endsWhatIsUnderWay(UnderWay kind) throws Exception {
        try (FakeEngine engine = UnderWay.engine()) {
            DockerClient docker = UnderWay.client(engine, config -> {});
            CompletableFuture<Void> ended = begin(docker, kind);
            kind.awaitAsked(engine, 1);
            docker.close();
            assertThat(failure(ended)).isInstanceOf(ClientClosed.class).hasMessageContaining("the client was closed");
            engine.awaitOpenConnections(0, LIMIT);
            docker.close();
            assertThat(failure(begin(docker, kind))).isInstanceOf(ClientClosed.class);
            assertThat(engine.openConnections()).isZero();
        }
    }

    /** Nothing is under way then, and there is a minute to go. */
    @Test
    void endsTheWaitForAnotherAttempt() throws Exception {
        try (FakeEngine engine = UnderWay.engine()) {
            AtomicInteger waits = new AtomicInteger();
            engine.on("GET", "/containers/json", exchange -> {
                waits.incrementAndGet();
                exchange.cut();
            });
            // Without a ping: on its connection, which an Engine may have closed meanwhile, the call would be made
            // a second time at once.
            DockerClient docker = UnderWay.client(engine, config -> config.apiVersion(ApiVersion.of(1, 51))
                    .retries(Retries.of(retries -> retries.attempts(2)
                            .firstWait(Duration.ofMinutes(10))
                            .longestWait(Duration.ofMinutes(10)))));
            CompletableFuture<Void> waiting = begin(docker, UnderWay.CALL);
            UnderWay.CALL.awaitAsked(engine, 1);
            engine.awaitOpenConnections(0, LIMIT);
            docker.close();
            assertThat(failure(waiting)).isInstanceOf(ClientClosed.class);
            assertThat(waits).hasValue(1);
        }
    }

    @Test
    void endsCallsThatWaitForAConnectionAndForTheVersion() throws Exception {
        try (FakeEngine engine = UnderWay.engine()) {
            DockerClient docker = UnderWay.client(engine, config -> config.maxConnections(1));
            engine.on("HEAD", "/_ping", exchange -> exchange.awaitPeerGone(LIMIT));
            CompletableFuture<Void> negotiating = begin(docker, UnderWay.CALL);
            engine.awaitRequests(1, LIMIT);
            CompletableFuture<Void> behind = begin(docker, UnderWay.LONG_CALL);
            docker.close();
            assertThat(failure(negotiating)).isInstanceOf(ClientClosed.class);
            assertThat(failure(behind)).isInstanceOf(ClientClosed.class);
        }
        try (FakeEngine engine = UnderWay.engine()) {
            DockerClient docker = UnderWay.client(engine, config -> config.maxConnections(1));
            var unused = docker.apiVersion().block(LIMIT);
            List<CompletableFuture<Void>> calls = new ArrayList<>();
            for (int each = 0; each < 20; each++) {
                calls.add(begin(docker, UnderWay.CALL));
            }
            UnderWay.CALL.awaitAsked(engine, 1);
            docker.close();
            for (CompletableFuture<Void> call : calls) {
                assertThat(failure(call)).isInstanceOf(ClientClosed.class);
            }
        }
    }

    /** A stream that is about to be resumed, and waits for its turn. */
    @ParameterizedTest
    @EnumSource(names = {"RESUMED_LOG", "EVENT_SIGNALS"})
    void endsThePauseBeforeAnotherConnection(UnderWay kind) throws Exception {
        Reconnect slow = Reconnect.of(how -> how.firstWait(Duration.ofHours(1)).longestWait(Duration.ofHours(1)));
        FakeEngine engine = UnderWay.engine();
        CountDownLatch answered = new CountDownLatch(1);
        DockerClient docker = UnderWay.client(
                engine,
                config -> config.filter(new ExchangeFilter() {
                    @Override
                    public void answered(ExchangeRequest request, ExchangeAnswer answer) {
                        if (request.hasOwnConnection()) {
                            answered.countDown();
                        }
                    }
                }));
        Flux<?> resumed = kind == UnderWay.EVENT_SIGNALS
                ? docker.system().eventSignals(events -> {}, slow)
                : docker.containers().logLines("x", log -> log.follow(true).resume(slow));
        CompletableFuture<Void> ended = resumed.then().toFuture();
        assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
        engine.stop();
        docker.close();
        assertThat(failure(ended)).isInstanceOf(ClientClosed.class);
    }

    /** To a port whose queue is full: Linux answers nothing to who comes next. */
    @Test
    void endsConnectionsThatAreBeingMade() throws Exception {
        List<SocketChannel> queued = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int each = 0; each < 8; each++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
                queued.add(channel);
            }
            DockerClient docker = DockerClient.create(config -> config.host("tcp://127.0.0.1:" + full.getLocalPort())
                    .apiVersion(ApiVersion.of(1, 44))
                    .connectTimeout(Duration.ofMinutes(5)));
            CompletableFuture<Void> call = begin(docker, UnderWay.CALL);
            CompletableFuture<Void> stream = begin(docker, UnderWay.STREAM);
            docker.close();
            assertThat(failure(call)).isInstanceOf(ClientClosed.class);
            assertThat(failure(stream)).isInstanceOf(ClientClosed.class);
        } finally {
            for (SocketChannel channel : queued) {
                channel.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsWhatBeginsMeanwhile(UnderWay kind) throws Exception {
        FakeEngine engine = UnderWay.engine();
        try {
            List<CompletableFuture<Void>> ends = new ArrayList<>();
            for (int race = 0; race < RACES; race++) {
                DockerClient docker = UnderWay.client(engine, config -> config.apiVersion(ApiVersion.of(1, 51)));
                CountDownLatch ready = new CountDownLatch(2);
                AtomicReference<CompletableFuture<Void>> begun = new AtomicReference<>();
                Thread starter = new Thread(() -> {
                    meet(ready);
                    begun.set(begin(docker, kind));
                });
                starter.start();
                meet(ready);
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1 + race % 10 * 100_000L));
                docker.close();
                starter.join(LIMIT.toMillis());
                ends.add(Objects.requireNonNull(begun.get()));
            }
            for (CompletableFuture<Void> end : ends) {
                assertThat(failure(end)).isInstanceOf(ClientClosed.class);
            }
            engine.awaitOpenConnections(0, LIMIT);
        } finally {
            // Its handlers may have met connections that were cut.
            engine.stop();
        }
    }

    private static void meet(CountDownLatch ready) {
        ready.countDown();
        try {
            if (!ready.await(10, TimeUnit.SECONDS)) {
                fail("nobody came");
            }
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static CompletableFuture<Void> begin(DockerClient docker, UnderWay kind) {
        return Mono.when(kind.on(docker)).toFuture();
    }

    private static Throwable failure(CompletableFuture<Void> ended) throws Exception {
        try {
            ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            return Objects.requireNonNull(failed.getCause());
        }
        throw new AssertionError("it ended as if all were well");
    }
}
