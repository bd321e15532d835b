package dev.fairlead.dashboard;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One stream of the Engine for each container, however many look at it.
 *
 * <p>It is read as fast as it comes, for those that are on time. One that is slow has a bounded buffer of its own, from which the oldest
 * go first; as events are numbered, it sees how many it has missed. Who comes later gets the latest at once. The stream ends a moment
 * after the last has gone.
 *
 * @param <T> what the stream gives
 */
final class SharedStreams<T> {

    /** For one who reads slowly, beyond what its connection has taken already. */
    private static final int WAITING = 128;

    /** For browsers that load the page anew. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final ConcurrentMap<String, Flux<ServerSentEvent<String>>> open = new ConcurrentHashMap<>();
    private final String name;
    private final int latest;
    private final Json json;
    private final Function<String, Flux<T>> source;

    /**
     * @param name of the events
     * @param latest how many who comes later gets at once, no more than may wait
     * @param source the stream of a container
     */
    SharedStreams(String name, int latest, Json json, Function<String, Flux<T>> source) {
        this.name = name;
        this.latest = Math.min(latest, WAITING);
        this.json = json;
        this.source = source;
    }

    /** The stream of one container; after it an event {@code end} or {@code failure}. */
    Flux<ServerSentEvent<String>> of(String container) {
        return Flux.defer(() -> open.computeIfAbsent(container, this::share))
                .onBackpressureBuffer(WAITING, BufferOverflowStrategy.DROP_OLDEST);
    }

    private Flux<ServerSentEvent<String>> share(String container) {
        AtomicReference<Flux<ServerSentEvent<String>>> own = new AtomicReference<>();
        Flux<ServerSentEvent<String>> shared = source.apply(container)
                .index()
                .map(item -> ServerSentEvent.builder(json.text(item.getT2()))
                        .event(name)
                        .id(item.getT1().toString())
                        .build())
                .concatWith(Mono.fromSupplier(() -> json.event("end", "")))
                .onErrorResume(failure -> Mono.just(json.event("failure", Failure.of(failure))))
                // No other than this: who came just as it ended has begun it once more, and the next one has another.
                .doFinally(end -> open.remove(container, own.get()))
                .replay(latest)
                .refCount(1, GRACE);
        own.set(shared);
        return shared;
    }
}
