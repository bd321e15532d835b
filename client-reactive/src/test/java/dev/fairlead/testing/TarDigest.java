package dev.fairlead.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Finds the one file of a certain length in a tar as it comes, and hashes it; holds a block. */
public final class TarDigest {

    private static final int BLOCK = 512;

    private final long length;
    private final MessageDigest digest = LargeFile.digest();
    private final ByteBuffer head = ByteBuffer.allocate(BLOCK);
    private long content;
    private long padding;
    private boolean hashes;
    private int found;

    /** For a file that is so long, and shorter than 8 GiB. */
    public TarDigest(long length) {
        this.length = length;
    }

    /** Takes the next piece of the tar. */
    public void take(ByteBuffer piece) {
        while (piece.hasRemaining()) {
            if (content > 0) {
                ByteBuffer part = next(piece, content);
                content -= part.remaining();
                if (hashes) {
                    digest.update(part);
                }
            } else if (padding > 0) {
                padding -= next(piece, padding).remaining();
            } else {
                head.put(next(piece, head.remaining()));
                if (!head.hasRemaining()) {
                    begin();
                }
            }
        }
    }

    private static ByteBuffer next(ByteBuffer piece, long most) {
        int size = (int) Math.min(piece.remaining(), most);
        ByteBuffer part = piece.slice(piece.position(), size);
        piece.position(piece.position() + size);
        return part;
    }

    private void begin() {
        String size = new String(head.array(), 124, 11, StandardCharsets.US_ASCII);
        // What ends a tar has none.
        content = size.charAt(0) == '\0' ? 0 : Long.parseLong(size, 8);
        padding = (BLOCK - content % BLOCK) % BLOCK;
        hashes = content == length;
        found += hashes ? 1 : 0;
        head.clear();
    }

    /** In hexadecimal. */
    public String sha256() {
        if (found != 1) {
            throw new IllegalStateException("the tar has " + found + " files of " + length + " bytes");
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
