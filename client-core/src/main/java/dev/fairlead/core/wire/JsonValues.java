package dev.fairlead.core.wire;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.json.AnsweredSecrets;
import dev.fairlead.core.json.JsonReader;
import dev.fairlead.core.json.JsonSequence;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds JSON values in what comes, and reads them; what may stand between two of them is for its subclasses to say. */
abstract class JsonValues<T> implements Decoder<T> {
    private static final byte[] NOTHING = new byte[0];
    // An array that one large read or value made is not kept for the small ones that follow.
    private static final int KEPT = 16 * 1024;
    private static final int SHOWN = 2048;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;

    private enum State {
        BETWEEN,
        NESTED,
        STRING,
        SCALAR
    }

    final String operation;
    private final JsonReader<T> reader;
    private final int largestValue;

    private State state = State.BETWEEN;
    private int depth;
    private boolean inString;
    private boolean escaped;

    // The input, copied once, after the beginning of a value whose end has not come yet: an array is looked through
    // faster than a buffer.
    private byte[] held = NOTHING;
    private int start; // Where the value begins that is looked for the end of.
    private int at; // What comes before has been looked at.
    private int to;
    private @Nullable ByteBuffer source;
    private int shift; // From a place in the array to that in the input.
    private @Nullable JsonSequence<T> whole;
    private int wholeEnd; // What is before has been tried to be read so.

    JsonValues(String operation, JsonReader<T> reader, int largestValue) {
        this.operation = operation;
        this.reader = reader;
        this.largestValue = largestValue;
    }

    /** Skips what may stand before the next value, and opens that; false if there is no more. */
    abstract boolean findStart();

    /** What comes where nothing may come. */
    abstract ProtocolFailure misplaced();

    @Override
    public final @Nullable T next(ByteBuffer input) {
        if (!isHeld(input)) {
            hold(input);
        }
        T value = state == State.BETWEEN ? readAhead() : null;
        if (value != null) {
            input.position(at + shift);
            checkLength(at - start);
            start = at;
            return value;
        }
        boolean found = (state != State.BETWEEN || findStart()) && findEnd();
        input.position(at + shift);
        checkLength(at - start);
        if (!found) {
            source = null;
            letGo();
            return null;
        }
        return read();
    }

    /** The next value of those that are likely to be whole: they need no looking through. Null if there is none, or anything but that. */
    private @Nullable T readAhead() {
        if (whole == null && at >= wholeEnd) {
            // Looked for once: else all that follows would be looked through with each value that is read by itself.
            int end = endOfWhole(held, at, to);
            wholeEnd = end > at ? end : to;
            whole = end > at ? sequence(reader, held, at, end - at) : null;
        }
        if (whole == null) {
            return null;
        }
        T value = whole.next();
        if (value == null) {
            closeWhole();
        } else {
            start = startOfRead(held, at);
            at = whole.end();
        }
        return value;
    }

    private void closeWhole() {
        if (whole != null) {
            whole.close();
            whole = null;
        }
    }

    /**
     * Where the values end that are likely to be whole and to have nothing but themselves between them; not after {@code from} if there are
     * none.
     */
    abstract int endOfWhole(byte[] bytes, int from, int to);

    /** Reads those values; null if they are to be read one by one. */
    abstract @Nullable JsonSequence<T> sequence(JsonReader<T> reader, byte[] bytes, int offset, int length);

    /** One of those values has been read, from here on or from after what stands before it. */
    abstract int startOfRead(byte[] bytes, int from);

    /** The last value, if it is one that nothing but the end of all ends. */
    final @Nullable T readScalar() {
        return state == State.SCALAR ? read() : null;
    }

    final boolean isBetween() {
        return state == State.BETWEEN;
    }

    /** So much of a value has come. */
    final int begun() {
        return at - start;
    }

    @SuppressWarnings("ReferenceEquality") // Another one with the same bytes left may be of another time.
    private boolean isHeld(ByteBuffer input) {
        return input == source && input.position() == at + shift && input.limit() == to + shift;
    }

    /** Takes another input in, after the beginning of a value that there may be. */
    private void hold(ByteBuffer input) {
        closeWhole();
        wholeEnd = 0;
        if (state == State.BETWEEN) {
            start = at;
        }
        int begun = at - start;
        int more = input.remaining();
        if (at + more > held.length) {
            // Doubled, so that a long value that comes in many reads is not copied with each of them.
            byte[] larger = begun + more > held.length ? new byte[Math.max(begun + more, 2 * begun)] : held;
            System.arraycopy(held, start, larger, 0, begun);
            held = larger;
            start = 0;
            at = begun;
        }
        input.get(input.position(), held, at, more);
        to = at + more;
        source = input;
        shift = input.position() - at;
    }

    private T read() {
        byte[] bytes = held;
        int from = start;
        int length = at - start;
        state = State.BETWEEN;
        start = at;
        letGo();
        return reader.read(operation, bytes, from, length);
    }

    private void letGo() {
        if (state == State.BETWEEN && at == to && held.length > KEPT) {
            held = NOTHING;
            start = 0;
            at = 0;
            to = 0;
            source = null;
        }
    }

    /** The byte that is looked at, or -1 at the end of what has come. */
    final int peek() {
        return at < to ? held[at] & 0xFF : -1;
    }

    /** Goes on between two values. */
    final void skip() {
        at++;
        start = at;
    }

    /** Takes the byte that is looked at for the beginning of a value. */
    final void open() {
        byte octet = held[at];
        if (octet == '{' || octet == '[') {
            state = State.NESTED;
        } else if (octet == '"') {
            state = State.STRING;
        } else if (isOfScalar(octet)) {
            state = State.SCALAR;
        } else {
            throw misplaced();
        }
        start = at;
        depth = 0;
        inString = false;
        escaped = false;
    }

    /** Goes to after the value's last byte; false if it has not come yet. */
    private boolean findEnd() {
        if (state == State.SCALAR) {
            while (at < to && isOfScalar(held[at])) {
                at++;
            }
            return at < to;
        }
        while (at < to) {
            if (inString) {
                if (!findQuote()) {
                    return false;
                }
                inString = false;
                if (state == State.STRING) {
                    return true;
                }
                continue;
            }
            byte octet = held[at++];
            if (octet == '"') {
                inString = true;
            } else if (octet == '{' || octet == '[') {
                depth++;
            } else if ((octet == '}' || octet == ']') && --depth == 0) {
                return true;
            }
        }
        return false;
    }

    /** Goes to after the quote that ends a string, mostly in steps of eight bytes; false if it has not come yet. */
    private boolean findQuote() {
        byte[] bytes = held;
        int end = to;
        int place = at;
        while (place < end) {
            if (!escaped && place + Long.BYTES <= end) {
                long marks = marks((long) EIGHT.get(bytes, place));
                if (marks == 0) {
                    place += Long.BYTES;
                    continue;
                }
                place += Long.numberOfTrailingZeros(marks) >>> 3;
            }
            byte octet = bytes[place++];
            if (escaped) {
                escaped = false;
            } else if (octet == '\\') {
                escaped = true;
            } else if (octet == '"') {
                at = place;
                return true;
            }
        }
        at = end;
        return false;
    }

    /** A bit for each of eight bytes that is a quote or a backslash, or comes after one: the lowest tells where the first of them is. */
    private static long marks(long eight) {
        long quote = eight ^ ('"' * ONES);
        long backslash = eight ^ ('\\' * ONES);
        return (((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash)) & (ONES << 7);
    }

    private void checkLength(int length) {
        if (length > largestValue) {
            throw new ProtocolFailure(
                    operation, "a JSON value of the answer is longer than the " + largestValue + " bytes accepted");
        }
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

    /** Up to 2 KiB from where it is looked at. */
    final String shown() {
        return AnsweredSecrets.mayBeIn(held, at, to - at)
                ? (to - at) + " bytes, which may hold a secret"
                : new String(held, at, Math.min(to - at, SHOWN), StandardCharsets.UTF_8);
    }
}
