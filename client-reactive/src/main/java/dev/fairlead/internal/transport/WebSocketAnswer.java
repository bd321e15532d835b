package dev.fairlead.internal.transport;

import dev.fairlead.core.wire.Decoder;
import dev.fairlead.core.wire.WebSocketDecoder;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A connection that became a WebSocket: what is written goes out in binary frames, and the values are made of what comes in frames.
 * Closing the output sends the closing frame, after which the Engine may go on for a while.
 */
final class WebSocketAnswer implements LiveAnswer {

    private static final int CLOSE = 8;
    private static final int PONG = 10;

    private final LiveExchange live;
    private final AtomicBoolean closing = new AtomicBoolean();

    WebSocketAnswer(LiveExchange live) {
        this.live = live;
    }

    @Override
    public AnswerHead head() {
        return live.head();
    }

    @Override
    public <T> Subscription deliver(Decoder<T> decoder, CoreSubscriber<? super T> subscriber, Ending ending) {
        return live.deliver(unframed(decoder), subscriber, ending);
    }

    private <T> Decoder<T> unframed(Decoder<T> decoder) {
        return new WebSocketDecoder<>(live.request().operation(), decoder, new WebSocketDecoder.Control() {
            @Override
            public void ping(byte[] payload) {
                live.sendNow(frame(PONG, ByteBuffer.wrap(payload)));
            }

            @Override
            public void close() {
                live.sendLast(closing.compareAndSet(false, true) ? frame(CLOSE, normal()) : ByteBuffer.allocate(0));
            }
        });
    }

    @Override
    public long bytesAhead() {
        return live.bytesAhead();
    }

    @Override
    public void whenGone(Consumer<@Nullable Throwable> listener) {
        live.whenGone(listener);
    }

    @Override
    public LiveAnswer webSocket() {
        return this;
    }

    @Override
    public Mono<Void> write(Publisher<ByteBuffer> source) {
        return Mono.defer(() -> closing.get()
                ? Mono.error(new IllegalStateException("the input is closed already"))
                : live.write(Flux.from(source).map(WebSocketAnswer::frames)));
    }

    @Override
    public Mono<Void> closeOutput() {
        return Mono.defer(() -> closing.get()
                ? Mono.empty()
                : live.write(Mono.fromSupplier(() -> {
                    closing.set(true);
                    return frame(CLOSE, normal());
                })));
    }

    @Override
    public void close() {
        live.close();
    }

    private static ByteBuffer normal() {
        return ByteBuffer.allocate(2).putShort((short) 1000).flip();
    }

    /**
     * The bytes in frames, each as long as what is handed to the socket in one go: so that an answer to a ping may come between two
     * frames and never into one.
     */
    static ByteBuffer frames(ByteBuffer bytes) {
        int longest = OutboundWriter.PIECE - 8;
        int count = Math.max(1, (bytes.remaining() + longest - 1) / longest);
        ByteBuffer all = ByteBuffer.allocate(bytes.remaining() + 8 * count);
        for (int at = 0; at < count; at++) {
            int length = Math.min(longest, bytes.remaining());
            put(all, 2, bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + length);
        }
        return all.flip();
    }

    private static ByteBuffer frame(int opcode, ByteBuffer payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.remaining() + 8);
        put(frame, opcode, payload);
        return frame.flip();
    }

    private static void put(ByteBuffer frame, int opcode, ByteBuffer payload) {
        int length = payload.remaining();
        frame.put((byte) (0x80 | opcode));
        if (length < 126) {
            frame.put((byte) (0x80 | length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) length);
        }
        // Masks keep programs in browsers from talking to proxies; here they only have to be there.
        int mask = ThreadLocalRandom.current().nextInt();
        frame.putInt(mask);
        for (int at = 0; at < length; at++) {
            frame.put((byte) (payload.get() ^ (mask >>> (24 - 8 * (at % 4)))));
        }
    }
}
