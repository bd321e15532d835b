package dev.fairlead.core.wire;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.json.JsonReader;
import dev.fairlead.core.json.JsonSequence;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the elements of one JSON array as they come, so that no more than one of them is held as text.
 *
 * @param <T> the type of the elements
 */
public final class JsonArrayDecoder<T> extends JsonValues<T> {
    private enum Place {
        BEFORE,
        FIRST,
        ELEMENT,
        AFTER_ELEMENT,
        AFTER
    }

    private Place place = Place.BEFORE;

    /**
     * A decoder.
     *
     * @param operation the operation whose answer it reads, for error messages
     * @param reader what reads one element
     * @param largestElement the length in bytes of the longest element that is accepted; so much may be held in memory
     */
    public JsonArrayDecoder(String operation, JsonReader<T> reader, int largestElement) {
        super(operation, reader, largestElement);
    }

    @Override
    public @Nullable T end() {
        if (place != Place.AFTER) {
            throw new ProtocolFailure(
                    operation, "the answer is not the JSON that was expected: it ends within an array");
        }
        return null;
    }

    /** An Engine writes arrays of objects without blanks; the last of what has come is mostly cut, and is found to be when it is read. */
    @Override
    int endOfWhole(byte[] bytes, int from, int to) {
        byte before = (byte) (place == Place.BEFORE ? '[' : ',');
        boolean objects = (place == Place.BEFORE || place == Place.AFTER_ELEMENT)
                && to - from > 1
                && bytes[from] == before
                && bytes[from + 1] == '{';
        return objects ? to : from;
    }

    @Override
    @Nullable
    JsonSequence<T> sequence(JsonReader<T> reader, byte[] bytes, int offset, int length) {
        return reader.elements(bytes, offset, length);
    }

    @Override
    int startOfRead(byte[] bytes, int from) {
        place = Place.AFTER_ELEMENT;
        return from + 1;
    }

    @Override
    boolean findStart() {
        for (int octet = peek(); octet != -1; octet = peek()) {
            if (octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n') {
                skip();
                continue;
            }
            switch (place) {
                case BEFORE -> pass(octet == '[', Place.FIRST);
                case FIRST -> {
                    if (octet != ']') {
                        return openElement();
                    }
                    pass(true, Place.AFTER);
                }
                case ELEMENT -> {
                    return openElement();
                }
                case AFTER_ELEMENT -> pass(octet == ',' || octet == ']', octet == ',' ? Place.ELEMENT : Place.AFTER);
                case AFTER -> throw misplaced();
            }
        }
        return false;
    }

    private void pass(boolean expected, Place next) {
        if (!expected) {
            throw misplaced();
        }
        skip();
        place = next;
    }

    private boolean openElement() {
        open();
        place = Place.AFTER_ELEMENT;
        return true;
    }

    @Override
    ProtocolFailure misplaced() {
        return new ProtocolFailure(operation, "the answer is not the JSON that was expected: " + shown());
    }
}
