package dev.fairlead;

import dev.fairlead.internal.Duplex;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.TerminalSize;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A program's input and output on a connection of their own.
 *
 * <p>It stays open until the program ends, the output is cancelled or {@link #close()} is called; one of these has to happen.
 */
public class Session {

    /** What a person types to end the input of a terminal. */
    private static final byte END_OF_TRANSMISSION = 0x04;

    /** How the input of a program can be ended. */
    enum InputEnd {
        /** The connection's own: the program sees the end of its input. */
        HALF_CLOSE,
        /** A terminal has no end but the key for it. */
        END_KEY,
        /** The Engine would close the connection and tell the program nothing. */
        IMPOSSIBLE,
        /** There is no input. */
        NO_INPUT
    }

    private final Duplex duplex;
    private final InputEnd inputEnd;
    private final Function<TerminalSize, Mono<Void>> resize;
    private final AtomicBoolean outputTaken = new AtomicBoolean();
    private volatile boolean lineOpen;

    Session(Duplex duplex, InputEnd inputEnd, Function<TerminalSize, Mono<Void>> resize) {
        this.duplex = duplex;
        this.inputEnd = inputEnd;
        this.resize = resize;
    }

    /**
     * What the program writes, from when the session was made.
     *
     * <p>Completes when the Engine closes the connection, which says nothing of how the program ended: also when it was detached from by
     * keys, or the Engine died between two frames. Fails with {@link dev.fairlead.core.error.Truncated} when that happened inside a frame,
     * and with {@link dev.fairlead.core.error.StreamFailed} when the Engine says why it can't go on. Demand reaches the socket: with none,
     * nothing is read, at most 192 KiB are read ahead of it, and a program whose output is not taken waits in its write. Cancelling closes
     * the connection. One subscriber.
     */
    public Flux<OutputFrame> output() {
        return Flux.defer(() -> takeOutput() ? takenOutput() : outputIsTaken());
    }

    /** Whether nobody had taken the output before; now somebody has. */
    boolean takeOutput() {
        return outputTaken.compareAndSet(false, true);
    }

    /** The output, for who has taken it. */
    Flux<OutputFrame> takenOutput() {
        return duplex.output();
    }

    /** For everybody else. */
    static Flux<OutputFrame> outputIsTaken() {
        return Flux.error(() -> new IllegalStateException("an output has one subscriber; this is the second"));
    }

    /**
     * Sends to the program's input.
     *
     * <p>Asks the source for its next buffer when the socket has taken the last one, so a program that does not read stalls the
     * source; 96 KiB at most wait in memory. Completes when all was handed to the socket; the input stays open. A buffer may be used
     * again once the next one was asked for. Fails with {@link dev.fairlead.core.error.ConnectionFailed} when the program ends first, and
     * the output still comes to its end. Fails with the source's error when that fails: what it gave before was sent, and the session can
     * be written to again. Cancelling cancels the source and leaves the session open. One at a time.
     */
    public Mono<Void> write(Publisher<ByteBuffer> source) {
        if (inputEnd == InputEnd.NO_INPUT) {
            return Mono.error(new IllegalStateException("the session has no input: it was made without stdin(true)"));
        }
        return duplex.write(inputEnd == InputEnd.END_KEY ? Flux.from(source).doOnNext(this::noteLine) : source);
    }

    /** A terminal keeps what is typed until its line ends. */
    private void noteLine(ByteBuffer typed) {
        if (typed.hasRemaining()) {
            byte last = typed.get(typed.limit() - 1);
            lineOpen = last != '\n' && last != '\r' && last != END_OF_TRANSMISSION;
        }
    }

    private ByteBuffer endKey() {
        // Within a line the first one only hands over what stands in it.
        byte[] keys =
                lineOpen ? new byte[] {END_OF_TRANSMISSION, END_OF_TRANSMISSION} : new byte[] {END_OF_TRANSMISSION};
        lineOpen = false;
        return ByteBuffer.wrap(keys);
    }

    /**
     * Ends the program's input; its output goes on to the end.
     *
     * <p>Without a terminal, the program sees the end of its input. With one it gets {@code ^D}, as if somebody had typed it, and
     * twice where a line was begun and not ended: a terminal's input has no other end, and none when the program
     * reads it raw. Fails with an {@link IllegalStateException} when there is no input, and for a container that was
     * made without {@code stdinOnce(true)}: the Engine would cut the output and not tell the program.
     */
    public Mono<Void> closeInput() {
        return switch (inputEnd) {
            case HALF_CLOSE -> duplex.closeOutput();
            case END_KEY -> duplex.write(Mono.fromSupplier(this::endKey));
            case IMPOSSIBLE ->
                Mono.error(new IllegalStateException(
                        "this container's input can't be ended: make it with stdinOnce(true)"));
            case NO_INPUT ->
                Mono.error(new IllegalStateException("the session has no input: it was made without stdin(true)"));
        };
    }

    /** Tells the program's terminal how large it is. */
    public Mono<Void> resize(TerminalSize size) {
        return resize.apply(size);
    }

    /** Closes the connection; the output completes. A container's process goes on, and so does an exec's program. */
    public void close() {
        duplex.close();
    }
}
