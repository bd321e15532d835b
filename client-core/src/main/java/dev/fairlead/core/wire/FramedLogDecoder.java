package dev.fairlead.core.wire;

import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.OutputSource;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Decodes a log that comes in frames: each is an entry, with its time in front. */
final class FramedLogDecoder implements Decoder<LogEntry> {
    private final String operation;
    private final FrameDecoder frames;
    private final LogHeader header;

    private boolean headerRead;

    FramedLogDecoder(String operation, boolean withAttributes) {
        this.operation = operation;
        this.frames = new FrameDecoder(operation);
        this.header = new LogHeader(operation, withAttributes);
    }

    @Override
    public @Nullable LogEntry next(ByteBuffer input) {
        while (true) {
            OutputFrame frame = frames.next(input);
            if (frame == null) {
                return null;
            }
            ByteBuffer content = frame.bytes();
            boolean first = !headerRead;
            if (first && !header.collect(content)) {
                if (frames.isBetweenFrames()) {
                    throw new Truncated(operation, "a frame of the log ended inside the time in front of its line");
                }
                continue;
            }
            headerRead = true;
            boolean last = frames.isBetweenFrames();
            OutputSource source = frame instanceof OutputFrame.Stderr ? OutputSource.STDERR : OutputSource.STDOUT;
            LogEntry entry = new LogEntry(source, header.time(), header.attributes(), first, last, content);
            if (last) {
                headerRead = false;
                header.clear();
            }
            return entry;
        }
    }

    @Override
    public @Nullable LogEntry end() {
        OutputFrame none = frames.end();
        assert none == null : "a frame that has come was given out";
        return null;
    }
}
