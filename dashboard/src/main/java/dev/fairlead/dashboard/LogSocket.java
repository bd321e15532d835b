package dev.fairlead.dashboard;

import dev.fairlead.DockerClient;
import dev.fairlead.Reconnect;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A container's log for one reader, from its beginning on and as it goes on.
 *
 * <p>The page sends how many lines it will take, and each line is a message. A reader who pauses sends nothing: then nothing is read from
 * the Engine's socket, and no line is lost when it goes on. That is why this stream is the reader's own and not shared: one who pauses
 * would stall the others, or miss what they read meanwhile. The last message has {@code end} or {@code failure}.
 */
@Component
final class LogSocket implements WebSocketHandler {

    /** Lines that may be owed: with the longest of them 4 MiB. */
    private static final int MOST = 256;

    private final DockerClient docker;
    private final Json json;

    LogSocket(DockerClient docker, Json json) {
        this.docker = docker;
        this.json = json;
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        Flux<Integer> asks = session.receive().map(message -> Integer.valueOf(message.getPayloadAsText()));
        Flux<WebSocketMessage> lines = Asked.of(
                        log(ContainerId.of(session.getHandshakeInfo().getUri())), asks, MOST)
                .map(session::textMessage);
        return session.send(lines);
    }

    private Flux<String> log(String container) {
        return docker.containers()
                .logLines(container, log -> log.follow(true)
                        .maxLineBytes(ContainerApi.LONGEST_LINE)
                        .resume(Reconnect.defaults()))
                .map(line -> json.text(LogLine.of(line)))
                .concatWith(Mono.fromSupplier(() -> json.text(Map.of("end", true))))
                .onErrorResume(failure -> Mono.just(json.text(Map.of("failure", Failure.of(failure)))));
    }
}
