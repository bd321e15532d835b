package dev.fairlead.benchmarks;

import java.io.InputStream;
import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;

/** Bytes to send that cost nothing to make. */
final class Content extends InputStream {

    private static final int PIECE = 64 * 1024;
    private static final byte[] BYTES = new byte[PIECE];

    private long left;

    Content(long length) {
        this.left = length;
    }

    /** As pieces; whole multiples of 64 KiB. */
    static Flux<ByteBuffer> pieces(long length) {
        ByteBuffer piece = ByteBuffer.wrap(BYTES);
        return Flux.range(0, Math.toIntExact(length / PIECE)).map(index -> piece.duplicate());
    }

    @Override
    public int read() {
        if (left == 0) {
            return -1;
        }
        left--;
        return 0;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (left == 0) {
            return -1;
        }
        int taken = (int) Math.min(left, Math.min(length, PIECE));
        System.arraycopy(BYTES, 0, target, offset, taken);
        left -= taken;
        return taken;
    }
}
