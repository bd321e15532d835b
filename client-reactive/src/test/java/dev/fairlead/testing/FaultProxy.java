package dev.fairlead.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Stands between a client and an Engine, and does to their connections what networks and Engines do that are not well. */
public final class FaultProxy implements AutoCloseable {

    /** What is done to a connection. Bytes are those of answers, counted from the connection's beginning. */
    public enum Fault {
        /** Nothing. */
        NONE,
        /** Answers come late, each piece by 50 ms. */
        DELAY,
        /** Answers come in pieces of 16 bytes with a millisecond between them. */
        TRICKLE,
        /** Both sides are closed after some bytes. */
        CUT,
        /** Both sides are closed as soon as something was asked. */
        CUT_AT_ONCE,
        /** The client's side is reset after some bytes. */
        RESET,
        /** Connections are closed as soon as they are made. */
        REFUSE,
        /** Some bytes come, and then none: the Engine has more to say. */
        STALL,
        /** What is asked is read and goes nowhere, and no answer comes. */
        SILENCE,
        /** After some bytes the Engine is gone, and nobody says so: the connection looks as if it were there. */
        HALF_OPEN,
        /** Some bytes are others than the Engine's: the head's first ones. */
        GARBLE_HEAD,
        /** Some bytes are others than the Engine's: later ones. */
        GARBLE_BODY
    }

    private static final Duration DELAY = Duration.ofMillis(50);

    private final ServerSocketChannel server;
    private final UnixDomainSocketAddress engine;
    private final String host;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile Fault fault = Fault.NONE;
    private volatile int bytes;

    private FaultProxy(ServerSocketChannel server, String host, String engine) {
        this.server = server;
        this.host = host;
        this.engine = UnixDomainSocketAddress.of(Path.of(engine.substring("unix://".length())));
        start("fault-proxy", this::accept);
    }

    /** Listens on a port of the loopback interface, for the Engine on this Unix socket. */
    public static FaultProxy tcp(String engine) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        return new FaultProxy(server, "tcp://127.0.0.1:" + server.socket().getLocalPort(), engine);
    }

    /** Listens on a Unix socket, for the Engine on another one. */
    public static FaultProxy unix(Path socket, String engine) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind((SocketAddress) UnixDomainSocketAddress.of(socket), 1024);
        return new FaultProxy(server, "unix://" + socket, engine);
    }

    /** What DOCKER_HOST has to say to reach the Engine through it. */
    public String host() {
        return host;
    }

    /** What is done to connections from now on, also to those that are there; after so many bytes where the fault counts them. */
    public void set(Fault next, int after) {
        bytes = after;
        fault = next;
    }

    /** How many connections of clients are open. */
    public int connections() {
        return links.size();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Link link : links) {
            link.close();
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                if (fault == Fault.REFUSE) {
                    client.close();
                    continue;
                }
                Link link = new Link(client, connected(client, engine));
                links.add(link);
                start("fault-proxy-asked", () -> asked(link));
                start("fault-proxy-answered", () -> answered(link));
            } catch (IOException closed) {
                // Or the Engine is down: the client is told by the end of its connection.
            }
        }
    }

    /** A connection to the Engine, for a client whose own ends where there is none. */
    static SocketChannel connected(SocketChannel client, SocketAddress engine) throws IOException {
        try {
            return SocketChannel.open(engine);
        } catch (IOException none) {
            client.close();
            throw none;
        }
    }

    private void asked(Link link) {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try {
            while (link.client.read(buffer.clear()) >= 0) {
                Fault now = fault;
                if (now == Fault.CUT_AT_ONCE || now == Fault.REFUSE) {
                    link.close();
                    return;
                }
                if (now != Fault.SILENCE && !link.isAbandoned) {
                    write(link.engine, buffer.flip());
                }
            }
            link.close();
        } catch (IOException gone) {
            // Where the Engine is gone and nobody says so, the client may go on writing.
            if (!link.isAbandoned) {
                link.close();
            } else {
                drain(link);
            }
        }
    }

    private static void drain(Link link) {
        try {
            while (link.client.read(ByteBuffer.allocate(1024)) >= 0) {
                // Taken, as by a network that leads nowhere.
            }
        } catch (IOException gone) {
            // That is what it waited for.
        }
        link.close();
    }

    private void answered(Link link) {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        long count = 0;
        try {
            while (link.engine.read(buffer.clear()) >= 0) {
                buffer.flip();
                int length = buffer.remaining();
                if (!passOn(link, buffer, count)) {
                    return;
                }
                count += length;
            }
            link.close();
        } catch (IOException gone) {
            if (!link.isAbandoned) {
                link.close();
            }
        }
    }

    /** Whether anything more is to be passed on. */
    private boolean passOn(Link link, ByteBuffer answer, long count) throws IOException {
        Fault now = fault;
        long left = bytes - count;
        switch (now) {
            case DELAY -> LockSupport.parkNanos(DELAY.toNanos());
            case TRICKLE -> {
                trickle(link, answer);
                return true;
            }
            case CUT, RESET, STALL, HALF_OPEN -> {
                if (left < answer.remaining()) {
                    answer.limit(answer.position() + (int) Math.max(0, left));
                    write(link.client, answer);
                    end(link, now);
                    return false;
                }
            }
            case GARBLE_HEAD -> garble(answer, 0, 12);
            case GARBLE_BODY -> garble(answer, bytes, bytes + 64);
            default -> {
                // As it is.
            }
        }
        write(link.client, answer);
        return true;
    }

    private void end(Link link, Fault how) throws IOException {
        switch (how) {
            case CUT -> link.close();
            case RESET -> {
                if (link.client.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
                    link.client.setOption(StandardSocketOptions.SO_LINGER, 0);
                }
                link.close();
            }
            case HALF_OPEN -> {
                link.isAbandoned = true;
                link.engine.close();
            }
            default -> {
                // The client waits, and the Engine too.
            }
        }
    }

    private void trickle(Link link, ByteBuffer answer) throws IOException {
        int end = answer.limit();
        while (answer.position() < end && fault == Fault.TRICKLE) {
            answer.limit(Math.min(end, answer.position() + 16));
            write(link.client, answer);
            LockSupport.parkNanos(1_000_000);
        }
        write(link.client, answer.limit(end));
    }

    private static void garble(ByteBuffer answer, int from, int to) {
        for (int at = Math.min(from, answer.limit()); at < Math.min(to, answer.limit()); at++) {
            answer.put(at, (byte) (answer.get(at) ^ 0x55));
        }
    }

    private static void write(SocketChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private final class Link {

        private final SocketChannel client;
        private final SocketChannel engine;
        private volatile boolean isAbandoned;

        Link(SocketChannel client, SocketChannel engine) {
            this.client = client;
            this.engine = engine;
        }

        void close() {
            close(client);
            close(engine);
            links.remove(this);
        }

        private void close(@Nullable SocketChannel channel) {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException closed) {
                // It is, then.
            }
        }
    }
}
