package dev.fairlead.internal.transport;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of an HTTP/1.1 answer, or the trailer of one, from whatever pieces it comes in.
 *
 * <p>Stricter than RFC 9112 asks where no Engine needs the leniency: a line ends with CRLF and nothing else, lines are not folded,
 * names are tokens, values have no control characters, and what says how long the answer is may be said once.
 */
final class HeadParser {

    /** Of one line, and of all headers together: what Netty's codec allows unless told otherwise. */
    static final int MAX_LINE = 4096;

    static final int MAX_HEADERS = 8192;

    /** As {@code contentLength} for an answer that says none. */
    static final long UNKNOWN = -1;

    private static final int LIMIT = MAX_LINE + 2 + MAX_HEADERS + 4;
    private static final int FIRST_ROOM = 512;
    private static final byte[] NOTHING = new byte[0];
    /** Makes a small letter of a capital one; what else it makes equal is compared in full. */
    private static final int LOWER_CASE = 0x20;

    private static final boolean[] TOKEN = tokenCharacters();

    private byte[] bytes = NOTHING;
    private int length;

    private int status;
    private boolean isVersion10;
    private String headers = "";
    private long contentLength;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;

    int status() {
        return status;
    }

    /** The headers in one text: each after a line break, its name and its value with a colon between; a last line break. */
    String headers() {
        return headers;
    }

    long contentLength() {
        return contentLength;
    }

    boolean isChunked() {
        return chunked;
    }

    /** Whether the other side keeps the connection open after this answer. */
    boolean isKeepAlive() {
        return !close && (!isVersion10 || keepAlive);
    }

    /** Takes of the input what belongs to the head; true when that is whole, and then it was read. */
    boolean takeHead(ByteBuf input) throws MalformedAnswer {
        int end = take(input, false);
        if (end < 0) {
            return false;
        }
        int firstLine = statusLine();
        fields(firstLine, end);
        length = 0;
        checkFraming();
        return true;
    }

    /** As {@link #takeHead} for the headers after the last chunk, which tell nothing that an Engine's client needs. */
    boolean takeTrailer(ByteBuf input) throws MalformedAnswer {
        int end = take(input, true);
        if (end < 0) {
            return false;
        }
        long announced = contentLength;
        boolean wasChunked = chunked;
        String before = headers;
        fields(0, end);
        headers = before;
        contentLength = announced;
        chunked = wasChunked;
        length = 0;
        return true;
    }

    /** Gives up what the next head would be read into: an answer that may go on for long has come. */
    void forget() {
        bytes = NOTHING;
    }

    /** Copies until the empty line; where the headers end, or -1 when the input is used up before. */
    private int take(ByteBuf input, boolean emptyFirst) throws MalformedAnswer {
        while (true) {
            int from = length;
            if (from == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(FIRST_ROOM, Math.min(LIMIT, from * 2)));
            }
            int more = Math.min(input.readableBytes(), bytes.length - from);
            if (more == 0) {
                return -1;
            }
            int start = input.readerIndex();
            input.getBytes(start, bytes, from, more);
            length = from + more;
            int end = endOfHead(from, emptyFirst);
            if (end >= 0) {
                input.readerIndex(start + end - from);
                return end - 2;
            }
            input.readerIndex(start + more);
            if (length >= LIMIT) {
                throw new MalformedAnswer("the head of the answer is longer than " + MAX_HEADERS + " bytes");
            }
        }
    }

    /** What follows the empty line, looked for from what is new on; -1 when there is none yet. */
    private int endOfHead(int from, boolean emptyFirst) throws MalformedAnswer {
        for (int at = from; at < length; at++) {
            if (bytes[at] == '\n') {
                if (at == 0 || bytes[at - 1] != '\r') {
                    throw new MalformedAnswer("a line does not end with CR and LF");
                }
                if (at == 1 ? emptyFirst : at >= 3 && bytes[at - 2] == '\n') {
                    return at + 1;
                }
            }
        }
        return -1;
    }

    /** Where the headers begin. */
    private int statusLine() throws MalformedAnswer {
        int end = lineEnd(0);
        boolean known = end >= 12
                && bytes[0] == 'H'
                && bytes[1] == 'T'
                && bytes[2] == 'T'
                && bytes[3] == 'P'
                && bytes[4] == '/'
                && bytes[5] == '1'
                && bytes[6] == '.'
                && (bytes[7] == '1' || bytes[7] == '0')
                && bytes[8] == ' ';
        if (!known || (end > 12 && bytes[12] != ' ')) {
            throw new MalformedAnswer("no status line of HTTP/1.1: " + shown(end));
        }
        status = 0;
        for (int at = 9; at < 12; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                throw new MalformedAnswer("no status: " + shown(end));
            }
            status = status * 10 + digit;
        }
        if (status < 100) {
            throw new MalformedAnswer("no status: " + shown(end));
        }
        for (int at = 12; at < end; at++) {
            checkText(bytes[at]);
        }
        isVersion10 = bytes[7] == '0';
        return end + 2;
    }

    private int lineEnd(int from) throws MalformedAnswer {
        int at = from;
        while (bytes[at] != '\n') {
            at++;
        }
        if (at - 1 - from > MAX_LINE) {
            throw new MalformedAnswer("a line is longer than " + MAX_LINE + " bytes");
        }
        return at - 1;
    }

    /** Reads the lines up to the empty one, and moves them together into the text that is kept. */
    private void fields(int from, int end) throws MalformedAnswer {
        if (end - from > MAX_HEADERS) {
            throw new MalformedAnswer("the headers are longer than " + MAX_HEADERS + " bytes");
        }
        contentLength = UNKNOWN;
        chunked = false;
        close = false;
        keepAlive = false;
        int write = from;
        int start = from;
        while (start < end) {
            int lineEnd = lineEnd(start);
            int colon = start;
            while (colon < lineEnd && isToken(bytes[colon])) {
                colon++;
            }
            if (colon == start || colon == lineEnd || bytes[colon] != ':') {
                throw new MalformedAnswer("a header has no name, or a name that is no token");
            }
            int valueStart = colon + 1;
            while (valueStart < lineEnd && isBlank(bytes[valueStart])) {
                valueStart++;
            }
            int valueEnd = lineEnd;
            while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) {
                valueEnd--;
            }
            for (int at = valueStart; at < valueEnd; at++) {
                checkText(bytes[at]);
            }
            special(start, colon, valueStart, valueEnd);
            // A line break, the name, the colon and the value take less room than the line did.
            int nameLength = colon - start + 1;
            System.arraycopy(bytes, start, bytes, write, nameLength);
            System.arraycopy(bytes, valueStart, bytes, write + nameLength, valueEnd - valueStart);
            write += nameLength + valueEnd - valueStart;
            bytes[write++] = '\n';
            start = lineEnd + 2;
        }
        headers = new String(bytes, from, write - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\t';
    }

    private static void checkText(byte character) throws MalformedAnswer {
        if ((character >= 0 && character < ' ' && character != '\t') || character == 127) {
            throw new MalformedAnswer("a control character in the head");
        }
    }

    /** The headers that say how long the answer is, and what becomes of the connection after it. */
    private void special(int nameStart, int nameEnd, int valueStart, int valueEnd) throws MalformedAnswer {
        switch (nameEnd - nameStart) {
            case 14 -> {
                if (is("content-length", nameStart, nameEnd)) {
                    contentLength(valueStart, valueEnd);
                }
            }
            case 17 -> {
                if (is("transfer-encoding", nameStart, nameEnd)) {
                    if (chunked || !is("chunked", valueStart, valueEnd)) {
                        throw new MalformedAnswer("a transfer encoding that is not chunked, once");
                    }
                    chunked = true;
                }
            }
            case 10 -> {
                if (is("connection", nameStart, nameEnd)) {
                    connection(valueStart, valueEnd);
                }
            }
            default -> {}
        }
    }

    private void contentLength(int from, int to) throws MalformedAnswer {
        if (contentLength != UNKNOWN || from == to || to - from > 18) {
            throw new MalformedAnswer("no content length, or two, or one beyond all bounds");
        }
        long value = 0;
        for (int at = from; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                throw new MalformedAnswer("a content length that is no number");
            }
            value = value * 10 + digit;
        }
        contentLength = value;
    }

    /** A list of words with commas between. */
    private void connection(int from, int to) {
        int start = from;
        for (int at = from; at <= to; at++) {
            if (at == to || bytes[at] == ',') {
                int first = start;
                int last = at;
                while (first < last && isBlank(bytes[first])) {
                    first++;
                }
                while (last > first && isBlank(bytes[last - 1])) {
                    last--;
                }
                close |= is("close", first, last);
                keepAlive |= is("keep-alive", first, last);
                start = at + 1;
            }
        }
    }

    /** @param word in lower case */
    private boolean is(String word, int from, int to) {
        if (to - from != word.length()) {
            return false;
        }
        for (int at = from; at < to; at++) {
            int character = bytes[at];
            if (character >= 'A' && character <= 'Z') {
                character += 'a' - 'A';
            }
            if (character != word.charAt(at - from)) {
                return false;
            }
        }
        return true;
    }

    /** What would let two readers disagree on where the answer ends is not read at all. */
    private void checkFraming() throws MalformedAnswer {
        if (chunked && contentLength != UNKNOWN) {
            throw new MalformedAnswer("both a content length and a transfer encoding");
        }
        if (chunked && isVersion10) {
            throw new MalformedAnswer("a transfer encoding in HTTP/1.0");
        }
    }

    /** The beginning of a line, for a message. */
    private String shown(int end) {
        int shown = Math.min(end, 40);
        StringBuilder text = new StringBuilder(shown + 2).append('"');
        for (int at = 0; at < shown; at++) {
            char character = (char) (bytes[at] & 0xff);
            text.append(character < ' ' || character > 126 ? '?' : character);
        }
        return text.append('"').toString();
    }

    /** Whether it may stand in a name. */
    static boolean isToken(byte character) {
        return TOKEN[character & 0xff];
    }

    private static boolean[] tokenCharacters() {
        boolean[] token = new boolean[256];
        for (char character = 0; character < 127; character++) {
            token[character] = Character.isLetterOrDigit(character) || "!#$%&'*+-.^_`|~".indexOf(character) >= 0;
        }
        return token;
    }

    /** The value of the first header of that name in such a text, or null. */
    static @Nullable String find(String headers, String name) {
        int length = name.length();
        int first = name.charAt(0) | LOWER_CASE;
        int start = 0;
        while (start < headers.length()) {
            int end = headers.indexOf('\n', start);
            // The first letter alone tells most names apart, and for much less.
            if (end - start > length
                    && (headers.charAt(start) | LOWER_CASE) == first
                    && headers.charAt(start + length) == ':'
                    && headers.regionMatches(true, start, name, 0, length)) {
                return headers.substring(start + length + 1, end);
            }
            start = end + 1;
        }
        return null;
    }
}
