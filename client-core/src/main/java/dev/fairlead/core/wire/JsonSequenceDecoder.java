package dev.fairlead.core.wire;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.json.JsonReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes JSON values that follow each other with nothing, line ends, blanks or record separators (0x1E) between them:
 * every form in which Engines send progress, events and statistics. A value may span reads and lines. Each byte is
 * looked at once to find the value's end, and then the value is parsed.
 *
 * @param <T> the type of the values
 */
public final class JsonSequenceDecoder<T> implements Decoder<T> {
    /** The longest value unless another length is given: 16 MiB. */
    public static final int LARGEST_VALUE = 16 * 1024 * 1024;

    private static final byte[] NOTHING = new byte[0];
    // A buffer that one large value made is not kept for the small ones that follow.
    private static final int KEPT = 64 * 1024;
    private static final int SHOWN = 2048;

    private enum State {
        BETWEEN,
        NESTED,
        STRING,
        SCALAR
    }

    private final String operation;
    private final JsonReader<T> reader;
    private final int largestValue;

    private State state = State.BETWEEN;
    private int depth;
    private boolean inString;
    private boolean escaped;
    private byte[] kept = NOTHING; // The beginning of a value whose end has not come yet.
    private int keptLength;

    /**
     * A decoder for values of up to 16 MiB.
     *
     * @param operation the operation whose answer it reads, for error messages
     * @param reader what reads one value
     */
    public JsonSequenceDecoder(String operation, JsonReader<T> reader) {
        this(operation, reader, LARGEST_VALUE);
    }

    /**
     * A decoder.
     *
     * @param operation the operation whose answer it reads, for error messages
     * @param reader what reads one value
     * @param largestValue the length in bytes of the longest value that is accepted; so much may be held in memory
     */
    public JsonSequenceDecoder(String operation, JsonReader<T> reader, int largestValue) {
        this.operation = operation;
        this.reader = reader;
        this.largestValue = largestValue;
    }

    @Override
    public @Nullable T next(ByteBuffer input) {
        if (state == State.BETWEEN && !findStart(input)) {
            return null;
        }
        int start = input.position();
        int end = findEnd(input, start);
        if (end < 0) {
            keep(input, input.remaining());
            return null;
        }
        int length = end - start;
        checkLength(length);
        state = State.BETWEEN;
        if (keptLength > 0) {
            keep(input, length);
            return readKept();
        }
        if (input.hasArray()) {
            input.position(end);
            return reader.read(operation, input.array(), input.arrayOffset() + start, length);
        }
        keep(input, length);
        return readKept();
    }

    @Override
    public @Nullable T end() {
        if (state == State.BETWEEN) {
            return null;
        }
        if (state == State.SCALAR) {
            state = State.BETWEEN;
            return readKept();
        }
        throw new Truncated(
                operation, "the answer ended inside a JSON value, " + keptLength + " bytes after its start");
    }

    /** Skips what may stand between values and opens the next one; false if the input holds no more than that. */
    private boolean findStart(ByteBuffer input) {
        while (input.hasRemaining()) {
            byte octet = input.get(input.position());
            switch (octet) {
                case ' ', '\t', '\r', '\n', 0x1E -> input.get();
                case '{', '[' -> {
                    state = State.NESTED;
                    depth = 0;
                    inString = false;
                    escaped = false;
                    return true;
                }
                case '"' -> {
                    state = State.STRING;
                    inString = false;
                    escaped = false;
                    return true;
                }
                default -> {
                    if (!isOfScalar(octet)) {
                        throw notJson(input);
                    }
                    state = State.SCALAR;
                    return true;
                }
            }
        }
        return false;
    }

    /** The position after the value's last byte, or -1 if the input ends before. */
    private int findEnd(ByteBuffer input, int start) {
        int limit = input.limit();
        if (state == State.SCALAR) {
            for (int at = start; at < limit; at++) {
                if (!isOfScalar(input.get(at))) {
                    return at;
                }
            }
            return -1;
        }
        boolean nested = state == State.NESTED;
        for (int at = start; at < limit; at++) {
            byte octet = input.get(at);
            if (inString) {
                if (escaped) {
                    escaped = false;
                } else if (octet == '\\') {
                    escaped = true;
                } else if (octet == '"') {
                    inString = false;
                    if (!nested) {
                        return at + 1;
                    }
                }
            } else if (octet == '"') {
                inString = true;
            } else if (octet == '{' || octet == '[') {
                depth++;
            } else if (octet == '}' || octet == ']') {
                depth--;
                if (depth == 0) {
                    return at + 1;
                }
            }
        }
        return -1;
    }

    private void checkLength(int more) {
        if (more > largestValue - keptLength) {
            throw new ProtocolFailure(
                    operation, "a JSON value of the answer is longer than the " + largestValue + " bytes accepted");
        }
    }

    private void keep(ByteBuffer input, int length) {
        checkLength(length);
        if (kept.length - keptLength < length) {
            long doubled = Math.max(256, Math.max((long) keptLength + length, 2L * kept.length));
            kept = Arrays.copyOf(kept, (int) Math.min(doubled, largestValue));
        }
        input.get(kept, keptLength, length);
        keptLength += length;
    }

    private T readKept() {
        byte[] bytes = kept;
        int length = keptLength;
        keptLength = 0;
        if (bytes.length > KEPT) {
            kept = NOTHING;
        }
        return reader.read(operation, bytes, 0, length);
    }

    /** What numbers, true, false and null are made of; parsing finds out whether it is one. */
    private static boolean isOfScalar(byte octet) {
        return (octet >= '0' && octet <= '9')
                || (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || octet == '-'
                || octet == '+'
                || octet == '.';
    }

    private ProtocolFailure notJson(ByteBuffer input) {
        byte[] seen = new byte[Math.min(input.remaining(), SHOWN)];
        input.get(seen);
        return new ProtocolFailure(operation, "the answer is not JSON: " + new String(seen, StandardCharsets.UTF_8));
    }
}
