package dev.fairlead.core.wire;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.OutputLine;
import dev.fairlead.model.OutputSource;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes lines of frames: of each source for itself, however the frames are cut. Holds the frame in hand, and a line for
 * each source.
 */
public final class FrameLines {
    private static final String OPERATION = "lines";

    private final int maximum;
    private final @Nullable LogReader timed;
    private final LogHeader header = new LogHeader(OPERATION, false);
    private final ConsoleLogDecoder console = new ConsoleLogDecoder(OPERATION, false);
    private final Map<OutputSource, LineAssembler> sources = new EnumMap<>(OutputSource.class);

    private @Nullable LineAssembler lines;
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    /**
     * At the start of an output.
     *
     * @param maximum the longest piece of a line, in bytes
     * @param timestamps whether each frame, or each line of a terminal, begins with its time, as a log can be asked for
     */
    public FrameLines(int maximum, boolean timestamps) {
        this.maximum = maximum;
        this.timed = timestamps ? new LogReader(OPERATION, maximum, true) : null;
    }

    /**
     * Takes a frame.
     *
     * @param frame the frame; {@link #next} has to have given null for the one before it
     * @throws dev.fairlead.core.error.ProtocolFailure if there has to be a time in front of it, and is none
     */
    public void accept(OutputFrame frame) {
        bytes = frame.bytes();
        OutputSource source = source(frame);
        if (timed == null) {
            lines = sources.computeIfAbsent(source, of -> new LineAssembler(of, maximum));
        } else if (source != OutputSource.CONSOLE) {
            header.clear();
            if (!header.collect(bytes)) {
                throw new ProtocolFailure(OPERATION, "a frame ended inside the time in front of its line");
            }
            timed.accept(new LogEntry(source, header.time(), header.attributes(), true, true, bytes));
        }
    }

    /**
     * The next line.
     *
     * @return null when the frame is used up
     */
    public @Nullable OutputLine next() {
        if (timed == null) {
            return lines == null ? null : lines.next(bytes);
        }
        OutputLine line = timed.next();
        while (line == null && bytes.hasRemaining()) {
            LogEntry entry = console.next(bytes);
            if (entry == null) {
                return null;
            }
            timed.accept(entry);
            line = timed.next();
        }
        return line;
    }

    /**
     * What is left when no more frames come: lines without an end. To be asked until it gives null.
     *
     * @param torn whether the output was cut off, so that these lines are not known to be whole
     * @return the line, or a piece of it; null when there is none
     */
    public @Nullable OutputLine end(boolean torn) {
        if (timed != null) {
            OutputLine line = timed.next();
            LogEntry rest = line == null ? console.rest() : null;
            if (rest != null) {
                timed.accept(rest);
            }
            return line == null ? timed.end(torn) : line;
        }
        for (LineAssembler source : sources.values()) {
            OutputLine line = source.end(torn);
            if (line != null) {
                return line;
            }
        }
        return null;
    }

    static OutputSource source(OutputFrame frame) {
        if (frame instanceof OutputFrame.Stdout) {
            return OutputSource.STDOUT;
        }
        return frame instanceof OutputFrame.Stderr ? OutputSource.STDERR : OutputSource.CONSOLE;
    }
}
