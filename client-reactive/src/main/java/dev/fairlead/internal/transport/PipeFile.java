package dev.fairlead.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousByteChannel;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A named pipe as the JDK opens it: a file whose positions mean nothing, read and written at the same time. */
final class PipeFile implements AsynchronousByteChannel {

    private final AsynchronousFileChannel file;

    private PipeFile(AsynchronousFileChannel file) {
        this.file = file;
    }

    /** Blocks while it is opened. */
    static PipeFile open(String path) throws IOException {
        return new PipeFile(
                AsynchronousFileChannel.open(Path.of(path), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public <A extends @Nullable Object> void read(
            ByteBuffer into, A attachment, CompletionHandler<Integer, ? super A> handler) {
        file.read(into, 0, attachment, handler);
    }

    @Override
    public Future<Integer> read(ByteBuffer into) {
        return file.read(into, 0);
    }

    @Override
    public <A extends @Nullable Object> void write(
            ByteBuffer from, A attachment, CompletionHandler<Integer, ? super A> handler) {
        file.write(from, 0, attachment, handler);
    }

    @Override
    public Future<Integer> write(ByteBuffer from) {
        return file.write(from, 0);
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
