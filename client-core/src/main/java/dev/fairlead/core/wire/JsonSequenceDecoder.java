package dev.fairlead.core.wire;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.json.JsonReader;
import dev.fairlead.core.json.JsonSequence;
import org.jspecify.annotations.Nullable;

/**
 * Decodes JSON values that follow each other with nothing, line ends, blanks or record separators (0x1E) between them:
 * every form in which Engines send progress, events and statistics. A value may span reads and lines. Whole
 * lines are parsed as they lie there; any other value is looked through once to find its end, and then parsed.
 *
 * @param <T> the type of the values
 */
public final class JsonSequenceDecoder<T> extends JsonValues<T> {
    /** The longest value unless another length is given: 16 MiB. */
    public static final int LARGEST_VALUE = 16 * 1024 * 1024;

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
        super(operation, reader, largestValue);
    }

    @Override
    public @Nullable T end() {
        T scalar = readScalar();
        if (scalar == null && !isBetween()) {
            throw new Truncated(
                    operation, "the answer ended inside a JSON value, " + begun() + " bytes after its start");
        }
        return scalar;
    }

    /** An Engine ends each value with a line. */
    @Override
    int endOfWhole(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    @Override
    @Nullable
    JsonSequence<T> sequence(JsonReader<T> reader, byte[] bytes, int offset, int length) {
        return reader.sequence(bytes, offset, length);
    }

    @Override
    int startOfRead(byte[] bytes, int from) {
        return bytes[from] == '\n' ? from + 1 : from;
    }

    @Override
    boolean findStart() {
        int octet = peek();
        while (octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n' || octet == 0x1E) {
            skip();
            octet = peek();
        }
        if (octet < 0) {
            return false;
        }
        open();
        return true;
    }

    @Override
    ProtocolFailure misplaced() {
        return new ProtocolFailure(operation, "the answer is not JSON: " + shown());
    }
}
