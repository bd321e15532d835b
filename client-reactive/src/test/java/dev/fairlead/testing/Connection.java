package dev.fairlead.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * One accepted socket, read and written with a time limit on every wait. The channel never blocks, so that how many
 * bytes the peer's socket took is known to the byte; reading and writing have a selector each and may be done by two
 * threads.
 */
final class Connection implements Closeable {

    /** As for {@link Selector#select(long)}: no limit. */
    static final long FOREVER = 0;

    static final long LIMIT = FakeEngine.LIMIT.toMillis();

    private static final int LONGEST_LINE = 64 * 1024;

    private final SocketChannel socket;
    private final ByteChannel channel;
    private final @Nullable TlsSocket tls;
    private final Selector readable;
    private final Selector writable;
    private final ByteBuffer received = ByteBuffer.allocate(64 * 1024).flip();
    private ByteBuffer unsent = ByteBuffer.allocate(0);

    Connection(SocketChannel socket) throws IOException {
        this(socket, null);
    }

    /** Shakes hands first where there is an engine of TLS. */
    Connection(SocketChannel socket, @Nullable SSLEngine engine) throws IOException {
        this.socket = socket;
        socket.configureBlocking(false);
        tls = engine == null ? null : new TlsSocket(socket, engine);
        channel = tls == null ? socket : tls;
        readable = Selector.open();
        writable = Selector.open();
        socket.register(readable, SelectionKey.OP_READ);
        socket.register(writable, SelectionKey.OP_WRITE);
    }

    /** Waits until there is at least one byte to take; false at the end of what the peer sends. */
    boolean fill(long limitMillis) throws IOException {
        long end = System.nanoTime() + limitMillis * 1_000_000;
        while (!received.hasRemaining()) {
            received.clear();
            int count = channel.read(received);
            received.flip();
            if (count < 0) {
                return false;
            }
            if (count > 0) {
                break;
            }
            // A gate that opens late wakes whoever selects by then: a select that ends early says nothing.
            long left = limitMillis == FOREVER ? FOREVER : Math.max(1, (end - System.nanoTime()) / 1_000_000);
            if (!select(readable, left) && isOver(limitMillis, end)) {
                throw new AssertionError("the client sent nothing for " + Duration.ofMillis(limitMillis));
            }
        }
        return true;
    }

    private static boolean isOver(long limitMillis, long end) {
        return limitMillis != FOREVER && System.nanoTime() >= end;
    }

    /** What has come already, at most so many bytes of it; waits for the first. Empty at the end. */
    byte[] take(int most) throws IOException {
        if (!fill(LIMIT)) {
            return new byte[0];
        }
        byte[] taken = new byte[Math.min(most, received.remaining())];
        received.get(taken);
        return taken;
    }

    /** A line without its end. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (fill(LIMIT)) {
            byte next = received.get();
            if (next == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            }
            line.write(next);
            if (line.size() > LONGEST_LINE) {
                throw new AssertionError("the client sent a line of more than " + LONGEST_LINE + " bytes");
            }
        }
        throw new EOFException("the client closed in the middle of a line: " + line);
    }

    /**
     * Waits until the gate is open, or the peer has closed: then with an {@link EOFException}. Bytes that the peer
     * sends meanwhile are left alone.
     */
    void stall(Gate gate) throws IOException {
        gate.whenOpen(readable::wakeup);
        long end = System.nanoTime() + FakeEngine.LIMIT.toNanos();
        while (!gate.isOpen()) {
            if (!received.hasRemaining()) {
                received.clear();
                int count = channel.read(received);
                received.flip();
                if (count < 0) {
                    throw new EOFException("the client closed while it had to wait");
                }
            }
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("nobody opened the gate within " + FakeEngine.LIMIT);
            }
            select(readable, left);
        }
    }

    /** Drops what comes until the peer's end. Fails when it doesn't come. */
    void awaitEnd(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (fill(Math.max(1, (end - System.nanoTime()) / 1_000_000))) {
                received.position(received.limit());
                if (System.nanoTime() > end) {
                    throw new AssertionError("the client still sends after " + limit);
                }
            }
        } catch (IOException reset) {
            // A reset is an end as well.
        }
    }

    void write(byte[] bytes) throws IOException {
        write(ByteBuffer.wrap(bytes));
    }

    /** Writes all of it, behind what an earlier {@link #offer} left. */
    void write(ByteBuffer bytes) throws IOException {
        write(bytes, FakeEngine.LIMIT);
    }

    /** As {@link #write(ByteBuffer)}, to a client that may take nothing for so long. */
    void write(ByteBuffer bytes, Duration limit) throws IOException {
        while (!offer(bytes)) {
            if (!awaitWritable(limit.toMillis())) {
                throw new AssertionError("the client took nothing for " + limit);
            }
        }
    }

    /** Writes what the socket takes now; true when that was all. Call again with the same buffer for the rest. */
    boolean offer(ByteBuffer bytes) throws IOException {
        if (unsent.hasRemaining()) {
            channel.write(unsent);
            if (unsent.hasRemaining()) {
                return false;
            }
        }
        channel.write(bytes);
        return !bytes.hasRemaining() && (tls == null || tls.isFlushed());
    }

    /** The rest of a buffer that was only partly taken: goes out before anything else. */
    void leave(ByteBuffer rest) {
        unsent = rest;
    }

    boolean awaitWritable(long limitMillis) throws IOException {
        return select(writable, limitMillis);
    }

    void endOutput() throws IOException {
        if (tls == null) {
            socket.shutdownOutput();
        } else {
            tls.endOutput();
        }
    }

    /** Closes so that the peer gets a reset, where the socket knows such a thing (TCP). */
    void reset() throws IOException {
        if (socket.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        cut();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** As Go does it: with close_notify, where TLS is spoken. */
    @Override
    public void close() throws IOException {
        if (tls != null && socket.isOpen()) {
            try {
                tls.endOutput();
            } catch (IOException gone) {
                // Then nobody is left to be told.
            }
        }
        cut();
    }

    /** Closes without a word, as the kernel does for a process that was killed. */
    void cut() throws IOException {
        socket.close();
        // The socket is let go only when no selector holds it any more.
        readable.close();
        writable.close();
    }

    private static boolean select(Selector selector, long limitMillis) throws IOException {
        try {
            int ready = selector.select(limitMillis);
            selector.selectedKeys().clear();
            return ready > 0;
        } catch (ClosedSelectorException closed) {
            ClosedChannelException cause = new ClosedChannelException();
            cause.initCause(closed);
            throw cause;
        }
    }

    /** The body of a request, without its framing. */
    static final class Body {

        private final Connection connection;
        private final boolean chunked;
        private long left;
        private boolean complete;

        Body(Connection connection, Request request) {
            this.connection = connection;
            this.chunked = request.header("Transfer-Encoding")
                    .filter("chunked"::equalsIgnoreCase)
                    .isPresent();
            this.left = chunked
                    ? 0
                    : request.header("Content-Length").map(Long::parseLong).orElse(0L);
            this.complete = !chunked && left == 0;
        }

        boolean isComplete() {
            return complete;
        }

        /** The next bytes, empty at the end of the body. */
        byte[] next(int most) throws IOException {
            if (!complete && chunked && left == 0) {
                String size = connection.line();
                left = Long.parseLong(size.split(";", 2)[0].strip(), 16);
                if (left == 0) {
                    while (!connection.line().isEmpty()) {
                        // A trailer: nothing that Docker speaks has one.
                    }
                    complete = true;
                }
            }
            if (complete) {
                return new byte[0];
            }
            byte[] bytes = connection.take((int) Math.min(Math.min(most, left), Integer.MAX_VALUE));
            if (bytes.length == 0) {
                throw new EOFException("the client closed in the middle of a body");
            }
            left -= bytes.length;
            if (left == 0) {
                complete = !chunked;
                if (chunked && !connection.line().isEmpty()) {
                    throw new IOException("a chunk is longer than it says");
                }
            }
            return bytes;
        }

        /** Reads up to so many bytes more; whether that was the end. */
        boolean drain(long most, Request request) throws IOException {
            long taken = 0;
            while (taken < most) {
                byte[] bytes = next(64 * 1024);
                if (bytes.length == 0) {
                    return true;
                }
                request.append(Arrays.copyOf(bytes, bytes.length));
                taken += bytes.length;
            }
            return complete;
        }
    }
}
