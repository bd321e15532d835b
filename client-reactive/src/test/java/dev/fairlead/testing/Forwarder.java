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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Stands between a client and an Engine, and cuts their connections when it is told to. */
public final class Forwarder implements AutoCloseable {

    private final ServerSocketChannel server;
    private volatile UnixDomainSocketAddress engine;
    private volatile LongSupplier lives = () -> Long.MAX_VALUE;
    private final AtomicInteger spent = new AtomicInteger();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing;

    /** @param host of the Engine, on a Unix socket */
    public Forwarder(String host) throws IOException {
        this.engine = address(host);
        this.server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        start("forwarder", this::accept);
    }

    /** What DOCKER_HOST has to say to reach the Engine through it. */
    public String host() {
        return "tcp://127.0.0.1:" + server.socket().getLocalPort();
    }

    private static UnixDomainSocketAddress address(String host) {
        return UnixDomainSocketAddress.of(Path.of(host.substring("unix://".length())));
    }

    /** Leads to this Engine from now on, as when another one took the place of the first; connections that are there stay. */
    public void leadTo(String host) {
        engine = address(host);
    }

    /** Each connection from now on ends after so many bytes, counted both ways together; they need not be whole messages. */
    public void endAfter(LongSupplier bytes) {
        lives = bytes;
    }

    /** How many connections have ended by that. */
    public int endedEarly() {
        return spent.get();
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
                    Link link =
                            new Link(client, FaultProxy.connected(client, engine), new AtomicLong(lives.getAsLong()));
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
                long left = link.left().getAndAdd(-buffer.remaining());
                boolean last = left < buffer.remaining();
                buffer.limit((int) Math.min(buffer.limit(), Math.max(0, left)));
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                if (last) {
                    spent.incrementAndGet();
                    return;
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

    private record Link(SocketChannel client, SocketChannel engine, AtomicLong left) implements Closeable {
        @Override
        public void close() throws IOException {
            client.close();
            engine.close();
        }
    }
}
