package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.ErrorAnswers;
import dev.fairlead.core.error.ProtocolFailure;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.ContextView;

/** A call whose whole answer is one value, on a connection of the pool. It is the subscription of its subscriber too. */
final class UnaryExchange implements Exchange, Subscription, ConnectionPool.Borrower {

    /** What one answer may hold; lists of tens of thousands of containers stay well below. */
    static final int MAX_ANSWER = 256 * 1024 * 1024;

    /** How long the rest of an error may take when it has begun: its status says the most of it. */
    static final Duration ERROR_LIMIT = Duration.ofSeconds(5);

    private static final byte[] EMPTY = new byte[0];
    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    private static final int OVER = 2;
    private static final AtomicIntegerFieldUpdater<UnaryExchange> STATE =
            AtomicIntegerFieldUpdater.newUpdater(UnaryExchange.class, "state");

    private final CoreSubscriber<? super Answer> subscriber;
    private final EngineRequest request;
    private final ConnectionPool pool;
    private final Duration timeout;
    private int limit;

    private volatile int state;
    private volatile @Nullable EngineConnection connection;

    private @Nullable AnswerHead head;
    private byte[] body = EMPTY;
    private int length;
    private @Nullable Elements elements;
    private boolean repeated;

    UnaryExchange(
            CoreSubscriber<? super Answer> subscriber,
            EngineRequest request,
            ConnectionPool pool,
            Duration timeout,
            int limit) {
        this.subscriber = subscriber;
        this.request = request;
        this.pool = pool;
        this.timeout = timeout;
        this.limit = limit;
    }

    @Override
    public EngineRequest request() {
        return request;
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && STATE.compareAndSet(this, IDLE, RUNNING)) {
            pool.borrow(this);
        }
    }

    @Override
    public void cancel() {
        if (STATE.getAndSet(this, OVER) == RUNNING) {
            pool.withdraw(this);
            EngineConnection used = connection;
            if (used != null) {
                // The answer may still come: it must not meet the next call on this connection.
                used.onLoop(() -> {
                    if (connection == used) {
                        connection = null;
                        used.timer().stop();
                        pool.discard(used);
                    } // Else the answer was faster, and the connection may be another call's by now.
                });
            }
        }
    }

    @Override
    public String operation() {
        return request.operation();
    }

    @Override
    public void onConnection(EngineConnection lent) {
        connection = lent;
        if (state == OVER) {
            connection = null;
            pool.giveBack(lent);
            return;
        }
        lent.start(this);
        if (!timeout.isZero() && connection == lent) {
            lent.timer().start(timeout, this::onTimeout);
        }
    }

    @Override
    public void onNoConnection(Throwable failure) {
        if (STATE.getAndSet(this, OVER) == RUNNING) {
            subscriber.onError(failure);
        }
    }

    @Override
    public ContextView context() {
        return subscriber.currentContext();
    }

    @Override
    public void onHead(AnswerHead received) {
        head = received;
        if (received.isError()) {
            limitError();
        }
        String announced = received.header("Content-Length");
        if (announced == null || request.method().equals("HEAD") || received.status() == 304) {
            return;
        }
        long bytes = parse(announced);
        if (bytes > limit && !received.isError()) {
            failTooLarge();
        } else if (request.elements() == null) {
            body = new byte[(int) Math.min(Math.min(bytes, limit), 1 << 20)];
        }
    }

    /** It is told with as much of its body as comes soon and is worth reading. */
    private void limitError() {
        limit = Math.min(limit, ErrorAnswers.LARGEST_BODY);
        EngineConnection used = connection;
        if (used != null && (timeout.isZero() || timeout.compareTo(ERROR_LIMIT) > 0)) {
            used.timer().start(ERROR_LIMIT, this::onTimeout);
        }
    }

    private static long parse(String contentLength) {
        // What is not a number was refused with the head.
        return Long.parseLong(contentLength.trim());
    }

    @Override
    public void onBytes(ByteBuf bytes) {
        AnswerHead received = head;
        boolean error = received != null && received.isError();
        if (length == 0 && elements == null && !error) {
            elements = Elements.of(request, bytes);
        }
        Elements decoded = elements;
        if (decoded != null) {
            take(decoded, bytes);
            return;
        }
        int more = error ? Math.min(bytes.readableBytes(), limit - length) : bytes.readableBytes();
        if (more > limit - length) {
            bytes.release();
            failTooLarge();
            return;
        }
        if (body.length < length + more) {
            body = Arrays.copyOf(body, Math.max(length + more, (int) Math.min(limit, body.length * 2L)));
        }
        bytes.readBytes(body, length, more);
        boolean beyond = bytes.isReadable();
        bytes.release();
        length += more;
        if (beyond) {
            failTooLarge();
        }
    }

    private void take(Elements decoded, ByteBuf bytes) {
        try {
            decoded.take(bytes);
        } catch (ProtocolFailure unexpected) {
            fail(unexpected);
            return;
        } finally {
            bytes.release();
        }
        if (decoded.size() > limit) {
            failTooLarge();
        }
    }

    @Override
    public void onReadComplete() {}

    @Override
    public void onEnd() {
        EngineConnection used = connection;
        connection = null;
        AnswerHead received = head;
        if (used == null || received == null) {
            return;
        }
        used.timer().stop();
        Answer answer = null;
        ProtocolFailure failure = null;
        try {
            answer = answer(received);
        } catch (ProtocolFailure unexpected) {
            failure = unexpected;
        }
        // What comes after a call may go on for long and hold on to it: a stream, say, that was looked up first.
        body = EMPTY;
        elements = null;
        head = null;
        // Before the subscriber hears of it: its next call then finds this connection at rest.
        pool.giveBack(used);
        if (STATE.getAndSet(this, OVER) != RUNNING) {
            return;
        }
        if (answer != null) {
            subscriber.onNext(answer);
            subscriber.onComplete();
        } else if (failure != null) {
            subscriber.onError(failure);
        }
    }

    private Answer answer(AnswerHead received) {
        Elements decoded = elements;
        return decoded == null
                ? new Answer(received, body.length == length ? body : Arrays.copyOf(body, length))
                : Answer.of(received, decoded.end(), decoded.size());
    }

    @Override
    public void onFailure(Throwable cause) {
        EngineConnection used = connection;
        connection = null;
        if (used == null) {
            return;
        }
        used.timer().stop();
        boolean stale = head == null && used.wasUsedBefore() && used.endedByEngine();
        boolean harmless =
                request.isSafeToRepeat() || (cause instanceof ConnectionFailed failed && failed.nothingSent());
        pool.discard(used);
        if (stale && !repeated && harmless && state == RUNNING) {
            // The Engine closed the resting connection while we took it up: that says nothing about the call.
            repeated = true;
            pool.borrowAwake(this);
            return;
        }
        AnswerHead received = head;
        if (STATE.getAndSet(this, OVER) != RUNNING) {
            return;
        }
        if (received != null && received.isError()) {
            // Why the Engine refused is worth more than why the end of that is missing.
            subscriber.onNext(new Answer(received, Arrays.copyOf(body, length)));
            subscriber.onComplete();
        } else {
            subscriber.onError(cause);
        }
    }

    private void failTooLarge() {
        fail(tooLarge(request.operation(), limit));
    }

    static ProtocolFailure tooLarge(String operation, int limit) {
        return new ProtocolFailure(operation, "the answer is larger than " + (limit >> 20) + " MiB");
    }

    private void fail(ProtocolFailure failure) {
        EngineConnection used = connection;
        if (used != null) {
            used.fail(failure);
        }
    }

    private void onTimeout() {
        EngineConnection used = connection;
        if (used != null) {
            used.fail(Failures.noAnswer(used.host(), request.operation(), timeout));
        }
    }
}
