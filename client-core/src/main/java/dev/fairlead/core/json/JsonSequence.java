package dev.fairlead.core.json;

import dev.fairlead.model.TokenReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads values that follow each other in memory, or elements of an array, by one parser: a parser for each takes as long as a small value
 * does. It gives up at the first that is out of the ordinary; that and what follows is for {@link JsonReader} to read. Has to be closed.
 *
 * @param <T> the type of the values
 */
public final class JsonSequence<T> implements AutoCloseable {
    private final JacksonTokens tokens;
    private final TokenReader<T> reader;
    private final int offset;
    private int end;

    private JsonSequence(TokenReader<T> reader, JacksonTokens tokens, int offset) {
        this.tokens = tokens;
        this.reader = reader;
        this.offset = offset;
        this.end = offset;
    }

    /** Values with nothing but blanks between them. */
    static <T> JsonSequence<T> values(TokenReader<T> reader, MemberOrder order, byte[] bytes, int offset, int length) {
        return new JsonSequence<>(reader, JacksonTokens.of(order, bytes, offset, length), offset);
    }

    /** Elements of an array; the first byte is the bracket or the comma before the first of them. */
    static <T> JsonSequence<T> elements(
            TokenReader<T> reader, MemberOrder order, byte[] bytes, int offset, int length) {
        // The parser wants a bracket, and looks at it once.
        byte before = bytes[offset];
        bytes[offset] = '[';
        JacksonTokens tokens = JacksonTokens.of(order, bytes, offset, length);
        var unused = tokens.nextValue();
        bytes[offset] = before;
        return new JsonSequence<>(reader, tokens, offset);
    }

    /**
     * Reads the next value.
     *
     * @return the value, or null if there is none, or none that can be read here
     */
    public @Nullable T next() {
        try {
            T value = tokens.nextValue() ? reader.read(tokens) : null;
            if (value != null) {
                end = offset + (int) tokens.read();
            }
            return value;
        } catch (RuntimeException another) {
            return null;
        }
    }

    /**
     * Where the last value ended.
     *
     * @return the place in the array after its last byte
     */
    public int end() {
        return end;
    }

    @Override
    public void close() {
        tokens.close();
    }
}
