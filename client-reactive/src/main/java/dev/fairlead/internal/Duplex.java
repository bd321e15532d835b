package dev.fairlead.internal;

import dev.fairlead.core.wire.Decoder;
import dev.fairlead.internal.transport.LiveAnswer;
import dev.fairlead.model.OutputFrame;
import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A connection to a program's input and output. */
public final class Duplex {

    private final String operation;
    private final LiveAnswer live;
    private final Decoder<OutputFrame> decoder;

    Duplex(String operation, LiveAnswer live, Decoder<OutputFrame> decoder) {
        this.operation = operation;
        this.live = live;
        this.decoder = decoder;
    }

    /** What the program writes; one subscriber. */
    public Flux<OutputFrame> output() {
        return live.values(decoder).checkpoint(operation);
    }

    /** Sends to the program's input, as fast as it is taken. */
    public Mono<Void> write(Publisher<ByteBuffer> source) {
        return live.write(source).checkpoint(operation);
    }

    /** Ends the input; the output goes on. */
    public Mono<Void> closeOutput() {
        return live.closeOutput().checkpoint(operation);
    }

    /** Closes the connection. */
    public void close() {
        live.close();
    }
}
