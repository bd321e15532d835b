package dev.fairlead.core.wire;

import dev.fairlead.model.OutputFrame;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Decodes a terminal's stream, which has no frames: what a read holds, in pieces of at most 64 KiB. */
public final class ConsoleDecoder implements Decoder<OutputFrame> {
    @Override
    public @Nullable OutputFrame next(ByteBuffer input) {
        if (!input.hasRemaining()) {
            return null;
        }
        byte[] piece = new byte[Math.min(input.remaining(), FrameDecoder.LARGEST_FRAME)];
        input.get(piece);
        return OutputFrame.console(piece);
    }

    /** Always null: such a stream may end anywhere. */
    @Override
    public @Nullable OutputFrame end() {
        return null;
    }
}
