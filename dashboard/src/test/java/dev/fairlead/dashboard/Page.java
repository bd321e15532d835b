package dev.fairlead.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A WebSocket as the page opens it. */
final class Page implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(60);

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final Sinks.Many<Object> toSend = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private final Disposable connection;

    Page(URI address, String origin) {
        HttpHeaders headers = new HttpHeaders();
        headers.setOrigin(origin);
        connection = new ReactorNettyWebSocketClient()
                .execute(address, headers, session -> session.send(toSend.asFlux()
                                .map(message -> message instanceof String text
                                        ? session.textMessage(text)
                                        : session.binaryMessage(
                                                buffers -> buffers.wrap(ByteBuffer.wrap((byte[]) message)))))
                        .and(session.receive()
                                .map(WebSocketMessage::getPayloadAsText)
                                .doOnNext(received::add)))
                .subscribe(nothing -> {}, ended::tryEmitError, ended::tryEmitEmpty);
    }

    void tell(String text) {
        toSend.tryEmitNext(text).orThrow();
    }

    void type(String text) {
        toSend.tryEmitNext(text.getBytes(StandardCharsets.UTF_8)).orThrow();
    }

    /** The next message. */
    String next() throws InterruptedException {
        String message = received.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(message).as("a message").isNotNull();
        return message;
    }

    /** Messages up to one that ends what is looked for, together. */
    String until(String wanted) throws InterruptedException {
        StringBuilder all = new StringBuilder();
        while (all.indexOf(wanted) < 0) {
            all.append(next());
        }
        return all.toString();
    }

    int waiting() {
        return received.size();
    }

    /** Completes when it was closed, or fails as it did. */
    Mono<Void> end() {
        return ended.asMono();
    }

    @Override
    public void close() {
        connection.dispose();
    }

    /** Waits until a number is this one. */
    static void await(long wanted, java.util.function.LongSupplier number) {
        Flux.interval(Duration.ZERO, Duration.ofMillis(20))
                .onBackpressureDrop()
                .filter(tick -> number.getAsLong() == wanted)
                .blockFirst(LIMIT);
    }
}
