package dev.fairlead.core.wire;

import dev.fairlead.model.OutputLine;
import dev.fairlead.model.OutputSource;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes lines of the bytes of one source, however they are cut. Holds at most one line, and of that no more than the
 * maximum and two bytes. What comes out depends on the bytes alone, never on where they were cut.
 */
public final class LineAssembler {
    /** The longest piece of a line unless another length is given: 64 KiB. */
    public static final int LARGEST_LINE = 64 * 1024;

    /** The least maximum: a character of four bytes has to fit. */
    public static final int SMALLEST_MAXIMUM = 4;

    // More than this would be more than an array holds.
    private static final int LARGEST_MAXIMUM = Integer.MAX_VALUE - 16;
    private static final byte[] NOTHING = new byte[0];
    // A buffer that one long line made is not kept for the short ones that follow.
    private static final int KEPT = 8 * 1024;

    private final OutputSource source;
    private final int maximum;

    private byte[] kept = NOTHING;
    private int length;
    private @Nullable Instant time;
    private Map<String, String> attributes = Map.of();

    /**
     * An assembler at the start of a line.
     *
     * @param source what its lines are of
     * @param maximum the longest piece of a line, in bytes, at least {@link #SMALLEST_MAXIMUM}
     */
    public LineAssembler(OutputSource source, int maximum) {
        this.source = source;
        this.maximum = Math.min(maximum, LARGEST_MAXIMUM);
    }

    /** Whether a line is under way: something of it has come, and not its end. */
    boolean isWithinLine() {
        return length > 0;
    }

    /** The time of the line under way, or of the last one. */
    @Nullable
    Instant time() {
        return time;
    }

    /** What the lines that begin from now on have besides their text. */
    void stamp(@Nullable Instant lineTime, Map<String, String> lineAttributes) {
        this.time = lineTime;
        this.attributes = lineAttributes;
    }

    /**
     * Takes from the input up to the end of the next line, or of the next piece of a long one.
     *
     * @param input the bytes; the position moves behind those that were taken
     * @return the line, or null when the input is used up and has no line's end
     */
    public @Nullable OutputLine next(ByteBuffer input) {
        while (input.hasRemaining()) {
            // One byte beyond the maximum may be the \r of the line's end, so it takes two to know that the line is
            // longer.
            int room = maximum + 2 - length;
            int available = Math.min(input.remaining(), room);
            int end = findEnd(input, available);
            if (end < 0) {
                keep(input, available);
                if (available == room) {
                    return piece();
                }
                continue;
            }
            keep(input, end);
            int content = length > 0 && kept[length - 1] == '\r' ? length - 1 : length;
            if (content > maximum) {
                return piece(); // The line's end stays in the input.
            }
            input.get();
            OutputLine line = line(content, false);
            length = 0;
            release();
            return line;
        }
        return null;
    }

    /**
     * What is left when no more bytes come: a line without an end. To be asked until it gives null.
     *
     * @param torn whether the output was cut off, so that the line is not known to be whole
     * @return the line, or a piece of it; null when there is none
     */
    public @Nullable OutputLine end(boolean torn) {
        if (length > maximum) {
            return piece();
        }
        if (length == 0) {
            return null;
        }
        OutputLine line = line(length, torn);
        length = 0;
        release();
        return line;
    }

    private static int findEnd(ByteBuffer input, int available) {
        int start = input.position();
        for (int at = 0; at < available; at++) {
            if (input.get(start + at) == '\n') {
                return at;
            }
        }
        return -1;
    }

    private void keep(ByteBuffer input, int count) {
        if (kept.length - length < count) {
            long doubled = Math.max(128, Math.max((long) length + count, 2L * kept.length));
            kept = Arrays.copyOf(kept, (int) Math.min(doubled, maximum + 2L));
        }
        input.get(kept, length, count);
        length += count;
    }

    private void release() {
        if (kept.length > KEPT) {
            kept = NOTHING;
        }
    }

    /** The first piece of what is kept, which is longer than the maximum. */
    private OutputLine piece() {
        int cut = cut();
        OutputLine piece = line(cut, true);
        length -= cut;
        System.arraycopy(kept, cut, kept, 0, length);
        return piece;
    }

    /** Where to cut: at the maximum, or before the character that it would cut in two. */
    private int cut() {
        int cut = maximum;
        while (cut > maximum - 3 && isContinuation(kept[cut])) {
            cut--;
        }
        return cut + lengthOfCharacter(kept[cut]) > maximum ? cut : maximum;
    }

    private static boolean isContinuation(byte octet) {
        return (octet & 0xC0) == 0x80;
    }

    /** By its first byte; 0 for what can't be one. */
    private static int lengthOfCharacter(byte first) {
        int octet = first & 0xFF;
        if (octet < 0x80) {
            return 1;
        }
        if (octet < 0xC2 || octet > 0xF4) {
            return 0;
        }
        return octet < 0xE0 ? 2 : octet < 0xF0 ? 3 : 4;
    }

    private OutputLine line(int content, boolean continued) {
        return new OutputLine(source, text(kept, content), continued, time, attributes);
    }

    private static String text(byte[] bytes, int length) {
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 ? text : replaced(bytes, length);
    }

    /** Java has one U+FFFD for several malformed bytes, Go has one for each; the Engine is written in Go. */
    private static String replaced(byte[] bytes, int length) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer input = ByteBuffer.wrap(bytes, 0, length);
        CharBuffer output = CharBuffer.allocate(length);
        while (true) {
            CoderResult result = decoder.decode(input, output, true);
            if (!result.isError()) {
                return output.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                input.get();
                output.put('\uFFFD');
            }
        }
    }
}
