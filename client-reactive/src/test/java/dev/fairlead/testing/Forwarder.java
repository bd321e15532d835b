package dev.fairlead.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and an Engine, and cuts their connections when it is told to. */
public final class Forwarder implements AutoCloseable {

    private final ServerSocketChannel server;
    private final UnixDomainSocketAddress engine;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing;

    /** @param host of the Engine, on a Unix socket */
    public Forwarder(String host) throws IOException {
        this.engine = UnixDomainSocketAddress.of(Path.of(host.substring("unix://".length())));
        this.server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        start("forwarder", this::accept);
    }

    /** What DOCKER_HOST has to say to reach the Engine through it. */
    public String host() {
        return "tcp://127.0.0.1:" + server.socket().getLocalPort();
    }

    /** Cuts all connections. */
    public void cut() throws IOException {
        for (Link link : links) {
            link.close();
        }
    }

    /** Whether connections are cut as soon as they are made. */
    public void refuse(boolean all) {
        refusing = all;
    }

    /** How many connections there are. */
    public int connections() {
        return links.size();
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                if (refusing) {
                    client.close();
                } else {
                    Link link = new Link(client, SocketChannel.open(engine));
                    links.add(link);
                    start("forwarder-in", () -> forward(link, link.client(), link.engine()));
                    start("forwarder-out", () -> forward(link, link.engine(), link.client()));
                }
            } catch (IOException closed) {
                // Or the Engine is down: the client is told by the end of its connection.
            }
        }
    }

    private void forward(Link link, SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try (link) {
            while (from.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
        } catch (IOException cut) {
            // Both sides end with the link.
        } finally {
            links.remove(link);
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private record Link(SocketChannel client, SocketChannel engine) implements Closeable {
        @Override
        public void close() throws IOException {
            client.close();
            engine.close();
        }
    }
}
