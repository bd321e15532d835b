package dev.fairlead.core.wire;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.StreamFailed;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands in front of each entry of a log that was asked for with its times: {@code 2026-11-24T10:40:39.658271333Z },
 * and with its attributes also {@code a=b,c=d }, escaped as in an address.
 */
final class LogHeader {
    private static final int LONGEST_TIME = 64;
    // The labels and variables of a container that a driver was told to add; more is something else.
    private static final int LONGEST = 64 * 1024;
    private static final int FIXED_LENGTH = "2006-01-02T15:04:05.000000000Z".length();
    /** How the Engine says in a terminal's log, which has no frames, that it can't read on. */
    private static final String FAILURE = "Error grabbing logs: ";

    private static final int LONGEST_FAILURE = 1024;

    private final String operation;
    private final boolean withAttributes;

    private byte[] bytes = new byte[LONGEST_TIME];
    private int length;
    private int timeLength = -1;
    private boolean failing;
    private @Nullable Instant time;
    private Map<String, String> attributes = Map.of();

    LogHeader(String operation, boolean withAttributes) {
        this.operation = operation;
        this.withAttributes = withAttributes;
    }

    /** Begins anew. */
    void clear() {
        length = 0;
        timeLength = -1;
        time = null;
    }

    /** Whether something of it has come. */
    boolean isBegun() {
        return length > 0;
    }

    /** Takes what it needs; true once it is whole. */
    boolean collect(ByteBuffer input) {
        while (input.hasRemaining()) {
            byte octet = input.get();
            append(octet);
            failing = failing || (octet == ' ' && timeLength < 0 && FAILURE.startsWith(text(0, length)));
            if (failing) {
                if (octet == '\n' || length >= LONGEST_FAILURE) {
                    throw notATime(input);
                }
                continue;
            }
            if (octet == ' ' && timeLength < 0) {
                timeLength = length - 1;
                time = readTime(input);
                if (!withAttributes) {
                    return true;
                }
            } else if (octet == ' ') {
                attributes = readAttributes(text(timeLength + 1, length - 1));
                return true;
            }
            if (length >= (timeLength < 0 ? LONGEST_TIME : LONGEST)) {
                throw notATime(input);
            }
        }
        return false;
    }

    /** Nothing more will come: throws what the Engine says in place of a time, if it says so much. */
    void end() {
        if (failing) {
            throw notATime(ByteBuffer.allocate(0));
        }
    }

    /** All of it, the last blank included. */
    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }

    Instant time() {
        Instant read = time;
        if (read == null) {
            throw new IllegalStateException("not whole yet");
        }
        return read;
    }

    Map<String, String> attributes() {
        return attributes;
    }

    private void append(byte octet) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = octet;
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private Instant readTime(ByteBuffer rest) {
        Instant fixed = readFixedTime();
        if (fixed != null) {
            return fixed;
        }
        try {
            return OffsetDateTime.parse(text(0, timeLength)).toInstant();
        } catch (DateTimeException otherwise) {
            throw notATime(rest);
        }
    }

    /** The form that Engines write, which is worth some speed: there is one for each line. Null for the slow way. */
    private @Nullable Instant readFixedTime() {
        if (timeLength != FIXED_LENGTH
                || bytes[4] != '-'
                || bytes[7] != '-'
                || bytes[10] != 'T'
                || bytes[13] != ':'
                || bytes[16] != ':'
                || bytes[19] != '.'
                || bytes[29] != 'Z') {
            return null;
        }
        int month = number(5, 7);
        int day = number(8, 10);
        int year = number(0, 4);
        int seconds = number(17, 19);
        int minutes = number(14, 16);
        int hours = number(11, 13);
        int nanos = number(20, 29);
        if (year < 0
                || month < 1
                || month > 12
                || day < 1
                || day > Month.of(month).minLength()) {
            return null;
        }
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59 || nanos < 0) {
            return null;
        }
        long dayNumber = LocalDate.of(year, month, day).toEpochDay();
        return Instant.ofEpochSecond(((dayNumber * 24 + hours) * 60 + minutes) * 60 + seconds, nanos);
    }

    /** Negative if there is anything but digits. */
    private int number(int from, int to) {
        int number = 0;
        for (int at = from; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** The pairs of {@code a=b,c=d}; of an empty text none. */
    static Map<String, String> readAttributes(String text) {
        if (text.isEmpty()) {
            return Map.of();
        }
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            pairs.put(unescaped(key), equals < 0 ? "" : unescaped(pair.substring(equals + 1)));
        }
        return pairs;
    }

    private static String unescaped(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEscaped) {
            return text;
        }
    }

    private RuntimeException notATime(ByteBuffer rest) {
        byte[] more = new byte[failing ? 0 : Math.min(rest.remaining(), 200)];
        rest.get(more);
        String seen = (text(0, length) + new String(more, StandardCharsets.UTF_8)).strip();
        return seen.startsWith(FAILURE)
                ? new StreamFailed(operation, seen, null)
                : new ProtocolFailure(
                        operation,
                        "expected a line of a log with its time in front, got: " + seen,
                        "was the log asked for with timestamps?");
    }
}
