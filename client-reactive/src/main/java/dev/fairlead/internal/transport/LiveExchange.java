package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.core.wire.Decoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.ContextView;

/**
 * A request on a connection of its own, whose answer is taken as its subscriber asks for it.
 *
 * <p>Holds undecoded reads and never frames: at most one of them is read without demand (the head may bring bytes along, and epoll
 * reads once when the other side closes).
 */
final class LiveExchange implements Exchange, LiveAnswer {

    private EngineRequest request;
    private final EngineConnection connection;
    private final MonoSink<LiveAnswer> opened;

    private final Deque<ByteBuf> reads = new ArrayDeque<>();
    /** Bytes of the reads that are not decoded yet, for whoever looks on from another thread. */
    private volatile long ahead;

    private @Nullable AnswerHead head;
    private @Nullable ValueSubscription<?> values;
    private @Nullable Throwable failure;
    private @Nullable Consumer<@Nullable Throwable> gone;
    private boolean ended;
    private boolean closed;
    private boolean writing;
    private boolean inputClosed;

    LiveExchange(EngineRequest request, EngineConnection connection, MonoSink<LiveAnswer> opened) {
        this.request = request;
        this.connection = connection;
        this.opened = opened;
    }

    /** Sends the request. The answer's head is read whether somebody asks for it or not. */
    void start() {
        connection.watchHead();
        connection.start(this);
        if (head == null && !ended) {
            connection.read();
        }
    }

    @Override
    public EngineRequest request() {
        return request;
    }

    @Override
    public ContextView context() {
        return opened.contextView();
    }

    @Override
    public boolean isLong() {
        return true;
    }

    @Override
    public AnswerHead head() {
        AnswerHead received = head;
        if (received == null) {
            throw new IllegalStateException("no head yet");
        }
        return received;
    }

    @Override
    public void onHead(AnswerHead received) {
        head = received;
        // A stream may go on for long, and there may be many.
        request = request.sent();
        opened.success(this);
    }

    @Override
    public void onBytes(ByteBuf bytes) {
        if (closed) {
            bytes.release();
            return;
        }
        reads.add(bytes);
        if (values != null) {
            values.drain();
        } else {
            noteAhead();
        }
    }

    @Override
    public void onReadComplete() {
        if (head == null) {
            connection.read();
        } else if (values != null) {
            values.drain();
        }
    }

    @Override
    public void onEnd() {
        ended = true;
        connection.close();
        if (values != null) {
            values.drain();
        }
        keepRestOnHeap();
        tellGone(null);
    }

    @Override
    public void whenGone(Consumer<@Nullable Throwable> listener) {
        var unused = connection.onLoopIfAny(() -> {
            gone = listener;
            if (ended) {
                tellGone(failure);
            }
        });
    }

    private void tellGone(@Nullable Throwable why) {
        Consumer<@Nullable Throwable> listener = gone;
        gone = null;
        if (listener != null) {
            listener.accept(why);
        }
    }

    @Override
    public void onFailure(Throwable cause) {
        ended = true;
        if (head == null) {
            if (!closed) {
                opened.error(cause);
            }
            return;
        }
        failure = cause;
        if (cause instanceof ClientClosed) {
            // Whoever closed the client wants no more of it, asked for or not.
            dropRest();
        }
        if (values != null) {
            values.drain();
        }
        keepRestOnHeap();
        tellGone(cause);
    }

    private void dropRest() {
        if (values != null) {
            values.drop();
        }
        releaseReads();
        noteAhead();
    }

    /** What is left after the end may never be asked for, by a subscriber that is forgotten: then the collector has to find it. */
    private void keepRestOnHeap() {
        if (reads.isEmpty()) {
            return;
        }
        ByteBuf rest =
                Unpooled.buffer(reads.stream().mapToInt(ByteBuf::readableBytes).sum());
        ValueSubscription<?> reader = values;
        for (ByteBuf read : reads) {
            ByteBuffer begun = reader == null ? null : reader.takeView();
            if (begun == null) {
                rest.writeBytes(read);
            } else {
                rest.writeBytes(begun);
            }
        }
        releaseReads();
        if (rest.isReadable()) {
            reads.add(rest);
        }
    }

    @Override
    public <T> Subscription deliver(Decoder<T> decoder, CoreSubscriber<? super T> subscriber, Ending ending) {
        ValueSubscription<T> subscription = new ValueSubscription<>(this, subscriber, decoder, ending);
        connection.onLoop(() -> attach(subscription));
        return subscription;
    }

    /** Subscribes at once, and keeps the result for whoever asks for it. */
    static Mono<byte[]> now(Mono<byte[]> whole) {
        Sinks.One<byte[]> result = Sinks.one();
        var unused = whole.subscribe(
                bytes -> result.emitValue(bytes, Sinks.EmitFailureHandler.FAIL_FAST),
                failure -> result.emitError(failure, Sinks.EmitFailureHandler.FAIL_FAST));
        return result.asMono();
    }

    @Override
    public LiveAnswer webSocket() {
        return new WebSocketAnswer(this);
    }

    /** Writes between two pieces of what is being written. On the event loop. */
    void sendNow(ByteBuffer bytes) {
        connection.send(bytes);
    }

    /** Writes and closes; the values end, and with no error. On the event loop. */
    void sendLast(ByteBuffer bytes) {
        connection.sendLast(bytes);
    }

    private void attach(ValueSubscription<?> subscription) {
        if (values != null) {
            subscription.refuse(
                    new IllegalStateException("a stream of the Engine has one subscriber; this is the second"));
            return;
        }
        values = subscription;
        subscription.attached();
    }

    @Override
    public Mono<Void> write(Publisher<ByteBuffer> source) {
        return Mono.create(sink -> connection.onLoop(() -> {
            if (writing || inputClosed) {
                sink.error(new IllegalStateException(
                        inputClosed
                                ? "the input is closed already"
                                : "one write at a time: the last one has not ended"));
                return;
            }
            if (!connection.isRaw()) {
                sink.error(Failures.notUpgraded(request.operation()));
                return;
            }
            writing = true;
            OutboundWriter writer = connection.openWriter(request.operation(), sink.contextView());
            writer.onDone(problem -> {
                writing = false;
                if (problem == null) {
                    sink.success();
                } else {
                    sink.error(problem);
                }
            });
            var unused = sink.onCancel(() -> connection.onLoopIfAny(writer::cancel));
            if (connection.isOpen() && !connection.isOutputGone()) {
                writer.start(source);
            } else {
                writer.onClosed();
            }
        }));
    }

    @Override
    public Mono<Void> closeOutput() {
        return Mono.create(sink -> connection.onLoop(() -> {
            if (writing) {
                sink.error(new IllegalStateException("a write is still under way: close the input after it"));
            } else if (inputClosed || !connection.isOpen() || connection.isOutputGone()) {
                sink.success();
            } else if (!connection.isRaw()) {
                sink.error(Failures.notUpgraded(request.operation()));
            } else if (!connection.canEndOutput()) {
                sink.error(Failures.noHalfClose(connection.host(), request.operation()));
            } else {
                inputClosed = true;
                connection.shutdownOutput(sink::success);
            }
        }));
    }

    @Override
    public void close() {
        var unused = connection.onLoopIfAny(() -> {
            closed = true;
            releaseReads();
            noteAhead();
            connection.close();
            ended = true;
            if (values != null) {
                values.drain();
            }
            tellGone(null);
        });
    }

    private void releaseReads() {
        if (values != null) {
            var unused = values.takeView();
        }
        ByteBuf next = reads.poll();
        while (next != null) {
            next.release();
            next = reads.poll();
        }
    }

    @Override
    public long bytesAhead() {
        return ahead;
    }

    /** Once for all that was decoded in one go, and written only when it is another number: it costs a busy stream nothing. */
    private void noteAhead() {
        long bytes = 0;
        for (ByteBuf read : reads) {
            bytes += read.readableBytes();
        }
        ByteBuf first = reads.peek();
        if (first != null && values != null) {
            bytes -= values.takenOf(first);
        }
        if (bytes != ahead) {
            ahead = bytes;
        }
    }

    /** The subscriber of the values; its demand, and the loop that meets it. On the event loop but for request and cancel. */
    private static final class ValueSubscription<T> implements Subscription {

        private final LiveExchange exchange;
        private final CoreSubscriber<? super T> subscriber;
        private final Decoder<T> decoder;
        private final Ending ending;
        private final java.util.concurrent.atomic.AtomicLong requested = new java.util.concurrent.atomic.AtomicLong();

        private long emitted;
        private boolean attached;
        private boolean draining;
        private boolean decoderEnded;
        private boolean over;
        private @Nullable T ahead;
        /** Of the first read, what is not decoded yet, once that was begun. */
        private @Nullable ByteBuffer view;

        private volatile boolean cancelled;

        ValueSubscription(
                LiveExchange exchange, CoreSubscriber<? super T> subscriber, Decoder<T> decoder, Ending ending) {
            this.exchange = exchange;
            this.subscriber = subscriber;
            this.decoder = decoder;
            this.ending = ending;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                long before = requested.getAndUpdate(now -> Operators.addCap(now, n));
                if (before != Long.MAX_VALUE) {
                    exchange.connection.onLoop(this::drain);
                }
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            exchange.connection.onLoop(this::abandon);
        }

        void attached() {
            attached = true;
            if (cancelled) {
                abandon();
            } else {
                drain();
            }
        }

        /** What is left of the first read, if that was begun; it is somebody else's to read or to release from now on. */
        @Nullable
        ByteBuffer takeView() {
            ByteBuffer begun = view;
            view = null;
            return begun;
        }

        /** How many bytes of the first read are decoded. */
        int takenOf(ByteBuf first) {
            return view == null ? 0 : first.readableBytes() - view.remaining();
        }

        /** What was decoded is not wanted any more. */
        void drop() {
            ahead = null;
        }

        void refuse(Throwable why) {
            over = true;
            if (!cancelled) {
                subscriber.onError(ending.failed(why));
            }
        }

        private void abandon() {
            if (attached && !over) {
                over = true;
                ahead = null;
                exchange.closed = true;
                exchange.releaseReads();
                exchange.noteAhead();
                exchange.connection.close();
                exchange.tellGone(null);
            }
        }

        void drain() {
            if (draining || over || !attached) {
                return;
            }
            draining = true;
            try {
                while (!over && emitOnce()) {
                    // Demand or bytes may have come meanwhile.
                }
            } finally {
                draining = false;
            }
            if (cancelled && !over) {
                abandon();
            }
            exchange.noteAhead();
        }

        /** Emits what was asked for; true when it has to be looked at again. */
        private boolean emitOnce() {
            long wanted = requested.get();
            try {
                while (emitted != wanted) {
                    if (cancelled) {
                        return false;
                    }
                    T value = next();
                    if (value == null) {
                        return waitForMore();
                    }
                    emitted++;
                    subscriber.onNext(value);
                }
                if (exchange.ended && ahead == null) {
                    // It may be over without another request: look, and keep what is found.
                    ahead = next();
                    if (ahead == null) {
                        finish();
                        return false;
                    }
                }
            } catch (RuntimeException broken) {
                fail(broken);
                return false;
            }
            return requested.get() != wanted;
        }

        private boolean waitForMore() {
            if (exchange.ended) {
                finish();
            } else if (requested.get() == Long.MAX_VALUE) {
                exchange.connection.readEagerly(true);
            } else {
                exchange.connection.read();
            }
            return false;
        }

        private @Nullable T next() {
            T kept = ahead;
            if (kept != null) {
                ahead = null;
                return kept;
            }
            ByteBuffer bytes = view == null ? viewOfNext() : view;
            while (bytes != null) {
                T value = decoder.next(bytes);
                if (value != null) {
                    return value;
                }
                exchange.reads.remove().release();
                bytes = viewOfNext();
            }
            if (exchange.ended && exchange.failure == null && !exchange.closed && !decoderEnded) {
                decoderEnded = true;
                return decoder.end();
            }
            return null;
        }

        private @Nullable ByteBuffer viewOfNext() {
            ByteBuf read = exchange.reads.peek();
            view = read == null ? null : read.nioBuffer();
            return view;
        }

        private void finish() {
            over = true;
            Throwable problem = exchange.failure;
            if (cancelled) {
                return;
            }
            if (problem != null) {
                subscriber.onError(ending.failed(problem));
            } else {
                ending.completed();
                subscriber.onComplete();
            }
        }

        private void fail(Throwable problem) {
            boolean tell = !cancelled;
            abandon();
            over = true;
            if (tell) {
                subscriber.onError(ending.failed(problem));
            } else {
                Operators.onErrorDropped(problem, subscriber.currentContext());
            }
        }
    }
}
