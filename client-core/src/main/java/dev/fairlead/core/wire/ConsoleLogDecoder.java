package dev.fairlead.core.wire;

import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.OutputSource;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the log of a terminal, which has no frames: an entry ends at the end of its line. One that is a piece of a long
 * line ends after 16,384 bytes and where the very same time stands again: no program can write the time of its own line.
 */
final class ConsoleLogDecoder implements Decoder<LogEntry> {
    /** The length of a piece of a long line. */
    static final int PIECE = 16 * 1024;

    private final String operation;
    private final LogHeader header;

    private byte[] headerBytes = new byte[0];
    private boolean headerRead;
    private boolean started; // A slice of the entry was given out.
    private byte[] content = new byte[256];
    private int length;
    private int repeated = -1; // How much of the header came again after a piece, where one may come; else -1.

    ConsoleLogDecoder(String operation, boolean withAttributes) {
        this.operation = operation;
        this.header = new LogHeader(operation, withAttributes);
    }

    @Override
    public @Nullable LogEntry next(ByteBuffer input) {
        while (input.hasRemaining()) {
            if (!headerRead) {
                if (!header.collect(input)) {
                    return null;
                }
                headerRead = true;
                headerBytes = header.bytes();
            } else if (repeated >= 0) {
                LogEntry piece = afterPiece(input);
                if (piece != null) {
                    return piece;
                }
            } else if (takeContent(input)) {
                LogEntry line = entry(true);
                headerRead = false;
                header.clear();
                return line;
            }
        }
        return null;
    }

    /** Takes what belongs to the entry; true when that ends it. */
    private boolean takeContent(ByteBuffer input) {
        int start = input.position();
        int available = Math.min(input.remaining(), PIECE - length);
        int count = 0;
        boolean end = false;
        while (count < available && !end) {
            end = input.get(start + count) == '\n';
            count++;
        }
        append(input, count);
        if (!end && length == PIECE) {
            repeated = 0;
        }
        return end;
    }

    /** Looks whether the header comes again; gives the piece once that is known. */
    private @Nullable LogEntry afterPiece(ByteBuffer input) {
        // Only the first piece can be told by its length: what goes on after it has no pieces.
        if (!started && input.get(input.position()) == headerBytes[repeated]) {
            input.get();
            repeated++;
            if (repeated < headerBytes.length) {
                return null;
            }
            repeated = -1;
            return entry(true); // Its header is that of the next one too.
        }
        int looked = repeated;
        repeated = -1;
        LogEntry slice = entry(false);
        append(ByteBuffer.wrap(headerBytes), looked);
        return slice;
    }

    private LogEntry entry(boolean last) {
        Instant time = header.time();
        Map<String, String> attributes = header.attributes();
        ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOf(content, length));
        LogEntry entry = new LogEntry(OutputSource.CONSOLE, time, attributes, !started, last, bytes);
        length = 0;
        started = !last;
        return entry;
    }

    private void append(ByteBuffer input, int count) {
        if (content.length - length < count) {
            content = Arrays.copyOf(content, Math.max(length + count, Math.min(2 * content.length, PIECE)));
        }
        input.get(content, length, count);
        length += count;
    }

    @Override
    public @Nullable LogEntry end() {
        header.end();
        boolean untold = headerRead ? length == 0 && !started : header.isBegun();
        if (untold || repeated > 0) {
            throw new Truncated(operation, "the log ended inside the time in front of a line");
        }
        return rest();
    }

    /** What has come of an entry whose end has not; null when there is nothing of it. */
    @Nullable
    LogEntry rest() {
        return headerRead && length > 0 ? entry(false) : null;
    }
}
