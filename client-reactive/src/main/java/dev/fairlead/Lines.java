package dev.fairlead;

import dev.fairlead.core.wire.LineAssembler;
import dev.fairlead.internal.LineFlux;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.OutputLine;
import java.util.function.Consumer;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * Makes lines of frames, of whatever output: {@code session.output().transform(Lines.of())}.
 *
 * <p>Standard output and standard error are assembled each for itself, and a line comes when its end has come, so lines are in order
 * for each source. A line ends with {@code \n} or {@code \r\n}; what is left at the end of the output is a line too. One that is
 * longer than the maximum comes in pieces, of which all but the last are {@link OutputLine#continued()}; no character is cut in two.
 * Malformed UTF-8 is replaced.
 *
 * <p>Completes when the frames do. When they fail, what had come of a line comes too, marked as continued, and then the failure.
 * Exact demand: a frame is asked for when a line is wanted and none is at hand, one at a time. What is buffered: one frame, and for
 * each of two sources a line of at most the maximum. Cancelling cancels the frames. What a program writes without ending the line,
 * such as a prompt, waits for the end of the line.
 */
public final class Lines implements Function<Publisher<OutputFrame>, Flux<OutputLine>> {

    private static final Lines DEFAULTS = of(lines -> {});

    private final int maxLineBytes;
    private final boolean timestamps;

    private Lines(Builder builder) {
        this.maxLineBytes = builder.maxLineBytes;
        this.timestamps = builder.timestamps;
    }

    /** Lines of up to 64 KiB, without times. */
    public static Lines of() {
        return DEFAULTS;
    }

    /** Other lines. */
    public static Lines of(Consumer<Builder> options) {
        Builder builder = new Builder();
        options.accept(builder);
        return new Lines(builder);
    }

    @Override
    public Flux<OutputLine> apply(Publisher<OutputFrame> frames) {
        return new LineFlux(Flux.from(frames), maxLineBytes, timestamps);
    }

    static int checkedMaximum(int bytes) {
        if (bytes < LineAssembler.SMALLEST_MAXIMUM) {
            throw new IllegalArgumentException(
                    "bytes is " + bytes + ": at least " + LineAssembler.SMALLEST_MAXIMUM + " are needed");
        }
        return bytes;
    }

    /** Collects how lines are made. */
    public static final class Builder {

        private int maxLineBytes = LineAssembler.LARGEST_LINE;
        private boolean timestamps;

        private Builder() {}

        /** The longest line that comes whole, in bytes without its end; 64 KiB. At least 4. */
        public Builder maxLineBytes(int bytes) {
            this.maxLineBytes = checkedMaximum(bytes);
            return this;
        }

        /**
         * Whether there is a time in front of each line, as logs that were asked for with {@code timestamps(true)} have it: then it is
         * taken off, and the pieces in which the Engine keeps a line over 16 KiB are joined. Where there is none, the lines fail with a
         * {@link dev.fairlead.core.error.ProtocolFailure}. {@link Containers#logLines(String)} does this by itself.
         */
        public Builder timestamps(boolean inFront) {
            this.timestamps = inFront;
            return this;
        }
    }
}
