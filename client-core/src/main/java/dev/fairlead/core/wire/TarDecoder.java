package dev.fairlead.core.wire;

import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.json.Json;
import dev.fairlead.core.json.JsonReader;
import dev.fairlead.core.tar.TarEnd;
import dev.fairlead.model.CreateImageInfo;
import dev.fairlead.model.ErrorDetail;
import dev.fairlead.model.ErrorResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Hands a tar on as it comes, in pieces of at most 64 KiB, and looks at how it ends: an Engine that fails on the way
 * has answered 200 already, and stops there, or writes its error behind what it has packed.
 */
public final class TarDecoder implements Decoder<ByteBuffer> {
    private static final int PIECE = 64 * 1024;
    // Two blocks of zeros end every tar.
    private static final int END = 1024;
    private static final int LONGEST_ERROR = 8 * 1024;

    private final String operation;
    private final TarEnd structure;
    private final byte[] tail = new byte[LONGEST_ERROR];
    private int tailLength;
    private long zeros;

    /**
     * A decoder at the start of a tar.
     *
     * @param operation the operation whose answer it reads, for error messages
     */
    public TarDecoder(String operation) {
        this.operation = operation;
        this.structure = new TarEnd(operation);
    }

    @Override
    public @Nullable ByteBuffer next(ByteBuffer input) {
        if (!input.hasRemaining()) {
            return null;
        }
        byte[] piece = new byte[Math.min(input.remaining(), PIECE)];
        input.get(piece);
        remember(piece);
        ByteBuffer value = ByteBuffer.wrap(piece);
        structure.pass(value);
        return value;
    }

    @Override
    public @Nullable ByteBuffer end() {
        if (zeros >= END && !structure.isWithinEntry()) {
            return null;
        }
        String error = error();
        if (error != null) {
            throw new StreamFailed(operation, error, null);
        }
        throw new Truncated(operation, "the archive stopped before its end");
    }

    private void remember(byte[] piece) {
        int last = piece.length;
        while (last > 0 && piece[last - 1] == 0) {
            last--;
        }
        zeros = last == 0 ? zeros + piece.length : piece.length - last;
        int taken = Math.min(piece.length, tail.length);
        int kept = Math.min(tailLength, tail.length - taken);
        System.arraycopy(tail, tailLength - kept, tail, 0, kept);
        System.arraycopy(piece, piece.length - taken, tail, kept, taken);
        tailLength = kept + taken;
    }

    /** What the Engine says at the very end, if that is an error of its own. */
    private @Nullable String error() {
        int end = tailLength;
        while (end > 0 && Character.isWhitespace(tail[end - 1])) {
            end--;
        }
        if (end == 0 || tail[end - 1] != '}') {
            return null;
        }
        for (int start = 0; start < end; start++) {
            if (tail[start] == '{') {
                String message = message(Arrays.copyOfRange(tail, start, end));
                if (message != null) {
                    return message;
                }
            }
        }
        return null;
    }

    private @Nullable String message(byte[] json) {
        if (!Json.isObject(json)) {
            return null;
        }
        JsonReader<CreateImageInfo> progress = Json.readerFor(CreateImageInfo.class);
        ErrorDetail detail = progress.read(operation, json, 0, json.length).errorDetail();
        if (detail != null) {
            return detail.message();
        }
        String message = Json.read(operation, json, ErrorResponse.class).message();
        return message.isEmpty() ? null : message;
    }
}
