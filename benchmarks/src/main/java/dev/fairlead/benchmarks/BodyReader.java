package dev.fairlead.benchmarks;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads over the body of a request, whose bytes nobody looks at. */
final class BodyReader {

    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *([0-9]+)");

    private enum State {
        SIZE,
        EXTENSION,
        DATA,
        DATA_END,
        TRAILER
    }

    private final boolean chunked;
    private State state;
    private long left;
    private long read;
    private int lineLength;

    private BodyReader(boolean chunked, long left) {
        this.chunked = chunked;
        this.left = left;
        this.state = chunked ? State.SIZE : State.DATA;
    }

    /** What follows that head, from its first to its empty line. */
    static BodyReader after(String head) {
        String lower = head.toLowerCase(Locale.ROOT);
        if (lower.contains("\r\ntransfer-encoding: chunked")) {
            return new BodyReader(true, 0);
        }
        Matcher length = LENGTH.matcher(lower);
        return new BodyReader(false, length.find() ? Long.parseLong(length.group(1)) : 0);
    }

    /** Takes what belongs to the body; true at its end. */
    boolean read(ByteBuffer input) {
        if (!chunked) {
            data(input);
            return left == 0;
        }
        while (input.hasRemaining()) {
            if (state == State.DATA) {
                data(input);
                state = left == 0 ? State.DATA_END : State.DATA;
            } else if (control(input.get())) {
                return true;
            }
        }
        return false;
    }

    /** How long the body was so far, without what is between its chunks. */
    long bytes() {
        return read;
    }

    private void data(ByteBuffer input) {
        int taken = (int) Math.min(left, input.remaining());
        input.position(input.position() + taken);
        left -= taken;
        read += taken;
    }

    /** One byte outside the data; true for the last one of the body. */
    private boolean control(byte octet) {
        switch (state) {
            case SIZE, EXTENSION -> {
                int digit = Character.digit(octet, 16);
                if (octet == '\n') {
                    state = left == 0 ? State.TRAILER : State.DATA;
                    lineLength = 0;
                } else if (state == State.SIZE && digit >= 0) {
                    left = (left << 4) | digit;
                } else {
                    state = State.EXTENSION;
                }
            }
            case DATA_END -> state = octet == '\n' ? State.SIZE : State.DATA_END;
            case TRAILER -> {
                if (octet == '\n') {
                    if (lineLength == 0) {
                        return true;
                    }
                    lineLength = 0;
                } else if (octet != '\r') {
                    lineLength++;
                }
            }
            case DATA -> throw new IllegalStateException("data is not read byte by byte");
        }
        return false;
    }
}
