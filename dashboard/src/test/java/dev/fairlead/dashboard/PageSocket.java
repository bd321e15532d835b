package dev.fairlead.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A WebSocket as the page opens it. */
final class PageSocket implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(60);

    /** Where two threads send. */
    private static final Sinks.EmitFailureHandler BUSY = Sinks.EmitFailureHandler.busyLooping(LIMIT);

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final Sinks.Many<Object> toSend = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private final Disposable connection;

    PageSocket(URI address, String origin) {
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
                .subscribe(nothing -> {}, failure -> ended.emitError(failure, BUSY), () -> ended.emitEmpty(BUSY));
    }

    void tell(String text) {
        toSend.emitNext(text, BUSY);
    }

    void type(String text) {
        toSend.emitNext(text.getBytes(StandardCharsets.UTF_8), BUSY);
    }

    /** The next message. */
    String next() throws InterruptedException {
        String message = received.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(message).as("a message").isNotNull();
        return message;
    }

    /** Messages of a terminal up to one that ends what is looked for, together; for each it asks for one more. */
    String until(String wanted) throws InterruptedException {
        StringBuilder all = new StringBuilder();
        while (all.indexOf(wanted) < 0) {
            all.append(next());
            tell("{\"more\":1}");
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

    /** Waits until something is done. */
    static void done(Mono<?> what) {
        var unused = what.block(LIMIT);
    }

    /** Waits until a number is this one; asks for it on this thread, which may block. */
    static void await(long wanted, LongSupplier number) {
        Iterable<Long> ticks = Flux.interval(Duration.ZERO, Duration.ofMillis(20))
                .onBackpressureDrop()
                .take(LIMIT)
                .toIterable(1);
        long last = wanted - 1;
        for (long unused : ticks) {
            last = number.getAsLong();
            if (last == wanted) {
                return;
            }
        }
        assertThat(last).isEqualTo(wanted);
    }
}
