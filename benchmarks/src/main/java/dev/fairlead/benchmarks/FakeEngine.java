package dev.fairlead.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An Engine that has computed its answers beforehand and spends as little as it can, so that what is measured is the client. One
 * thread; what it knows is in {@link Routes}.
 */
final class FakeEngine implements AutoCloseable {

    /** A stream each, all opened at once: more than may wait by default. */
    private static final int BACKLOG = 4096;

    private static final int READ = 256 * 1024;

    private final Selector selector;
    private final ServerSocketChannel server;
    private final Routes routes;
    private final Thread thread;
    private final AtomicInteger connections = new AtomicInteger();
    private final ByteBuffer input = ByteBuffer.allocateDirect(READ);

    private FakeEngine(Path socket) throws IOException {
        this.routes = new Routes();
        this.selector = Selector.open();
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
        server.configureBlocking(false);
        var unused = server.register(selector, SelectionKey.OP_ACCEPT);
        this.thread = new Thread(this::serve, "fake-engine");
    }

    /** Listens on a socket that is not there yet. */
    static FakeEngine start(Path socket) throws IOException {
        FakeEngine engine = new FakeEngine(socket);
        engine.thread.setDaemon(true);
        engine.thread.start();
        return engine;
    }

    /** In a process of its own: the socket; ends when its standard input does. */
    public static void main(String[] arguments) throws IOException {
        Path socket = Path.of(arguments[0]);
        try (FakeEngine engine = start(socket)) {
            System.out.println("ready at " + engine.server.getLocalAddress());
            while (System.in.read() >= 0) {
                // Only the end is of interest.
            }
        }
        Files.deleteIfExists(socket);
    }

    private void serve() {
        try {
            while (server.isOpen()) {
                selector.select(this::handle);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void handle(SelectionKey key) {
        try {
            if (key.attachment() instanceof FakePeer peer) {
                serve(key, peer);
            } else {
                accept();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void serve(SelectionKey key, FakePeer peer) throws IOException {
        try {
            peer.ready(key);
        } catch (IOException gone) {
            // Clients may close in the middle of anything.
            key.channel().close();
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = server.accept();
        while (channel != null) {
            channel.configureBlocking(false);
            connections.getAndIncrement();
            var unused = channel.register(selector, SelectionKey.OP_READ, new FakePeer(channel, routes, input));
            channel = server.accept();
        }
    }

    /** How many requests came so far. */
    int requests() {
        return routes.requests();
    }

    /** How many connections there are or were. */
    int connections() {
        return connections.get();
    }

    /** How many bytes of bodies came so far. */
    long bodies() {
        return routes.bodies();
    }

    @Override
    public void close() throws IOException {
        server.close();
        selector.wakeup();
    }
}
