package dev.fairlead.internal.transport;

import dev.fairlead.core.wire.Decoder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An answer whose head has come, with the connection it comes on: nothing of what follows is read before somebody asks for it.
 *
 * <p>Whoever gets one has to subscribe to {@link #values} or to {@link #close}; the end of the values, an error and a cancel close
 * it too.
 */
public interface LiveAnswer {

    /** Status and headers. */
    AnswerHead head();

    /**
     * What follows the head, decoded.
     *
     * <p>Reads from the socket only while the subscriber has asked for more than it got. Ahead of it may be what is left of one read,
     * 64 KiB at most, what the decoder keeps of a frame that is not whole, 64 KiB at most, and one read more when the other side
     * closes. Epoll can't be told to leave a Unix socket alone that was closed at both ends: what the kernel still holds of it,
     * 208 KiB by Linux's defaults, is read at once then, and the descriptor given back; on the JDK's sockets the end goes unnoticed
     * until somebody asks. What a close left unread is never lost. Cancelling closes the connection. Ends with {@code Truncated} when the connection broke in the middle. One subscriber.
     */
    default <T> Flux<T> values(Decoder<T> decoder) {
        return new Values<>(this, decoder);
    }

    /**
     * What {@link #values} is made of, for a subscriber that has a subscription which forwards to the one that comes of this: with no
     * operator between them that each value would have to pass. It may be told of an end before this returns, and of values when it
     * has asked for some.
     */
    <T> Subscription deliver(Decoder<T> decoder, CoreSubscriber<? super T> subscriber, Ending ending);

    /** Hears of the end before the subscriber does. Nothing of a cancel. */
    interface Ending {

        /** For whom the subscriber is the only one to hear. */
        Ending UNHEARD = failure -> failure;

        /** The failure that the subscriber is told. */
        Throwable failed(Throwable failure);

        /** All has come. */
        default void completed() {}
    }

    /**
     * What follows the head as a whole, and no more of it than the limit; the rest is thrown away. Cancelling closes the
     * connection.
     */
    default Mono<byte[]> collect(int limit) {
        return values(new WholeBody(limit, null)).single();
    }

    /**
     * What follows the head as a whole, as {@link Transport#call} gives it: more than 256 MiB are a {@code ProtocolFailure}.
     *
     * @param operation for that failure
     */
    default Mono<byte[]> whole(String operation) {
        return whole(operation, UnaryExchange.MAX_ANSWER);
    }

    /** As {@link #whole(String)}, with another limit. */
    default Mono<byte[]> whole(String operation, int limit) {
        return values(new WholeBody(limit, () -> UnaryExchange.tooLarge(operation, limit)))
                .single();
    }

    /**
     * What comes of it within that time and up to that size, for an answer that says why it is none; never fails, as its status says
     * more than what is wrong with its body. Closes the connection.
     */
    default Mono<byte[]> excerpt(int limit, Duration time) {
        return Mono.defer(() -> {
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            return values(new Pieces())
                    .takeUntilOther(Mono.delay(time))
                    .doOnNext(piece -> seen.write(piece, 0, Math.min(piece.length, limit - seen.size())))
                    .takeUntil(piece -> seen.size() >= limit)
                    .onErrorComplete()
                    .then(Mono.fromSupplier(seen::toByteArray));
        });
    }

    /**
     * Like {@link #collect}, but reads at once and whether somebody waits for it or not: the result is kept for whoever asks later,
     * and cancelling does nothing.
     */
    default Mono<byte[]> prefetch(int limit) {
        return LiveExchange.now(collect(limit));
    }

    /** Bytes that were read from the socket and that nobody has asked for yet. On any thread. */
    long bytesAhead();

    /** Tells once that the connection is gone, on its event loop: with null when the Engine ended it in good order. One listener. */
    void whenGone(Consumer<@Nullable Throwable> listener);

    /** The same connection, that was upgraded to a WebSocket, without the frames. */
    LiveAnswer webSocket();

    /**
     * Writes to the other side of an upgraded connection.
     *
     * <p>Asks the source for the next buffer when the socket took the last one. Completes when all was handed to the socket.
     * Cancelling stops the source. One at a time.
     */
    Mono<Void> write(Publisher<ByteBuffer> source);

    /** Says that nothing more will be written; the values go on to their end. */
    Mono<Void> closeOutput();

    /** Closes the connection at once. */
    void close();
}
