package dev.fairlead.internal.transport;

import dev.fairlead.core.wire.Decoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Everything up to the end, as one value; what goes over the limit is read and thrown away. */
final class WholeBody implements Decoder<byte[]> {

    private final int limit;
    private byte[] bytes = new byte[512];
    private int length;

    WholeBody(int limit) {
        this.limit = limit;
    }

    @Override
    public byte @Nullable [] next(ByteBuffer input) {
        int taken = Math.min(input.remaining(), limit - length);
        if (length + taken > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + taken, (int) Math.min(limit, bytes.length * 2L)));
        }
        input.get(bytes, length, taken);
        length += taken;
        input.position(input.limit());
        return null;
    }

    @Override
    public byte[] end() {
        return Arrays.copyOf(bytes, length);
    }
}
