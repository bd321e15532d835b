package dev.fairlead.internal.transport;

import dev.fairlead.core.host.DockerHost;
import dev.fairlead.internal.transport.Places.Place;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private volatile boolean closed;

    /** Connects nothing yet. */
    public Transport(ConnectionSettings settings) {
        this(settings, new Connector(settings));
    }

    /** By a way of the caller's. */
    Transport(ConnectionSettings settings, Connector connector) {
        this.settings = settings;
        this.connector = connector;
        this.pool = new ConnectionPool(connector, settings);
        this.places = new Places(settings.maxStreams());
    }

    /** The Engine it talks to. */
    public DockerHost host() {
        return settings.host();
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
        return Mono.defer(() -> {
            if (closed) {
                return Mono.error(Failures.clientClosed(settings.host(), request.operation()));
            }
            Place place = places.take();
            if (place == null) {
                return Mono.error(Failures.tooManyStreams(settings.host(), request.operation(), settings.maxStreams()));
            }
            return connector
                    .connect()
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
            if (closed) {
                connection.close();
                sink.error(Failures.clientClosed(settings.host(), request.operation()));
            } else {
                exchange.start();
            }
        });
    }

    /** Whether it was closed: nothing can be exchanged any more. */
    public boolean isClosed() {
        return closed;
    }

    /** Closes all connections; what is under way fails with an error that says so. */
    public void close() {
        closed = true;
        pool.close();
        live.forEach(EngineConnection::closeWithClient);
        connector.close();
    }
}
