package dev.fairlead;

import dev.fairlead.internal.Duplex;
import dev.fairlead.model.OutputFrame;
import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A connection to the Engine that speaks a protocol of its own from now on, of which Fairlead knows nothing.
 *
 * <p>It stays open until the Engine closes it, the input is cancelled or {@link #close()} is called; one of these has to happen.
 */
public final class RawConnection {

    private final Duplex duplex;

    RawConnection(Duplex duplex) {
        this.duplex = duplex;
    }

    /**
     * What the Engine sends, from its first byte on, in pieces of at most 64 KiB that are the subscriber's own. Completes when the
     * Engine closes. Demand reaches the socket. Cancelling closes the connection. One subscriber.
     */
    public Flux<ByteBuffer> input() {
        return duplex.output().map(OutputFrame::bytes);
    }

    /**
     * Sends to the Engine.
     *
     * <p>Asks the source for its next buffer when the socket has taken the last one, and completes when all was handed to the socket.
     * Fails with {@link dev.fairlead.core.error.ConnectionFailed} when the Engine closes first. One at a time.
     */
    public Mono<Void> write(Publisher<ByteBuffer> source) {
        return duplex.write(source);
    }

    /** Says that nothing more will be sent; the input goes on to its end. */
    public Mono<Void> closeOutput() {
        return duplex.closeOutput();
    }

    /** Closes the connection; the input completes. */
    public void close() {
        duplex.close();
    }
}
