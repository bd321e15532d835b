package dev.fairlead.testing;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** The server's side of TLS on a channel that does not block, half-closes included as Go has them. Two threads may use it. */
final class TlsSocket implements ByteChannel {

    private final SocketChannel socket;
    private final SSLEngine engine;
    private final Object reads = new Object();
    private final Object writes = new Object();
    private final ByteBuffer encrypted;
    private ByteBuffer plain;
    private final ByteBuffer unsent;
    private boolean socketEnded;

    /** Shakes hands. */
    TlsSocket(SocketChannel socket, SSLEngine engine) throws IOException {
        this.socket = socket;
        this.engine = engine;
        engine.setUseClientMode(false);
        int packet = engine.getSession().getPacketBufferSize();
        encrypted = ByteBuffer.allocate(4 * packet);
        unsent = ByteBuffer.allocate(2 * packet).flip();
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize())
                .flip();
        try (Selector ready = Selector.open()) {
            SelectionKey key = socket.register(ready, SelectionKey.OP_READ);
            shakeHands(ready, key);
        } catch (SSLException refused) {
            sayWhy();
            throw refused;
        }
    }

    private void shakeHands(Selector ready, SelectionKey key) throws IOException {
        engine.beginHandshake();
        long end = System.nanoTime() + FakeEngine.LIMIT.toNanos();
        while (isShaking()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no handshake within " + FakeEngine.LIMIT);
            }
            if (!advance()) {
                key.interestOps(unsent.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
                ready.select(100);
                ready.selectedKeys().clear();
            }
        }
        while (!flush()) {
            key.interestOps(SelectionKey.OP_WRITE);
            ready.select(100);
            ready.selectedKeys().clear();
        }
    }

    /** The alert that names the reason; what the client has sent meanwhile is read, or the kernel would throw the alert away. */
    private void sayWhy() throws IOException {
        try {
            if (flush()) {
                wrap(ByteBuffer.allocate(0));
                flush();
            }
        } finally {
            socket.shutdownOutput();
            socket.configureBlocking(true);
            socket.socket().setSoTimeout((int) FakeEngine.LIMIT.toMillis());
            var unused = socket.socket().getInputStream().readAllBytes();
        }
    }

    private boolean isShaking() {
        return engine.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING
                && engine.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.FINISHED;
    }

    /** One step of the handshake; false when the socket has to be waited for. */
    private boolean advance() throws IOException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                Runnable task = engine.getDelegatedTask();
                while (task != null) {
                    task.run();
                    task = engine.getDelegatedTask();
                }
                return true;
            }
            case NEED_WRAP -> {
                if (!flush()) {
                    return false;
                }
                wrap(ByteBuffer.allocate(0));
                return flush();
            }
            default -> {
                flush();
                int before = plain.remaining();
                boolean moved = unwrap();
                if (socketEnded && !moved) {
                    throw new EOFException("the client closed during the handshake");
                }
                return moved || plain.remaining() != before;
            }
        }
    }

    private int wrap(ByteBuffer bytes) throws IOException {
        unsent.clear();
        try {
            return engine.wrap(bytes, unsent).bytesConsumed();
        } finally {
            unsent.flip();
        }
    }

    private boolean flush() throws IOException {
        while (unsent.hasRemaining()) {
            if (socket.write(unsent) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Reads from the socket and decrypts what is whole; false when nothing came of it. */
    private boolean unwrap() throws IOException {
        int read = socketEnded ? -1 : socket.read(encrypted);
        socketEnded |= read < 0;
        encrypted.flip();
        plain.compact();
        SSLEngineResult result;
        try {
            result = engine.unwrap(encrypted, plain);
        } finally {
            plain.flip();
            encrypted.compact();
        }
        return result.bytesConsumed() > 0;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        synchronized (reads) {
            while (!plain.hasRemaining()) {
                if (engine.isInboundDone()) {
                    return -1;
                }
                if (!unwrap()) {
                    return socketEnded ? -1 : 0;
                }
            }
            int count = Math.min(into.remaining(), plain.remaining());
            into.put(plain.slice(plain.position(), count));
            plain.position(plain.position() + count);
            return count;
        }
    }

    /** What it takes may be ahead of the socket by one record. */
    @Override
    public int write(ByteBuffer bytes) throws IOException {
        synchronized (writes) {
            int taken = 0;
            while (bytes.hasRemaining() && flush()) {
                taken += wrap(bytes);
            }
            flush();
            return taken;
        }
    }

    /** Whether all that was taken is with the socket. */
    boolean isFlushed() throws IOException {
        synchronized (writes) {
            return flush();
        }
    }

    /** Sends close_notify, and goes on reading. */
    void endOutput() throws IOException {
        synchronized (writes) {
            engine.closeOutbound();
            if (flush()) {
                wrap(ByteBuffer.allocate(0));
                flush();
            }
        }
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
