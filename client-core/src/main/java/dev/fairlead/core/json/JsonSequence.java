package dev.fairlead.core.json;

import dev.fairlead.model.TokenReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads values that follow each other in memory, by one parser: a parser for each takes as long as a small value does. It gives up at the
 * first that is out of the ordinary; that and what follows is for {@link JsonReader} to read. Has to be closed.
 *
 * @param <T> the type of the values
 */
public final class JsonSequence<T> implements AutoCloseable {
    private final JacksonTokens tokens;
    private final TokenReader<T> reader;
    private final int offset;
    private int end;

    JsonSequence(TokenReader<T> reader, byte[] bytes, int offset, int length) {
        this.tokens = JacksonTokens.of(bytes, offset, length);
        this.reader = reader;
        this.offset = offset;
        this.end = offset;
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
