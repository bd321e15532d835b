package dev.fairlead.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer without end, written as fast as the client takes it: what it took shows how far it reads ahead of its
 * subscriber. Counts the bytes the socket took, framing included.
 */
public final class Flood {

    /** Blocked for so long is blocked. */
    private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(200);

    private final byte[] piece;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long taken;
    private @Nullable Long blockedSince;
    private boolean ended;

    /** Repeats this piece for ever; in a chunked answer each is a chunk. */
    public Flood(byte[] piece) {
        this.piece = piece.clone();
    }

    /** What the socket took until now, in bytes. */
    public long taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the client has taken nothing for 200 ms, counted from this call on, while there was something to
     * take; what it took until then, in bytes.
     */
    public long awaitBlocked() throws InterruptedException {
        return await(false, FakeEngine.LIMIT);
    }

    /** Waits until the client closed the connection; what it took, in bytes. */
    public long awaitEnd(Duration limit) throws InterruptedException {
        return await(true, limit);
    }

    /** Waits until it is so, looking whenever the client has had time to take something. */
    public void awaitTaken(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + FakeEngine.LIMIT.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("not so within " + FakeEngine.LIMIT);
                }
                var unused = changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        } finally {
            lock.unlock();
        }
    }

    private long await(boolean end, Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        long called = System.nanoTime();
        lock.lock();
        try {
            while (true) {
                if (end ? ended : quietFor(called) >= QUIET) {
                    return taken;
                }
                if (ended) {
                    throw new AssertionError("the client closed after " + taken + " bytes");
                }
                if (left <= 0) {
                    throw new AssertionError(
                            (end ? "not closed" : "not blocked") + " within " + limit + ", after " + taken + " bytes");
                }
                long turn = blockedSince == null ? left : Math.min(left, Math.max(1, QUIET - quietFor(called)));
                left -= turn - Math.max(0, changed.awaitNanos(turn));
            }
        } finally {
            lock.unlock();
        }
    }

    void run(Connection connection, boolean chunked) throws IOException {
        ByteBuffer frame = ByteBuffer.wrap(chunked ? ChunkedAnswer.chunk(piece) : piece);
        try {
            while (true) {
                int before = frame.remaining();
                boolean all = connection.offer(frame);
                advance(before - frame.remaining(), !all);
                if (all) {
                    frame.rewind();
                } else {
                    connection.awaitWritable(Connection.FOREVER);
                }
            }
        } finally {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private long quietFor(long called) {
        return blockedSince == null ? 0 : System.nanoTime() - Math.max(called, blockedSince);
    }

    private void advance(int bytes, boolean blocked) {
        lock.lock();
        try {
            taken += bytes;
            if (!blocked) {
                blockedSince = null;
            } else if (bytes > 0 || blockedSince == null) {
                blockedSince = System.nanoTime();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
