package dev.fairlead.internal.transport;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
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

    private record Waiting(Borrower borrower, Disposable timer) {}

    private record Resting(EngineConnection connection, long since) {}

    private final Connector connector;
    private final ConnectionSettings settings;

    private final Object lock = new Object();
    private final Deque<Resting> resting = new ArrayDeque<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Set<EngineConnection> all = new HashSet<>();
    private int places;
    private boolean sweeping;
    private boolean closed;

    ConnectionPool(Connector connector, ConnectionSettings settings) {
        this.connector = connector;
        this.settings = settings;
    }

    /** Lends a connection: one at rest, else a new one, else the next that comes back. */
    void borrow(Borrower borrower) {
        EngineConnection found = null;
        Throwable refusal = null;
        boolean connect = false;
        synchronized (lock) {
            if (closed) {
                refusal = Failures.clientClosed(connector.host(), borrower.operation());
            } else {
                Resting top = resting.pollFirst();
                if (top != null) {
                    found = top.connection();
                } else if (places < settings.maxConnections()) {
                    places++;
                    connect = true;
                } else if (waiting.size() >= settings.maxPending()) {
                    refusal = Failures.tooManyWaiting(
                            connector.host(), borrower.operation(), settings.maxConnections(), settings.maxPending());
                } else {
                    enqueue(borrower);
                }
            }
        }
        if (refusal != null) {
            borrower.onNoConnection(refusal);
        } else if (found != null) {
            lend(found, borrower);
        } else if (connect) {
            connect(borrower);
        }
    }

    private void enqueue(Borrower borrower) {
        Waiting[] entry = new Waiting[1];
        Duration limit = settings.acquireTimeout();
        Disposable timer = limit.isZero()
                ? () -> {}
                : Schedulers.parallel().schedule(() -> expire(entry), limit.toMillis(), TimeUnit.MILLISECONDS);
        entry[0] = new Waiting(borrower, timer);
        waiting.addLast(entry[0]);
    }

    private void expire(@Nullable Waiting[] entry) {
        Waiting late;
        synchronized (lock) {
            late = entry[0];
            if (late == null || !waiting.remove(late)) {
                return;
            }
        }
        late.borrower()
                .onNoConnection(Failures.waitedTooLong(
                        connector.host(),
                        late.borrower().operation(),
                        settings.maxConnections(),
                        settings.acquireTimeout()));
    }

    /** A borrower that waits, no longer does. */
    void withdraw(Borrower borrower) {
        synchronized (lock) {
            for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
                Waiting entry = each.next();
                if (entry.borrower() == borrower) {
                    each.remove();
                    entry.timer().dispose();
                    return;
                }
            }
        }
    }

    private void lend(EngineConnection connection, Borrower borrower) {
        connection.onLoop(() -> {
            if (connection.isReusable()) {
                borrower.onConnection(connection);
            } else {
                // Gone while it rested. Its place is free already, or will be at once.
                discard(connection);
                borrow(borrower);
            }
        });
    }

    private void connect(Borrower borrower) {
        var unused = connector.connect().subscribe(connection -> connected(connection, borrower), failure -> {
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
        Waiting next;
        boolean sweep = false;
        synchronized (lock) {
            next = waiting.pollFirst();
            if (next == null && !closed) {
                resting.addFirst(new Resting(connection, System.nanoTime()));
                sweep = !sweeping && !settings.maxIdle().isZero();
                sweeping |= sweep;
            }
        }
        if (next != null) {
            next.timer().dispose();
            next.borrower().onConnection(connection);
        } else if (sweep) {
            sweepLater(connection);
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
        Waiting next;
        synchronized (lock) {
            next = waiting.pollFirst();
            if (next == null) {
                places--;
            }
        }
        if (next != null) {
            next.timer().dispose();
            connect(next.borrower());
        }
    }

    private void sweepLater(EngineConnection on) {
        var unused = on.channel()
                .eventLoop()
                .schedule(() -> sweep(on), settings.maxIdle().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sweep(EngineConnection on) {
        List<EngineConnection> old = new ArrayList<>();
        boolean again;
        synchronized (lock) {
            long limit = System.nanoTime() - settings.maxIdle().toNanos();
            while (!resting.isEmpty() && resting.getLast().since() - limit <= 0) {
                old.add(resting.removeLast().connection());
            }
            again = !resting.isEmpty() && !closed;
            sweeping = again;
        }
        old.forEach(this::discard);
        if (again) {
            sweepLater(on);
        }
    }

    /** Ends everything: calls under way and those that wait fail and say so. */
    void close() {
        List<EngineConnection> connections;
        List<Waiting> abandoned;
        synchronized (lock) {
            closed = true;
            connections = new ArrayList<>(all);
            abandoned = new ArrayList<>(waiting);
            waiting.clear();
            resting.clear();
        }
        for (Waiting each : abandoned) {
            each.timer().dispose();
            each.borrower()
                    .onNoConnection(Failures.clientClosed(
                            connector.host(), each.borrower().operation()));
        }
        for (EngineConnection each : connections) {
            each.closeWithClient();
        }
    }
}
