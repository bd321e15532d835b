package dev.fairlead.core.wire;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.OutputFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a multiplexed stream: frames of {@code [type, 0, 0, 0, length as a big-endian u32]} and the payload. Frames
 * of up to 64 KiB come whole; of a longer one comes what each read holds, in slices of at most 64 KiB, because the
 * announced length is anything up to 4 GiB and must never be believed with memory. Empty frames are skipped.
 */
public final class FrameDecoder implements Decoder<OutputFrame> {
    /** The longest frame that comes whole, and the longest slice of others: 64 KiB. */
    public static final int LARGEST_FRAME = 64 * 1024;

    private static final int HEADER = 8;
    private static final long HIGHEST_BYTE = 0xFF00_0000L;
    private static final int LARGEST_ERROR = 8 * 1024;
    private static final int STDERR = 2;
    private static final int SYSTEM_ERROR = 3;

    private final String operation;

    private long header;
    private int headerFilled;

    private int type;
    private long left; // Bytes of the payload that have not come yet.
    private boolean whole;
    private byte @Nullable [] payload; // Of a frame that comes whole, once its first byte is there.
    private byte @Nullable [] systemErrorText;
    private int filled; // Of either.

    /**
     * A decoder at the start of a stream.
     *
     * @param operation the operation whose answer it reads, for error messages
     */
    public FrameDecoder(String operation) {
        this.operation = operation;
    }

    @Override
    public @Nullable OutputFrame next(ByteBuffer input) {
        OutputFrame usual = wholeFrame(input);
        return usual == null ? piecewise(input) : usual;
    }

    /** Nearly all frames: one that begins here and lies there as a whole. Null, and nothing taken, if it is any other. */
    private @Nullable OutputFrame wholeFrame(ByteBuffer input) {
        int start = input.position();
        if (left != 0 || headerFilled != 0 || input.limit() - start <= HEADER || systemErrorText != null) {
            return null;
        }
        long bits = bigEndian(input, input.getLong(start));
        long length = bits & 0xFFFF_FFFFL;
        long kind = bits >>> 32;
        if ((kind & ~HIGHEST_BYTE) != 0
                || kind > (long) STDERR << 24
                || length == 0
                || length > Math.min(input.limit() - start - HEADER, LARGEST_FRAME)) {
            return null;
        }
        byte[] bytes = new byte[(int) length];
        input.position(start + HEADER).get(bytes);
        return kind == (long) STDERR << 24 ? OutputFrame.stderr(bytes) : OutputFrame.stdout(bytes);
    }

    private static long bigEndian(ByteBuffer input, long bits) {
        return input.order() == ByteOrder.BIG_ENDIAN ? bits : Long.reverseBytes(bits);
    }

    private @Nullable OutputFrame piecewise(ByteBuffer input) {
        while (true) {
            if (systemErrorText != null) {
                collectError(input, systemErrorText);
                return null;
            }
            if (left == 0) {
                if (!readHeader(input)) {
                    return null;
                }
                continue; // The frame may be empty.
            }
            if (!input.hasRemaining()) {
                return null;
            }
            if (!whole) {
                byte[] slice = new byte[(int) Math.min(left, Math.min(input.remaining(), LARGEST_FRAME))];
                input.get(slice);
                left -= slice.length;
                return frame(slice);
            }
            byte[] bytes = payload;
            if (bytes == null) {
                bytes = new byte[(int) left];
                payload = bytes;
                filled = 0;
            }
            int taken = Math.min(input.remaining(), bytes.length - filled);
            input.get(bytes, filled, taken);
            filled += taken;
            left -= taken;
            if (left > 0) {
                return null;
            }
            payload = null;
            return frame(bytes);
        }
    }

    @Override
    public @Nullable OutputFrame end() {
        if (systemErrorText != null) {
            throw failure(systemErrorText);
        }
        if (headerFilled > 0) {
            throw new Truncated(
                    operation, "the output ended inside the header of a frame, after " + headerFilled + " of 8 bytes");
        }
        if (left > 0) {
            throw new Truncated(operation, "the output ended inside a frame, " + left + " bytes before its end");
        }
        return null;
    }

    /** Whether what was given out last ended its frame, and was no slice of a longer one. */
    boolean isBetweenFrames() {
        return left == 0;
    }

    private OutputFrame frame(byte[] bytes) {
        return type == STDERR ? OutputFrame.stderr(bytes) : OutputFrame.stdout(bytes);
    }

    /** Reads a header, or what there is of it; true once a whole one has been understood. */
    private boolean readHeader(ByteBuffer input) {
        if (headerFilled == 0 && input.remaining() >= HEADER) {
            header = bigEndian(input, input.getLong());
        } else {
            while (headerFilled < HEADER && input.hasRemaining()) {
                header = (header << 8) | (input.get() & 0xFF);
                headerFilled++;
            }
            if (headerFilled < HEADER) {
                return false;
            }
            headerFilled = 0;
        }
        type = (int) (header >>> 56);
        if (type > SYSTEM_ERROR || ((header >>> 32) & 0xFF_FFFF) != 0) {
            throw notAFrame(input);
        }
        left = header & 0xFFFF_FFFFL;
        whole = left <= LARGEST_FRAME;
        if (type == SYSTEM_ERROR) {
            systemErrorText = new byte[(int) Math.min(left, LARGEST_ERROR)];
            filled = 0;
        }
        return true;
    }

    /** Takes the Engine's last words, 8 KiB at most; the stream is over with them, and what follows is not looked at. */
    private void collectError(ByteBuffer input, byte[] text) {
        int taken = Math.min(input.remaining(), text.length - filled);
        input.get(text, filled, taken);
        filled += taken;
        if (filled == text.length) {
            throw failure(text);
        }
    }

    private StreamFailed failure(byte[] bytes) {
        return new StreamFailed(operation, new String(bytes, 0, filled, StandardCharsets.UTF_8).strip(), null);
    }

    private ProtocolFailure notAFrame(ByteBuffer input) {
        StringBuilder hexadecimal = new StringBuilder();
        StringBuilder text = new StringBuilder();
        boolean readable = true;
        for (int shift = 56; shift >= 0; shift -= 8) {
            int octet = (int) ((header >>> shift) & 0xFF);
            hexadecimal.append(String.format(" %02x", octet));
            readable &= isReadable(octet);
            text.append(shown(octet));
        }
        while (text.length() < 100 && input.hasRemaining()) {
            text.append(shown(input.get() & 0xFF));
        }
        String seen = readable ? "the text \"" + text + "\"" : "the bytes" + hexadecimal;
        return new ProtocolFailure(
                operation,
                "expected the header of an output frame (type 0 to 3 and three zero bytes), got type " + type + " in "
                        + seen,
                "is this the raw output of a terminal?");
    }

    private static boolean isReadable(int octet) {
        return (octet >= ' ' && octet < 0x7F) || octet == '\r' || octet == '\n' || octet == '\t';
    }

    private static char shown(int octet) {
        return octet >= ' ' && octet < 0x7F ? (char) octet : '.';
    }
}
