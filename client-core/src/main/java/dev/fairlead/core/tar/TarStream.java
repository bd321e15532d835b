package dev.fairlead.core.tar;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tar that is made while it is read, in pieces of at most 64 KiB. Holds one piece, one open file and the names in the directories
 * that lead to it. Reads files, so it blocks; one thread at a time, but for {@link #stop()}.
 */
public final class TarStream implements Closeable {

    /** The length of a piece; the last one may be shorter. */
    public static final int PIECE = 64 * 1024;

    /** Two empty blocks end a tar. */
    private static final int END = 2 * TarHeader.BLOCK;

    private final Iterator<TarSource> sources;
    private @Nullable TarEntries entries;
    private @Nullable TarEntry entry;
    private ByteBuffer head = ByteBuffer.allocate(0);
    private int zeros;
    private boolean atEnd;
    private volatile boolean stopped;

    TarStream(List<TarSource> sources) {
        this.sources = List.copyOf(sources).iterator();
    }

    /** Whether all of it was read. */
    public boolean isDone() {
        return atEnd && zeros == 0;
    }

    /**
     * The next piece, which is the caller's; null after the last one, or when it was stopped.
     *
     * @throws FileShrank if a file is shorter than the tar has said already
     * @throws java.nio.file.FileSystemException if a file can't be read
     */
    public @Nullable ByteBuffer next() throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        while (piece.hasRemaining() && !isDone() && !stopped) {
            step(piece);
        }
        piece.flip();
        return stopped || !piece.hasRemaining() ? null : piece;
    }

    private void step(ByteBuffer piece) throws IOException {
        TarContent content = entry == null ? null : entry.content();
        if (head.hasRemaining()) {
            int length = Math.min(head.remaining(), piece.remaining());
            piece.put(head.slice(head.position(), length));
            head.position(head.position() + length);
        } else if (content != null && content.remaining() > 0) {
            content.read(piece);
        } else if (zeros > 0) {
            int length = Math.min(zeros, piece.remaining());
            // A fresh piece is all zeros.
            piece.position(piece.position() + length);
            zeros -= length;
        } else {
            advance();
        }
    }

    private void advance() throws IOException {
        closeEntry();
        TarEntry next = entries == null ? null : entries.next();
        if (next != null) {
            entry = next;
            head = ByteBuffer.wrap(TarHeader.of(next));
            zeros = TarHeader.padding(next.size());
            return;
        }
        closeEntries();
        if (sources.hasNext()) {
            entries = sources.next().entries(() -> stopped);
        } else if (!atEnd && !stopped) {
            atEnd = true;
            zeros = END;
        }
    }

    private void closeEntry() throws IOException {
        TarEntry ended = entry;
        entry = null;
        if (ended != null) {
            ended.close();
        }
    }

    private void closeEntries() throws IOException {
        TarEntries ended = entries;
        entries = null;
        if (ended != null) {
            ended.close();
        }
    }

    /** Lets a {@link #next()} that is under way in another thread end soon, without a piece. */
    public void stop() {
        stopped = true;
    }

    @Override
    public void close() throws IOException {
        try {
            closeEntry();
        } finally {
            closeEntries();
        }
    }
}
