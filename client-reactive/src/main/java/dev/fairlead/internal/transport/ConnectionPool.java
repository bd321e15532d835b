package dev.fairlead.internal.transport;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * The connections for calls that end: at most so many, last used first, with a bounded queue for those who wait.
 *
 * <p>Its own and not reactor-pool: a connection is given back on its event loop before the caller is told, and goes straight to
 * whoever waits, without a task or a timer between. State is guarded by one lock that is held for a few instructions and never
 * while anything foreign is called.
 */
final class ConnectionPool {

    /** Somebody who wants a connection. */
    interface Borrower {

        /** A connection, on its event loop. Has to be given back or discarded. */
        void onConnection(EngineConnection connection);

        /** There will be none. */
        void onNoConnection(Throwable failure);

        /** What it wants to do, for error messages. */
        String operation();
    }

    private record Resting(EngineConnection connection, long since) {}

    private final Connector connector;
    private final ConnectionSettings settings;
    private final Closing closing;

    private final Object lock = new Object();
    private final Deque<Resting> resting = new ArrayDeque<>();
    /** Who waits, longest first, and since when. All wait equally long, so one timer for the first serves them all. */
    private final Map<Borrower, Long> waiting = new LinkedHashMap<>();

    private final Set<EngineConnection> all = new HashSet<>();
    private int places;
    /** On which the next sweep is due, or null if none is. */
    private @Nullable EventLoop sweeper;

    private boolean expiring;
    private boolean closed;

    ConnectionPool(Connector connector, ConnectionSettings settings, Closing closing) {
        this.connector = connector;
        this.settings = settings;
        this.closing = closing;
    }

    /** Lends a connection: one at rest, else a new one, else the next that comes back. */
    void borrow(Borrower borrower) {
        borrow(borrower, false);
    }

    /**
     * Lends a connection that has not rested: the Engine has closed one that did, and may have closed them all. Where there is no room
     * for a new one, one at rest makes it.
     */
    void borrowAwake(Borrower borrower) {
        borrow(borrower, true);
    }

    private void borrow(Borrower borrower, boolean awake) {
        EngineConnection found = null;
        boolean expire = false;
        Throwable refusal = null;
        boolean connect = false;
        synchronized (lock) {
            if (closed) {
                refusal = Failures.clientClosed(connector.host(), borrower.operation());
            } else {
                Resting top = awake && places < settings.maxConnections() ? null : pollResting();
                if (top != null) {
                    found = top.connection();
                    // With its place: what becomes of it counts no more.
                    connect = awake && all.remove(found);
                } else if (places < settings.maxConnections()) {
                    places++;
                    connect = true;
                } else if (waiting.size() >= settings.maxPending()) {
                    refusal = Failures.tooManyWaiting(
                            connector.host(), borrower.operation(), settings.maxConnections(), settings.maxPending());
                } else {
                    waiting.put(borrower, System.nanoTime());
                    expire = !expiring && !settings.acquireTimeout().isZero();
                    expiring |= expire;
                }
            }
        }
        if (refusal != null) {
            borrower.onNoConnection(refusal);
        } else if (connect) {
            if (found != null) {
                found.close();
            }
            connect(borrower);
        } else if (found != null) {
            lend(found, borrower);
        } else if (expire) {
            expireIn(settings.acquireTimeout().toNanos());
        }
    }

    /** On the caller's event loop if it is on one and there is one at rest, else the one that was used last; under the lock. */
    private @Nullable Resting pollResting() {
        if (Schedulers.isInNonBlockingThread()) {
            Iterator<Resting> each = resting.iterator();
            while (each.hasNext()) {
                Resting candidate = each.next();
                if (candidate.connection().channel().eventLoop().inEventLoop()) {
                    each.remove();
                    return candidate;
                }
            }
        }
        return resting.pollFirst();
    }

    private void expireIn(long nanos) {
        var unused = Schedulers.parallel().schedule(this::expire, nanos, TimeUnit.NANOSECONDS);
    }

    /** Tells those who have waited too long, and comes back for the next. */
    private void expire() {
        long limit = settings.acquireTimeout().toNanos();
        List<Borrower> late = new ArrayList<>();
        long next = 0;
        synchronized (lock) {
            long now = System.nanoTime();
            Iterator<Map.Entry<Borrower, Long>> each = waiting.entrySet().iterator();
            while (each.hasNext() && next == 0) {
                Map.Entry<Borrower, Long> entry = each.next();
                long left = entry.getValue() + limit - now;
                if (left > 0) {
                    next = left;
                } else {
                    late.add(entry.getKey());
                    each.remove();
                }
            }
            expiring = next > 0;
        }
        if (next > 0) {
            expireIn(next);
        }
        for (Borrower each : late) {
            each.onNoConnection(Failures.waitedTooLong(
                    connector.host(), each.operation(), settings.maxConnections(), settings.acquireTimeout()));
        }
    }

    /** Who waits longest, and now no longer; under the lock. */
    private @Nullable Borrower pollWaiting() {
        Iterator<Borrower> first = waiting.keySet().iterator();
        if (!first.hasNext()) {
            return null;
        }
        Borrower borrower = first.next();
        first.remove();
        return borrower;
    }

    /** A borrower that waits, no longer does. */
    void withdraw(Borrower borrower) {
        synchronized (lock) {
            waiting.remove(borrower);
        }
    }

    private void lend(EngineConnection connection, Borrower borrower) {
        boolean asked = connection.onLoopIfAny(() -> {
            if (connection.isReusable()) {
                borrower.onConnection(connection);
            } else {
                gone(connection, borrower);
            }
        });
        if (!asked) {
            gone(connection, borrower);
        }
    }

    /** Gone while it rested, or its event loop is. Its place is free already, or will be at once. */
    private void gone(EngineConnection connection, Borrower borrower) {
        discard(connection);
        borrow(borrower);
    }

    private void connect(Borrower borrower) {
        var unused = closing.guard(
                        connector.connectInTurn(),
                        () -> Failures.clientClosed(connector.host(), borrower.operation()),
                        EngineConnection::close)
                .subscribe(connection -> connected(connection, borrower), failure -> {
                    leavePlace();
                    borrower.onNoConnection(failure);
                });
    }

    private void connected(EngineConnection connection, Borrower borrower) {
        boolean late;
        synchronized (lock) {
            late = closed;
            if (!late) {
                all.add(connection);
            }
        }
        if (late) {
            connection.close();
            leavePlace();
            borrower.onNoConnection(Failures.clientClosed(connector.host(), borrower.operation()));
            return;
        }
        connection.readEagerly(true);
        connection.onClose(() -> forget(connection));
        borrower.onConnection(connection);
    }

    /** Takes a connection back on its event loop; the next one who waits has it at once. */
    void giveBack(EngineConnection connection) {
        if (!connection.isReusable()) {
            discard(connection);
            return;
        }
        Borrower next;
        EventLoop loop = connection.channel().eventLoop();
        boolean sweep = false;
        synchronized (lock) {
            next = pollWaiting();
            if (next == null && !closed) {
                resting.addFirst(new Resting(connection, System.nanoTime()));
                // A loop that ends takes the sweep with it.
                sweep = (sweeper == null || sweeper.isShuttingDown())
                        && !settings.maxIdle().isZero();
                sweeper = sweep ? loop : sweeper;
            }
        }
        if (next != null) {
            next.onConnection(connection);
        } else if (sweep) {
            sweepIn(settings.maxIdle().toNanos(), loop);
        }
    }

    /** Closes a connection that can't be lent again. */
    void discard(EngineConnection connection) {
        connection.close();
        forget(connection);
    }

    private void forget(EngineConnection connection) {
        synchronized (lock) {
            if (!all.remove(connection)) {
                return;
            }
            resting.removeIf(each -> each.connection() == connection);
        }
        leavePlace();
    }

    /** A place became free: whoever waits longest makes a connection of his own. */
    private void leavePlace() {
        Borrower next;
        synchronized (lock) {
            next = pollWaiting();
            if (next == null) {
                places--;
            }
        }
        if (next != null) {
            connect(next);
        }
    }

    private void sweepIn(long nanos, EventLoop loop) {
        var unused = loop.schedule(() -> sweep(loop), nanos, TimeUnit.NANOSECONDS);
    }

    /** Closes what has rested too long, and comes back when the next one will have. */
    private void sweep(EventLoop loop) {
        List<EngineConnection> old = new ArrayList<>();
        long next = 0;
        synchronized (lock) {
            long limit = System.nanoTime() - settings.maxIdle().toNanos();
            while (!resting.isEmpty() && resting.getLast().since() - limit <= 0) {
                old.add(resting.removeLast().connection());
            }
            if (!resting.isEmpty() && !closed) {
                next = resting.getLast().since() - limit;
            }
            if (next == 0) {
                sweeper = null;
            }
        }
        old.forEach(this::discard);
        if (next > 0) {
            sweepIn(next, loop);
        }
    }

    /** Ends everything: calls under way and those that wait fail and say so. */
    void close() {
        List<EngineConnection> connections;
        List<Borrower> abandoned;
        synchronized (lock) {
            closed = true;
            connections = new ArrayList<>(all);
            abandoned = new ArrayList<>(waiting.keySet());
            waiting.clear();
            resting.clear();
        }
        for (Borrower each : abandoned) {
            each.onNoConnection(Failures.clientClosed(connector.host(), each.operation()));
        }
        for (EngineConnection each : connections) {
            each.closeWithClient();
        }
    }
}
