package dev.fairlead.internal.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Joins the pipes of a process to a socket, which an event loop can serve as it can't a pipe of Java's. A thread each way; the
 * sockets' and the pipes' own room is all that is read ahead. Ends each way by itself.
 */
final class SshRelay {

    private static final int PIECE = 64 * 1024;

    private final SshProcess process;
    private final Path path;
    private final AtomicInteger ways = new AtomicInteger(2);
    private final ServerSocketChannel listener;

    private SshRelay(SshProcess process, Path path, ServerSocketChannel listener) {
        this.process = process;
        this.path = path;
        this.listener = listener;
    }

    /** Starts the process, and takes one connection at that path. Blocks for the time the start takes. */
    static SshRelay open(SshProcess process, SshHome home, Path path) {
        try {
            ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            SshRelay relay = new SshRelay(process, path, listener);
            try {
                listener.bind(UnixDomainSocketAddress.of(path), 1);
                home.start(process);
                relay.run();
            } catch (IOException | RuntimeException refused) {
                relay.forget();
                throw refused;
            }
            return relay;
        } catch (IOException refused) {
            throw new UncheckedIOException("no socket for ssh's pipes: " + refused.getMessage(), refused);
        }
    }

    private void run() {
        // Whoever was to connect may have gone.
        var unused = process.unwanted().thenRunAsync(this::forget);
        InputStream output = process.output();
        OutputStream input = process.input();
        if (output == null || input == null) {
            throw new IllegalStateException("ssh was ended before it was started");
        }
        Threads.daemon("fairlead-ssh-in", () -> {
            SocketChannel socket;
            try {
                socket = listener.accept();
            } catch (IOException nobodyCame) {
                process.end();
                return;
            } finally {
                forget();
            }
            Threads.daemon("fairlead-ssh-out", () -> toSocket(output, socket));
            fromSocket(socket, input);
        });
    }

    /** No connection will come any more. */
    void forget() {
        try {
            listener.close();
        } catch (IOException gone) {
            // It was to go.
        }
        SshHome.delete(path);
    }

    private void fromSocket(SocketChannel socket, OutputStream input) {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        // Closed is how the program over there hears of the end.
        try (input) {
            while (socket.read(piece) >= 0) {
                input.write(piece.array(), 0, piece.position());
                input.flush();
                piece.clear();
            }
        } catch (IOException notTaken) {
            // The other way tells how it ends.
        } finally {
            leave(socket);
        }
    }

    private void toSocket(InputStream output, SocketChannel socket) {
        byte[] piece = new byte[PIECE];
        try (output) {
            for (int read = output.read(piece); read >= 0; read = output.read(piece)) {
                ByteBuffer bytes = ByteBuffer.wrap(piece, 0, read);
                while (bytes.hasRemaining()) {
                    socket.write(bytes);
                }
            }
            // Whoever sees the end asks for the exit status next.
            var unused = process.exit()
                    .copy()
                    .completeOnTimeout(0, 2, TimeUnit.SECONDS)
                    .join();
            socket.shutdownOutput();
        } catch (IOException notTaken) {
            process.end();
        } finally {
            leave(socket);
        }
    }

    private void leave(SocketChannel socket) {
        if (ways.decrementAndGet() == 0) {
            try {
                socket.close();
            } catch (IOException gone) {
                // It was to go.
            }
        }
    }
}
