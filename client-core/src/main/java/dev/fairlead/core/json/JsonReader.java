package dev.fairlead.core.json;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.model.TokenReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.ObjectReader;

/**
 * Reads JSON texts of one type. Thread-safe.
 *
 * @param <T> the type
 */
public final class JsonReader<T> {
    // So much of a wrong answer says what it is, and a log can still hold it.
    private static final int SHOWN = 2048;

    private final @Nullable TokenReader<T> tokens;
    private final Supplier<ObjectReader> databind;
    private final @Nullable T whenNull;
    private final MemberOrder order;

    /**
     * A reader.
     *
     * @param tokens what reads nearly all texts, or null where there is none
     * @param databind what reads the others, and says what is wrong with those that can't be read; asked for when it is wanted, as it
     *     takes time to make
     * @param order in which the members came in values of this type
     * @param whenNull what {@code null} means, or null if it means nothing
     */
    JsonReader(
            @Nullable TokenReader<T> tokens, MemberOrder order, Supplier<ObjectReader> databind, @Nullable T whenNull) {
        this.tokens = tokens;
        this.order = order;
        this.databind = databind;
        this.whenNull = whenNull;
    }

    /**
     * Reads one JSON text.
     *
     * @param operation the operation whose answer it is, for error messages
     * @param bytes where the text is, in UTF-8
     * @param offset where it begins
     * @param length its length in bytes
     * @return the value
     * @throws ProtocolFailure with the place and, unless it may hold a secret, up to 2 KiB of the text, if it is not JSON, not of this type, empty,
     *     or a {@code null} where none is meant
     */
    public T read(String operation, byte[] bytes, int offset, int length) {
        @Nullable T value;
        try {
            value = readTokens(bytes, offset, length);
            if (value == null) {
                value = databind.get().readValue(bytes, offset, length);
            }
        } catch (JacksonException failure) {
            if (AnsweredSecrets.mayBeIn(bytes, offset, length)) {
                // Nor the cause, which quotes the text.
                throw new ProtocolFailure(
                        operation,
                        "the answer is not the JSON that was expected" + place(failure) + ": "
                                + shown(bytes, offset, length));
            }
            throw new ProtocolFailure(operation, sentence(failure) + ": " + shown(bytes, offset, length), failure);
        }
        if (value == null) {
            value = whenNull;
        }
        if (value == null) {
            throw new ProtocolFailure(operation, "expected a JSON value, got: " + shown(bytes, offset, length));
        }
        return value;
    }

    /**
     * Reads one JSON text, which is all that the buffer holds; its position moves to its end.
     *
     * @param operation the operation whose answer it is, for error messages
     * @param text the text, in UTF-8
     * @return the value
     * @throws ProtocolFailure as {@link #read(String, byte[], int, int)}
     */
    public T read(String operation, ByteBuffer text) {
        int length = text.remaining();
        if (text.hasArray()) {
            int offset = text.arrayOffset() + text.position();
            text.position(text.limit());
            return read(operation, text.array(), offset, length);
        }
        byte[] copy = new byte[length];
        text.get(copy);
        return read(operation, copy, 0, length);
    }

    /**
     * Reads several texts that follow each other.
     *
     * @param bytes where they are, in UTF-8; not to be changed as long as they are read
     * @param offset where they begin
     * @param length their length in bytes
     * @return what reads them, or null if these are to be read one by one
     */
    public @Nullable JsonSequence<T> sequence(byte[] bytes, int offset, int length) {
        return tokens == null ? null : JsonSequence.values(tokens, order, bytes, offset, length);
    }

    /**
     * Reads several elements of an array, of which the last may be cut.
     *
     * @param bytes where they are, in UTF-8; not to be changed as long as they are read, and changed for a moment by this
     * @param offset where the bracket or the comma before the first of them is
     * @param length how many bytes there are from there
     * @return what reads them, or null if these are to be read one by one
     */
    public @Nullable JsonSequence<T> elements(byte[] bytes, int offset, int length) {
        return tokens == null ? null : JsonSequence.elements(tokens, order, bytes, offset, length);
    }

    /** The value, or null if databind has to have a look at it: it makes a number of a text where a field is one, and tells mistakes. */
    private @Nullable T readTokens(byte[] bytes, int offset, int length) {
        if (tokens == null) {
            return null;
        }
        try {
            return JacksonTokens.read(order, bytes, offset, length, tokens);
        } catch (RuntimeException another) {
            return null;
        }
    }

    private static String sentence(JacksonException failure) {
        return "the answer is not the JSON that was expected" + place(failure) + " (" + failure.getOriginalMessage()
                + ")";
    }

    private static String place(JacksonException failure) {
        TokenStreamLocation location = failure.getLocation();
        long offset = location == null ? -1 : location.getByteOffset();
        return offset >= 0 ? " at byte " + offset : "";
    }

    private static String shown(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return "nothing";
        }
        if (AnsweredSecrets.mayBeIn(bytes, offset, length)) {
            return length + " bytes, which may hold a secret";
        }
        String text = new String(bytes, offset, Math.min(length, SHOWN), StandardCharsets.UTF_8);
        return length > SHOWN ? text + "… (" + length + " bytes)" : text;
    }
}
