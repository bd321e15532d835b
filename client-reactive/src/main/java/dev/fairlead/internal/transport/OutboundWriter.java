package dev.fairlead.internal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Writes what a publisher gives to a connection, and asks it for the next buffer only when the socket took the last one.
 *
 * <p>Each buffer is copied in pieces, straight to the memory that the socket reads from: it may be used again once the next one
 * was asked for, and a large one does not take its size twice.
 */
final class OutboundWriter implements CoreSubscriber<ByteBuffer> {

    /** What goes to the socket in one go, at most. */
    static final int PIECE = 32 * 1024;

    /** What stands around a piece when it is a chunk: its size in hexadecimal digits, and two line breaks. */
    private static final int AROUND_CHUNK = 8 + 4;

    private static final int CRLF = '\r' << 8 | '\n';

    /** Pieces, or buffers without content, after which others of the event loop get their turn: 2 MiB at most. */
    private static final int TURN = 64;

    private final EngineConnection connection;
    private final Channel channel;
    private final String operation;
    private final boolean chunked;
    private final Context context;

    private @Nullable Consumer<@Nullable Throwable> onDone;
    private @Nullable Subscription source;
    private @Nullable ByteBuffer current;
    private boolean sourceEnded;
    private boolean asked;
    private boolean draining;
    private boolean done;

    private OutboundWriter(EngineConnection connection, String operation, boolean chunked, ContextView context) {
        this.context = Context.of(context);
        this.operation = operation;
        this.connection = connection;
        this.channel = connection.channel();
        this.chunked = chunked;
    }

    /** For the body of a request, in HTTP's chunks. */
    static OutboundWriter chunked(EngineConnection connection, String operation, ContextView context) {
        return new OutboundWriter(connection, operation, true, context);
    }

    /** For a connection that was taken out of HTTP. */
    static OutboundWriter raw(EngineConnection connection, String operation, ContextView context) {
        return new OutboundWriter(connection, operation, false, context);
    }

    /** Called once, on the event loop: with null when all is with the socket, else with the reason why not. */
    void onDone(Consumer<@Nullable Throwable> listener) {
        onDone = listener;
    }

    void start(Publisher<ByteBuffer> publisher) {
        try {
            publisher.subscribe(this);
        } catch (RuntimeException broken) {
            onError(broken);
        }
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        connection.onLoop(() -> {
            if (done) {
                // It was given up before the source had a word.
                subscription.cancel();
            } else if (Operators.validate(source, subscription)) {
                source = subscription;
                drain();
            }
        });
    }

    @Override
    public void onNext(ByteBuffer buffer) {
        connection.onLoop(() -> {
            asked = false;
            if (!done) {
                current = buffer;
                drain();
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        connection.onLoop(() -> {
            if (done) {
                return;
            }
            finish(failure);
            if (chunked) {
                // The Engine must not take half a body for a whole one: no last chunk, but a close.
                connection.fail(failure);
            }
        });
    }

    @Override
    public void onComplete() {
        connection.onLoop(() -> {
            sourceEnded = true;
            drain();
        });
    }

    /** Writes while there is something to write and the socket takes it. */
    void drain() {
        if (draining || done) {
            return;
        }
        draining = true;
        int turns = 0;
        try {
            while (!done && channel.isWritable()) {
                if (++turns > TURN) {
                    // A source that always has more and a socket that always takes it would have the loop for
                    // themselves. What
                    // is scheduled comes after the sockets; what is executed may come before them for a whole second.
                    var unused = channel.eventLoop().schedule(this::drain, 0, TimeUnit.NANOSECONDS);
                    break;
                }
                if (current != null && current.hasRemaining()) {
                    writePiece(current);
                } else if (sourceEnded) {
                    writeEnd();
                } else if (asked || source == null) {
                    break;
                } else {
                    current = null;
                    asked = true;
                    source.request(1);
                }
            }
        } finally {
            draining = false;
        }
    }

    private void writePiece(ByteBuffer from) {
        int length = Math.min(from.remaining(), PIECE);
        ByteBuf piece = channel.alloc().directBuffer(length + AROUND_CHUNK);
        if (chunked) {
            var unused = ByteBufUtil.writeAscii(piece, Integer.toHexString(length));
            piece.writeShort(CRLF);
        }
        ByteBuffer part = from.duplicate();
        part.limit(part.position() + length);
        piece.writeBytes(part);
        from.position(from.position() + length);
        if (chunked) {
            piece.writeShort(CRLF);
        }
        connection.writeAndFlush(piece);
    }

    private void writeEnd() {
        done = true;
        ByteBuf end = chunked ? ByteBufUtil.writeAscii(channel.alloc(), "0\r\n\r\n") : Unpooled.EMPTY_BUFFER;
        var unused = channel.writeAndFlush(end)
                .addListener(written -> tell(written.isSuccess() ? null : closedEarly(written.cause())));
    }

    /** The connection went before everything was written. */
    void onClosed() {
        fail(closedEarly(null));
    }

    /** Nobody wants it written any more. */
    void cancel() {
        fail(null);
    }

    /** It can't be written to its end. */
    void fail(@Nullable Throwable failure) {
        if (!done) {
            Subscription upstream = source;
            finish(failure);
            if (upstream != null) {
                upstream.cancel();
            }
        }
    }

    private void finish(@Nullable Throwable failure) {
        done = true;
        current = null;
        tell(failure);
    }

    private void tell(@Nullable Throwable failure) {
        connection.writerDone(this);
        Consumer<@Nullable Throwable> listener = onDone;
        onDone = null;
        if (listener != null) {
            listener.accept(failure);
        }
    }

    private Throwable closedEarly(@Nullable Throwable cause) {
        return Failures.inputClosed(connection.host(), operation, cause);
    }
}
