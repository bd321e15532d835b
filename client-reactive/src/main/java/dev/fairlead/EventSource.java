package dev.fairlead;

import dev.fairlead.internal.Http;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.EventsOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Where events come from. */
interface EventSource {

    String OPERATION = "GET /events";

    /**
     * Asks for events: on a connection of its own at each subscription.
     *
     * @param use makes something of the Engine's time and of the events; none is read before it subscribes to them
     */
    <R> Flux<R> open(EventsOptions options, BiFunction<Instant, Flux<EventMessage>, Flux<R>> use);

    /** A pause between two connections. */
    default Mono<Long> pause(Duration length) {
        return Mono.delay(length);
    }

    /** Who is asked, for the messages of errors. */
    String host();

    /** How long an answer may take that is given at once; zero for no limit. */
    Duration responseTimeout();

    /** An Engine. */
    record OfEngine(Http http, Duration responseTimeout) implements EventSource {

        @Override
        public <R> Flux<R> open(EventsOptions options, BiFunction<Instant, Flux<EventMessage>, Flux<R>> use) {
            return http.get("/events").options(options).stream(EventMessage.class, use);
        }

        @Override
        public Mono<Long> pause(Duration length) {
            return http.untilClosed(OPERATION, Mono.delay(length));
        }

        @Override
        public String host() {
            return http.host();
        }
    }
}
