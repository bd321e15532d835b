package dev.fairlead.dashboard;

import java.util.function.Function;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The events of a stream, each a message with its {@code event}, {@code id} and {@code data}. For pages: of streams of events over HTTP/1.1 a
 * browser has six at a time for all its tabs together, and whatever else it asks for then waits for ever.
 */
final class LiveSocket implements WebSocketHandler {

    private final Function<WebSocketSession, Flux<ServerSentEvent<String>>> events;

    LiveSocket(Function<WebSocketSession, Flux<ServerSentEvent<String>>> events) {
        this.events = events;
    }

    /** Of a container, whose id is in the address. */
    static LiveSocket of(Function<String, Flux<ServerSentEvent<String>>> events) {
        return new LiveSocket(session ->
                events.apply(ContainerId.of(session.getHandshakeInfo().getUri())));
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        Mono<Void> shown = session.send(events.apply(session).map(event -> session.textMessage(message(event))));
        // What a page says is of no interest, but that it goes.
        return Mono.firstWithSignal(shown, session.receive().then());
    }

    private String message(ServerSentEvent<String> event) {
        // Its data is JSON already, and its id a number, if it has one.
        return "{\"event\":\"" + event.event() + "\",\"id\":" + event.id() + ",\"data\":" + event.data() + "}";
    }
}
