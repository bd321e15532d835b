package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Hijacked;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousByteChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.tcp.TcpResources;
import reactor.test.StepVerifier;

/**
 * Named pipes, on a stand-in: there is no Windows here. In the place of the JDK's file for a pipe is its asynchronous socket, which is
 * used by the same methods.
 */
class PipeTest extends TransportFixture {

    private static final DockerHost.Npipe HOST = (DockerHost.Npipe) DockerHost.parse("npipe:////./pipe/docker_engine");

    private Transport transport(Callable<AsynchronousByteChannel> pipe, boolean isNative, Duration connectTimeout) {
        ConnectionSettings from = Kind.TCP_EPOLL.settings(HOST);
        ConnectionSettings settings = new ConnectionSettings(
                HOST,
                from.loops(),
                isNative,
                connectTimeout,
                from.responseTimeout(),
                from.maxConnections(),
                from.maxPending(),
                from.acquireTimeout(),
                from.maxIdle(),
                from.maxStreams(),
                null);
        return transport(settings, new PipeDialer(HOST, settings, isNative, pipe));
    }

    private Transport transport(FakeEngine engine, boolean isNative) {
        return transport(() -> open(engine), isNative, LIMIT);
    }

    private static AsynchronousByteChannel open(FakeEngine engine) throws Exception {
        AsynchronousSocketChannel socket = AsynchronousSocketChannel.open();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), engine.port()))
                .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        return socket;
    }

    @Test
    void isReadOnTheEventLoopsOfNow() throws Exception {
        FakeEngine engine = engine(Kind.TCP_JDK);
        Transport transport = transport(engine, true);
        for (int time = 0; time < 2; time++) {
            assertThat(text(await(transport.call(get("/_ping"))))).isEqualTo("OK");
            TcpResources.disposeLoopsAndConnectionsLater(QUIET, LIMIT).block(LIMIT);
        }
        assertThat(engine.connections()).isEqualTo(2);
    }

    @Test
    void theFileIsNamedAsWindowsNamesIt() {
        assertThat(PipeDialer.windowsPath(HOST)).isEqualTo("\\\\.\\pipe\\docker_engine");
        assertThat(PipeDialer.windowsPath(new DockerHost.Npipe("//server/pipe/x")))
                .isEqualTo("\\\\server\\pipe\\x");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void callsShareConnectionsAndTheirHostIsNamed(boolean isNative) throws Exception {
        FakeEngine engine = engine(Kind.TCP_JDK);
        Transport transport = transport(engine, isNative);
        for (int time = 0; time < 3; time++) {
            assertThat(text(await(transport.call(get("/_ping"))))).isEqualTo("OK");
        }
        assertThat(engine.connections()).isEqualTo(1);
        assertThat(engine.requests().get(0).header("Host")).hasValue("localhost");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothDirectionsOfASessionGoAtTheSameTime(boolean isNative) throws Exception {
        int size = 4 * 1024 * 1024;
        FakeEngine engine = engine(Kind.TCP_JDK).on("POST", "/attach", exchange -> {
            Hijacked hijacked = exchange.hijack("application/vnd.docker.raw-stream");
            for (int left = size; left > 0; ) {
                byte[] piece = hijacked.read();
                left -= piece.length;
                hijacked.write(piece);
            }
            hijacked.close();
        });
        LiveAnswer live = open(transport(engine, isNative), hijack("/attach"));
        AtomicLong back = new AtomicLong();
        StepVerifier.create(live.write(Flux.range(0, size / 65536).map(i -> bytes("x".repeat(65536))))
                        .and(raw(live).doOnNext(piece -> back.addAndGet(piece.length))))
                .expectComplete()
                .verify(LIMIT.multipliedBy(3));
        assertThat(back.get()).isEqualTo(size);
    }

    @Test
    void inputCantBeEndedAlone() throws Exception {
        FakeEngine engine = engine(Kind.TCP_JDK)
                .on("POST", "/attach", exchange -> exchange.hijack("application/vnd.docker.raw-stream")
                        .readToEnd());
        LiveAnswer live = open(transport(engine, true), hijack("/attach"));
        StepVerifier.create(live.closeOutput())
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ConnectionFailed.class)
                        .hasMessageContaining("the input can't be ended alone on a named pipe"))
                .verify(LIMIT);
        live.close();
    }

    @Test
    void nothingIsReadThatNobodyAskedFor() throws Exception {
        AtomicLong taken = new AtomicLong();
        FakeEngine engine = engine(Kind.TCP_JDK)
                .on(
                        "POST",
                        "/attach",
                        exchange -> taken.set(exchange.hijack("application/vnd.docker.raw-stream")
                                .writeUntilBlocked(new byte[64 * 1024])));
        LiveAnswer live = open(transport(engine, true), hijack("/attach"));
        engine.awaitOpenConnections(0, LIMIT);
        // What the kernel holds on both sides, and no more: 64 MiB would be taken at once by who reads.
        assertThat(taken.get()).isPositive().isLessThan(32 * 1024 * 1024);
        live.close();
    }

    @Test
    void anEndWithinAnAnswerIsACut() throws Exception {
        FakeEngine engine = engine(Kind.TCP_JDK).on("GET", "/cut", exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf ");
            exchange.close();
        });
        LiveAnswer live = open(transport(engine, true), get("/cut"));
        StepVerifier.create(live.collect(100)).expectError(Truncated.class).verify(LIMIT);
    }

    @Test
    void anUploadThatIsRefusedHasTheEnginesAnswer() throws Exception {
        FakeEngine engine = engine(Kind.TCP_JDK).onHead("POST", "/load", exchange -> {
            exchange.answer(413, Map.of(), "too much");
            exchange.close();
        });
        LiveAnswer live = open(
                transport(engine, true), upload("/load", Flux.range(0, 1000).map(i -> bytes("y".repeat(10_000)))));
        assertThat(live.head().status()).isEqualTo(413);
        live.close();
    }

    @Test
    void aBusyPipeIsTriedAgain() throws Exception {
        FakeEngine engine = engine(Kind.TCP_JDK);
        AtomicInteger tries = new AtomicInteger();
        Callable<AsynchronousByteChannel> busy = () -> {
            if (tries.incrementAndGet() < 3) {
                throw new FileSystemException(HOST.path(), null, "All pipe instances are busy");
            }
            return open(engine);
        };
        assertThat(text(await(transport(busy, true, LIMIT).call(get("/_ping")))))
                .isEqualTo("OK");
        assertThat(tries).hasValue(3);
    }

    @Test
    void aPipeThatStaysBusyIsGivenUp() {
        Callable<AsynchronousByteChannel> busy = () -> {
            throw new FileSystemException(HOST.path(), null, "All pipe instances are busy");
        };
        fails(transport(busy, true, Duration.ofMillis(200)), "did not answer in time");
    }

    @Test
    void aPipeThatIsOpenedForNobodyIsClosed() throws Exception {
        FakeEngine engine = engine(Kind.TCP_JDK);
        CountDownLatch opened = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        Callable<AsynchronousByteChannel> slow = () -> {
            AsynchronousByteChannel channel = open(engine);
            opened.countDown();
            while (cancelled.getCount() > 0) {
                Thread.onSpinWait(); // not to be interrupted, as the opening of a file is not
            }
            return channel;
        };
        Disposable opening = transport(slow, true, LIMIT).open(get("/_ping")).subscribe();
        assertThat(opened.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        opening.dispose();
        cancelled.countDown();
        engine.awaitOpenConnections(0, LIMIT);
    }

    @Test
    void aPipeThatIsNotThereIsNamed() {
        Callable<AsynchronousByteChannel> missing = () -> {
            throw new NoSuchFileException("\\\\.\\pipe\\docker_engine");
        };
        fails(transport(missing, true, LIMIT), "there is no pipe at npipe:////./pipe/docker_engine");
        fails(transport(Kind.TCP_EPOLL.settings(HOST)), "named pipes are Windows'");
    }

    private static void fails(Transport transport, String sentence) {
        for (Mono<?> call : new Mono<?>[] {transport.call(get("/_ping")), transport.open(get("/_ping"))}) {
            StepVerifier.create(call)
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(ConnectionFailed.class)
                            .hasMessageContaining(sentence))
                    .verify(LIMIT);
        }
    }
}
