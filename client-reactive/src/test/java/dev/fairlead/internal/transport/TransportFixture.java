package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.wire.ConsoleDecoder;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.FakeEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * A fake Engine and a transport that talks to it. After each test the transport is closed, and no connection may be left
 * open.
 */
@Timeout(60)
public abstract class TransportFixture {

    /** Whatever takes longer fails. */
    protected static final Duration LIMIT = Duration.ofSeconds(10);

    /** For event loops that end: one of Netty's that is told to end with no quiet at all may leave its sockets open. */
    static final Duration QUIET = Duration.ofMillis(100);

    @TempDir
    Path directory;

    private final List<Transport> transports = new ArrayList<>();
    private @Nullable FakeEngine engine;

    /** The Engine of this test, started when it is first asked for. */
    protected final FakeEngine engine(Kind kind) throws IOException {
        FakeEngine started = engine;
        if (started == null) {
            started = kind.start(directory);
            engine = started;
        }
        return started;
    }

    protected final Transport transport(Kind kind) throws IOException {
        return transport(kind, settings -> settings);
    }

    protected final Transport transport(Kind kind, UnaryOperator<ConnectionSettings> change) throws IOException {
        return transport(
                change.apply(kind.settings(DockerHost.parse(engine(kind).host()))));
    }

    protected final Transport transport(ConnectionSettings settings) {
        Transport made = new Transport(settings);
        transports.add(made);
        return made;
    }

    /** By a way of the test's own. */
    final Transport transport(ConnectionSettings settings, Dialer dialer) {
        Transport made = new Transport(settings, new Connector(settings, dialer), null);
        transports.add(made);
        return made;
    }

    @AfterEach
    final void stop() throws Exception {
        transports.forEach(Transport::close);
        FakeEngine started = engine;
        if (started != null) {
            try (started) {
                started.awaitOpenConnections(0, LIMIT);
            }
        }
    }

    static UnaryOperator<ConnectionSettings> pool(int connections, int pending, Duration acquireTimeout) {
        return from -> new ConnectionSettings(
                from.host(),
                from.loops(),
                from.nativeTransport(),
                from.connectTimeout(),
                from.responseTimeout(),
                connections,
                pending,
                acquireTimeout,
                from.maxIdle(),
                from.maxStreams(),
                from.tls());
    }

    static UnaryOperator<ConnectionSettings> connections(int count) {
        return pool(count, 10_000, Duration.ZERO);
    }

    static UnaryOperator<ConnectionSettings> responseTimeout(Duration limit) {
        return from -> new ConnectionSettings(
                from.host(),
                from.loops(),
                from.nativeTransport(),
                from.connectTimeout(),
                limit,
                from.maxConnections(),
                from.maxPending(),
                from.acquireTimeout(),
                from.maxIdle(),
                from.maxStreams(),
                from.tls());
    }

    static UnaryOperator<ConnectionSettings> maxIdle(Duration limit) {
        return from -> new ConnectionSettings(
                from.host(),
                from.loops(),
                from.nativeTransport(),
                from.connectTimeout(),
                from.responseTimeout(),
                from.maxConnections(),
                from.maxPending(),
                from.acquireTimeout(),
                limit,
                from.maxStreams(),
                from.tls());
    }

    static UnaryOperator<ConnectionSettings> maxStreams(int count) {
        return from -> new ConnectionSettings(
                from.host(),
                from.loops(),
                from.nativeTransport(),
                from.connectTimeout(),
                from.responseTimeout(),
                from.maxConnections(),
                from.maxPending(),
                from.acquireTimeout(),
                from.maxIdle(),
                count,
                from.tls());
    }

    static UnaryOperator<ConnectionSettings> loops(LoopResources loops) {
        return from -> new ConnectionSettings(
                from.host(),
                loops,
                from.nativeTransport(),
                from.connectTimeout(),
                from.responseTimeout(),
                from.maxConnections(),
                from.maxPending(),
                from.acquireTimeout(),
                from.maxIdle(),
                from.maxStreams(),
                from.tls());
    }

    protected static EngineRequest request(String method, String path, Body body) {
        return new EngineRequest(method + " " + path, method, path, Map.of(), body, null);
    }

    protected static EngineRequest get(String path) {
        return request("GET", path, Body.NONE);
    }

    protected static EngineRequest post(String path) {
        return request("POST", path, Body.NONE);
    }

    protected static EngineRequest upload(String path, Publisher<ByteBuffer> source) {
        return request("POST", path, new Body.Streamed("application/x-tar", source));
    }

    protected static EngineRequest hijack(String path) {
        return new EngineRequest("POST " + path, "POST", path, Map.of(), Body.NONE, "tcp");
    }

    protected static Answer await(Mono<Answer> call) {
        return Objects.requireNonNull(call.block(LIMIT));
    }

    protected static LiveAnswer open(Transport transport, EngineRequest request) {
        return Objects.requireNonNull(transport.open(request).block(LIMIT));
    }

    protected static String text(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    protected static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What follows the head, as it comes. */
    protected static Flux<byte[]> raw(LiveAnswer live) {
        return live.values(new ConsoleDecoder()).map(TransportFixture::content);
    }

    /** All that follows the head, as a text. */
    protected static String rest(LiveAnswer live) {
        return new String(Objects.requireNonNull(live.collect(Integer.MAX_VALUE).block(LIMIT)), StandardCharsets.UTF_8);
    }

    private static byte[] content(OutputFrame frame) {
        ByteBuffer bytes = frame.bytes();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        assertThat(bytes.hasRemaining()).isFalse();
        return copy;
    }
}
