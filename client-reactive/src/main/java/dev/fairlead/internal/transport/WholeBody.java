package dev.fairlead.internal.transport;

import dev.fairlead.core.wire.Decoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything up to the end, as one value; what goes over the limit is read and thrown away, or a failure. */
final class WholeBody implements Decoder<byte[]> {

    private final int limit;
    private final @Nullable Supplier<RuntimeException> beyond;
    private byte[] bytes = new byte[512];
    private int length;

    /** @param beyond the failure that it is to be longer, or null where the rest is not wanted */
    WholeBody(int limit, @Nullable Supplier<RuntimeException> beyond) {
        this.limit = limit;
        this.beyond = beyond;
    }

    @Override
    public byte @Nullable [] next(ByteBuffer input) {
        int taken = Math.min(input.remaining(), limit - length);
        if (length + taken > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + taken, (int) Math.min(limit, bytes.length * 2L)));
        }
        input.get(bytes, length, taken);
        length += taken;
        if (input.hasRemaining() && beyond != null) {
            throw beyond.get();
        }
        input.position(input.limit());
        return null;
    }

    @Override
    public byte[] end() {
        return Arrays.copyOf(bytes, length);
    }
}
