package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.internal.transport.Places.Place;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * Exchanges requests for answers with one Engine.
 *
 * <p>Calls that end share a bounded pool of connections; each stream and each session has one of its own, so that no number of
 * streams holds up a call.
 */
public final class Transport {

    private final ConnectionSettings settings;
    private final Connector connector;
    private final ConnectionPool pool;
    private final Set<EngineConnection> live = ConcurrentHashMap.newKeySet();
    private final Places places;
    private final Places unlimited = new Places(Integer.MAX_VALUE);
    private final Closing closing = new Closing();
    private final @Nullable Around around;

    /** Connects nothing yet. */
    public Transport(ConnectionSettings settings) {
        this(settings, new Connector(settings), null);
    }

    /**
     * Connects nothing yet.
     *
     * @param around stands around each exchange, or null
     */
    public Transport(ConnectionSettings settings, @Nullable Around around) {
        this(settings, new Connector(settings), around);
    }

    /** By a way of the caller's. */
    Transport(ConnectionSettings settings, Connector connector, @Nullable Around around) {
        this.settings = settings;
        this.connector = connector;
        this.pool = new ConnectionPool(connector, settings, closing);
        this.places = new Places(settings.maxStreams());
        this.around = around;
    }

    /** The Engine it talks to. */
    public DockerHost host() {
        return settings.host();
    }

    /** How long an answer may take that the Engine gives at once; zero for no limit. */
    public Duration responseTimeout() {
        return settings.responseTimeout();
    }

    /**
     * One call and its whole answer, whatever its status, on a pooled connection. Sent at each subscription; cancelling closes the
     * connection.
     */
    public Mono<Answer> call(EngineRequest request) {
        return call(request, settings.responseTimeout());
    }

    /** As {@link #call(EngineRequest)}, with this limit for the answer; zero for none. */
    public Mono<Answer> call(EngineRequest request, Duration responseTimeout) {
        Around outer = around;
        return outer == null
                ? callNow(request, responseTimeout)
                : closing.guard(
                        outer.call(request, filtered -> callNow(filtered, responseTimeout)),
                        () -> clientClosed(request.operation()),
                        late -> {});
    }

    private Mono<Answer> callNow(EngineRequest request, Duration responseTimeout) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Answer> subscriber) {
                subscriber.onSubscribe(
                        new UnaryExchange(subscriber, request, pool, responseTimeout, UnaryExchange.MAX_ANSWER));
            }
        };
    }

    /**
     * One request on a connection of its own; emits when the head of the answer has come, whatever its status. There is no
     * time-out after the connection is made. Cancelling closes the connection. Fails at once, and does not wait, when there are as
     * many of them as there may be.
     */
    public Mono<LiveAnswer> open(EngineRequest request) {
        return open(request, places);
    }

    /** As {@link #open}, also when there are as many of them as there may be: for what ends one that was refused or is left. */
    public Mono<LiveAnswer> openBeyondLimit(EngineRequest request) {
        return open(request, unlimited);
    }

    private Mono<LiveAnswer> open(EngineRequest request, Places of) {
        Around outer = around;
        return outer == null
                ? openNow(request, of)
                : closing.guard(
                        outer.open(request, filtered -> openNow(filtered, of)),
                        () -> clientClosed(request.operation()),
                        LiveAnswer::close);
    }

    private Mono<LiveAnswer> openNow(EngineRequest request, Places of) {
        return Mono.defer(() -> {
            if (closing.isClosed()) {
                return Mono.error(clientClosed(request.operation()));
            }
            Place place = of.take();
            if (place == null) {
                return Mono.error(Failures.tooManyStreams(settings.host(), request.operation(), settings.maxStreams()));
            }
            return closing.guard(connector.connect(), () -> clientClosed(request.operation()), EngineConnection::close)
                    .doOnError(failure -> place.leave())
                    .doOnCancel(place::leave)
                    .flatMap(connection -> open(request, connection, place));
        });
    }

    private Mono<LiveAnswer> open(EngineRequest request, EngineConnection connection, Place place) {
        return Mono.create(sink -> {
            live.add(connection);
            // Closed is before the subscriber hears of its end: what it opens next finds the place free.
            connection.channel().closeFuture().addListener(closing -> {
                live.remove(connection);
                place.leave();
            });
            LiveExchange exchange = new LiveExchange(request, connection, sink);
            var unused = sink.onCancel(exchange::close);
            if (closing.isClosed()) {
                connection.close();
                sink.error(clientClosed(request.operation()));
            } else {
                exchange.start();
            }
        });
    }

    /** The same, but that it fails as soon as the transport is closed: for pauses between two exchanges. */
    public <T> Mono<T> untilClosed(String operation, Mono<T> pause) {
        return closing.guard(pause, () -> clientClosed(operation), late -> {});
    }

    /** Tells whoever stands around the exchanges that something is missing from a stream, see {@link Around#gap}. */
    public void gap(String operation, String reason, @Nullable Long lost) {
        if (around != null) {
            around.gap(operation, reason, lost);
        }
    }

    /** What an operation fails with when the client was closed. */
    public ClientClosed clientClosed(String operation) {
        return Failures.clientClosed(settings.host(), operation);
    }

    /** Whether it was closed: nothing can be exchanged any more. */
    public boolean isClosed() {
        return closing.isClosed();
    }

    /** Closes all connections; what is under way fails with an error that says so. As often as one likes, and from any thread. */
    public void close() {
        // First: whoever hears of an end and tries again is refused.
        closing.refuse();
        if (around != null) {
            around.close();
        }
        pool.close();
        live.forEach(EngineConnection::closeWithClient);
        closing.end();
        connector.close();
    }
}
