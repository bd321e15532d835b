package dev.fairlead.surface;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.DockerClient;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.Exchange;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Flood;
import dev.fairlead.testing.KernelQueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * A call that an Engine of its own answers without end: how much of the answer the client has read, and how much of that its
 * subscriber has. By TCP, where the kernel tells to the byte what it holds itself.
 */
final class FloodedCall implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** As the Engine cuts output; many times as many as operators keep by default are far more than may be read ahead. */
    private static final int PIECE = 16 * 1024;

    /** What the Engine sends for output: many frames, or one that never ends. */
    enum Frames {
        MANY,
        ENDLESS
    }

    private final FakeEngine engine;
    private final DockerClient client;
    private final Frames frames;
    private final CompletableFuture<Flood> flooding = new CompletableFuture<>();
    private final AtomicLong items = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicReference<@Nullable String> end = new AtomicReference<>();
    private final BaseSubscriber<Object> subscriber = new BaseSubscriber<>() {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // The test asks.
        }

        @Override
        protected void hookOnNext(Object item) {
            bytes.addAndGet(size(item));
            items.incrementAndGet();
        }

        @Override
        protected void hookOnError(Throwable failure) {
            end.set(failure.toString());
        }

        @Override
        protected void hookOnComplete() {
            end.set("completed");
        }
    };

    FloodedCall(Frames frames, boolean nativeTransport) throws IOException {
        this.frames = frames;
        this.engine = FakeEngine.tcp().apiVersion("1.53");
        for (String method : new String[] {"GET", "POST"}) {
            engine.on(method, "/**", this::flood);
        }
        SurfaceTest.scripted(engine)
                .on("GET", "/_ping", exchange -> exchange.answer(200, "OK"))
                .on("HEAD", "/_ping", exchange -> exchange.answer(200, ""))
                .on("POST", "/containers/create", exchange -> exchange.answer(201, "{\"Id\":\"x\"}"))
                .on("POST", "/containers/*/exec", exchange -> exchange.answer(201, "{\"Id\":\"x\"}"))
                .on("POST", "/containers/*/start", exchange -> exchange.answer(204, ""))
                .on("POST", "/containers/*/stop", exchange -> exchange.answer(204, ""))
                .on("DELETE", "/containers/*", exchange -> exchange.answer(204, ""))
                .on("POST", "/containers/*/wait", exchange -> {
                    exchange.startChunked(200, Map.of());
                    exchange.awaitPeerClosed(LIMIT);
                });
        this.client = DockerClient.create(config -> config.host(engine.host()).nativeTransport(nativeTransport));
    }

    /** Subscribes and asks for nothing; returns when the Engine begins to send. */
    void start(Function<DockerClient, Publisher<?>> stream) throws Exception {
        Flux.<Object>from(stream.apply(client)).subscribe(subscriber);
        flooding.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Asks for so many, waits until they are there and the client reads no more; what it has read that nobody has, in bytes. */
    long readAhead(int more) throws Exception {
        long expected = items.get() + more;
        if (more > 0) {
            subscriber.request(more);
        }
        Flood flood = flooding.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (items.get() < expected && end.get() == null && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        long written = flood.awaitBlocked();
        assertThat(end.get()).as("how it ended").isNull();
        assertThat(items.get()).as("as many as were asked for").isEqualTo(expected);
        return written - KernelQueue.heldAt(engine.port()) - bytes.get();
    }

    /** How long after a cancel the Engine sees the connection closed. */
    void awaitClosedByCancel() throws Exception {
        subscriber.cancel();
        flooding.get(LIMIT.toSeconds(), TimeUnit.SECONDS).awaitEnd(LIMIT);
    }

    private static long size(Object item) {
        if (item instanceof OutputFrame frame) {
            return frame.size();
        }
        return item instanceof ByteBuffer buffer ? buffer.remaining() : PIECE;
    }

    private void flood(Exchange exchange) throws Exception {
        String path = exchange.request().path();
        if (path.endsWith("/attach") || path.startsWith("/exec/")) {
            byte[] start = frames == Frames.ENDLESS ? endless() : new byte[0];
            exchange.hijack("application/vnd.docker.multiplexed-stream", start).flood(begun(frameContent()));
        } else if (path.endsWith("/ws")) {
            exchange.upgrade(Map.of("Upgrade", "websocket", "Sec-WebSocket-Accept", accept(exchange)), new byte[0])
                    .flood(begun(join(new byte[] {(byte) 0x82, 126, PIECE >> 8, 0}, new byte[PIECE])));
        } else if (path.equals("/session") || path.equals("/grpc")) {
            exchange.hijack("application/h2c").flood(begun(new byte[PIECE]));
        } else if (path.endsWith("/logs")) {
            var answer =
                    exchange.startChunked(200, Map.of("Content-Type", "application/vnd.docker.multiplexed-stream"));
            if (frames == Frames.ENDLESS) {
                answer.write(endless());
            }
            answer.flood(begun(frameContent()));
        } else if (path.endsWith("/export") || path.endsWith("/archive") || path.endsWith("/get")) {
            exchange.startChunked(200, Map.of("Content-Type", "application/x-tar"))
                    .flood(begun(new byte[PIECE]));
        } else {
            String json = "{\"id\":\"x\",\"more\":\"%s\"}\n".formatted("x".repeat(PIECE));
            exchange.startChunked(200, Map.of("Content-Type", "application/json"))
                    .flood(begun(json.getBytes(ISO_8859_1)));
        }
    }

    private Flood begun(byte[] piece) {
        Flood flood = new Flood(piece);
        assertThat(flooding.complete(flood)).as("only one request is flooded").isTrue();
        return flood;
    }

    /** Lines with their time in front, as a log with timestamps has them. */
    private byte[] frameContent() {
        String time = "2026-11-24T12:00:00.123456789Z ";
        byte[] line = (time + "x".repeat(PIECE - time.length() - 1) + "\n").getBytes(ISO_8859_1);
        byte[] header = ByteBuffer.allocate(8).put((byte) 1).putInt(4, PIECE).array();
        return frames == Frames.ENDLESS ? line : join(header, line);
    }

    /** The header of the longest frame there is. */
    private static byte[] endless() {
        return new byte[] {1, 0, 0, 0, -1, -1, -1, -1};
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static String accept(Exchange exchange) throws Exception {
        String key = exchange.request().header("Sec-WebSocket-Key").orElseThrow();
        byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1);
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    }

    @Override
    public void close() throws IOException {
        client.close();
        engine.close();
    }
}
