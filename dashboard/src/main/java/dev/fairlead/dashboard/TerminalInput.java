package dev.fairlead.dashboard;

import dev.fairlead.model.TerminalSize;
import java.nio.ByteBuffer;
import java.util.Queue;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.reactive.socket.WebSocketMessage;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;
import tools.jackson.databind.JsonNode;

/**
 * What a page sends to a terminal, parted. What is typed may have to wait for a program that does not read, and what is asked for must
 * not wait behind it: the program may be waiting for its output to be taken.
 */
final class TerminalInput {

    /** Messages that may wait of each kind. */
    private static final int WAITING = 256;

    private final Sinks.Many<ByteBuffer> typed = Sinks.many().unicast().onBackpressureBuffer(bounded());
    private final Sinks.Many<Integer> asks = Sinks.many().unicast().onBackpressureBuffer(bounded());
    private final Sinks.Many<TerminalSize> sizes = Sinks.many().unicast().onBackpressureBuffer(bounded());
    private final Json json;

    TerminalInput(Json json) {
        this.json = json;
    }

    private static <T> Queue<T> bounded() {
        return Queues.<T>get(WAITING).get();
    }

    Flux<ByteBuffer> typed() {
        return typed.asFlux();
    }

    Flux<Integer> asks() {
        return asks.asFlux();
    }

    Flux<TerminalSize> sizes() {
        return sizes.asFlux();
    }

    /** Takes one message; fails when more wait than may. */
    void accept(WebSocketMessage message) {
        if (message.getType() == WebSocketMessage.Type.BINARY) {
            give(typed, copied(message.getPayload()));
            return;
        }
        JsonNode told = json.read(message.getPayloadAsText());
        if (told.has("more")) {
            give(asks, told.get("more").asInt());
        } else {
            give(
                    sizes,
                    TerminalSize.of(
                            told.path("rows").asInt(), told.path("columns").asInt()));
        }
    }

    /** The message's own memory is the connection's, which takes it back. */
    private static ByteBuffer copied(DataBuffer payload) {
        ByteBuffer copy = ByteBuffer.allocate(payload.readableByteCount());
        payload.toByteBuffer(copy);
        return copy;
    }

    private static <T> void give(Sinks.Many<T> to, T value) {
        Sinks.EmitResult result = to.tryEmitNext(value);
        // What comes after the end is of no interest any more.
        if (result == Sinks.EmitResult.FAIL_OVERFLOW) {
            throw new IllegalStateException("typed faster than the program reads");
        }
    }

    /** No more will come. */
    void end() {
        typed.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
        asks.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
        sizes.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
    }
}
