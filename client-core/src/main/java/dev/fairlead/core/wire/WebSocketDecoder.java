package dev.fairlead.core.wire;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Truncated;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what an Engine sends through a WebSocket (RFC 6455): the content of its messages goes to another decoder, as
 * one stream, whatever the frames are.
 *
 * @param <T> the type of the values
 */
public final class WebSocketDecoder<T> implements Decoder<T> {
    private static final int CONTINUATION = 0;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int LONGEST_CONTROL = 125;
    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;

    /** What has to be done about frames that carry no content. */
    public interface Control {
        /**
         * The Engine wants to see whether somebody is there.
         *
         * @param payload what has to be sent back
         */
        void ping(byte[] payload);

        /** The Engine has said its last word, and waits for ours. */
        void close();
    }

    private final String operation;
    private final Decoder<T> content;
    private final Control control;

    private final byte[] header = new byte[10];
    private int headerFilled;
    private int opcode = -1; // Of the frame that is being read; -1 between frames.
    private long left; // Bytes of its payload that have not come yet.
    private byte[] payload = new byte[0]; // Of a control frame.
    private boolean closed;

    /**
     * A decoder at the start of a connection, after its handshake.
     *
     * @param operation the operation whose answer it reads, for error messages
     * @param content decodes the content of the messages
     * @param control is told of pings and of the end
     */
    public WebSocketDecoder(String operation, Decoder<T> content, Control control) {
        this.operation = operation;
        this.content = content;
        this.control = control;
    }

    @Override
    public @Nullable T next(ByteBuffer input) {
        while (!closed) {
            if (opcode < 0 && !readHeader(input)) {
                return null;
            }
            if (opcode >= CLOSE) {
                int taken = (int) Math.min(left, input.remaining());
                input.get(payload, payload.length - (int) left, taken);
                left -= taken;
                if (left > 0) {
                    return null;
                }
                int kind = opcode;
                opcode = -1;
                controlled(kind);
            } else {
                T value = data(input);
                if (value != null || left > 0) {
                    return value;
                }
                opcode = -1;
            }
        }
        input.position(input.limit());
        return null;
    }

    /** Lets the other decoder have what the input holds of this frame; null when it has taken all of that. */
    private @Nullable T data(ByteBuffer input) {
        int present = (int) Math.min(left, input.remaining());
        if (present == 0) {
            return null;
        }
        ByteBuffer part = input.slice(input.position(), present);
        T value = content.next(part);
        input.position(input.position() + part.position());
        left -= part.position();
        return value;
    }

    private void controlled(int kind) {
        if (kind == PING) {
            control.ping(payload);
        } else if (kind == CLOSE) {
            closed = true;
            int code = payload.length < 2 ? NORMAL : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
            control.close();
            if (code != NORMAL && code != GOING_AWAY) {
                String why = new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
                throw new StreamFailed(operation, why, (long) code);
            }
        }
    }

    /** Reads a header, or what there is of it; true once it is whole. */
    private boolean readHeader(ByteBuffer input) {
        while (input.hasRemaining()) {
            header[headerFilled++] = input.get();
            if (headerFilled >= 2 && headerFilled == headerLength()) {
                headerFilled = 0;
                opcode = header[0] & 0x0F;
                left = length();
                check();
                payload = opcode >= CLOSE ? new byte[(int) left] : payload;
                return true;
            }
        }
        return false;
    }

    private int headerLength() {
        int length = header[1] & 0x7F;
        return length < 126 ? 2 : length == 126 ? 4 : 10;
    }

    private long length() {
        long length = header[1] & 0x7F;
        if (length < 126) {
            return length;
        }
        int bytes = length == 126 ? 2 : 8;
        long all = 0;
        for (int at = 2; at < 2 + bytes; at++) {
            all = (all << 8) | (header[at] & 0xFF);
        }
        return all;
    }

    private void check() {
        boolean known = (opcode >= CONTINUATION && opcode <= BINARY) || (opcode >= CLOSE && opcode <= PONG);
        boolean plain = (header[0] & 0x70) == 0 && (header[1] & 0x80) == 0;
        if (!known || !plain || left < 0 || (opcode >= CLOSE && left > LONGEST_CONTROL)) {
            throw new ProtocolFailure(
                    operation,
                    "expected the header of a WebSocket frame, got the bytes %02x %02x"
                            .formatted(header[0], header[1]));
        }
    }

    @Override
    public @Nullable T end() {
        if (!closed) {
            throw new Truncated(operation, "the connection ended without the WebSocket's closing frame");
        }
        return content.end();
    }
}
