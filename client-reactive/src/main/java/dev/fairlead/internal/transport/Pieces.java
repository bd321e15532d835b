package dev.fairlead.internal.transport;

import dev.fairlead.core.wire.Decoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What comes, as it comes. */
final class Pieces implements Decoder<byte[]> {

    @Override
    public byte @Nullable [] next(ByteBuffer input) {
        if (!input.hasRemaining()) {
            return null;
        }
        byte[] piece = new byte[input.remaining()];
        input.get(piece);
        return piece;
    }

    @Override
    public byte @Nullable [] end() {
        return null;
    }
}
