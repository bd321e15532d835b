package dev.fairlead.core.tar;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** What a file holds, exactly as much of it as was said in its head. */
abstract sealed class TarContent implements Closeable {

    private final long size;
    private long read;

    private TarContent(long size) {
        this.size = size;
    }

    static TarContent of(byte[] bytes) {
        return new Memory(bytes);
    }

    /** Of a file that is open, as long as it is now; closes it in the end. */
    static TarContent of(Path file, SeekableByteChannel channel) throws IOException {
        return new Disk(file, channel);
    }

    final long size() {
        return size;
    }

    final long remaining() {
        return size - read;
    }

    /** Reads at least one byte and at most as many as there are left of it. */
    final void read(ByteBuffer target) throws IOException {
        int limit = target.limit();
        int before = target.position();
        if (target.remaining() > remaining()) {
            // What was added since its head was written stays out: the tar has no room for it.
            target.limit(before + (int) remaining());
        }
        fill(target);
        read += target.position() - before;
        target.limit(limit);
    }

    abstract void fill(ByteBuffer target) throws IOException;

    private static final class Memory extends TarContent {

        private final ByteBuffer bytes;

        Memory(byte[] bytes) {
            super(bytes.length);
            this.bytes = ByteBuffer.wrap(bytes);
        }

        @Override
        void fill(ByteBuffer target) {
            ByteBuffer part = bytes.duplicate().limit(bytes.position() + target.remaining());
            bytes.position(part.limit());
            target.put(part);
        }

        @Override
        public void close() {}
    }

    private static final class Disk extends TarContent {

        private final Path file;
        private final SeekableByteChannel channel;

        Disk(Path file, SeekableByteChannel channel) throws IOException {
            super(channel.size());
            this.file = file;
            this.channel = channel;
        }

        @Override
        void fill(ByteBuffer target) throws IOException {
            int length;
            try {
                length = channel.read(target);
            } catch (FileSystemException named) {
                throw named;
            } catch (IOException nameless) {
                FileSystemException named = new FileSystemException(file.toString(), null, nameless.getMessage());
                named.initCause(nameless);
                throw named;
            }
            if (length < 0) {
                throw new FileShrank(file, size(), size() - remaining());
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
