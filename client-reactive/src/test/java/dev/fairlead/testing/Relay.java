package dev.fairlead.testing;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Stands between a client and an Engine as a proxy does: it is told first where it is to lead, and passes the end of each direction on. */
public final class Relay implements AutoCloseable {

    /** Where to, and what is said there first in place of what was read of the client. */
    public record Way(SocketAddress target, String first) {}

    /** Talks to a client until it is known where that is to be led; null where it is led nowhere. */
    @FunctionalInterface
    public interface Greeting {
        @Nullable
        Way greet(SocketChannel client) throws IOException;
    }

    private final ServerSocketChannel server;
    private final Greeting greeting;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    /** Listens at a free port of this address. */
    public Relay(String address, Greeting greeting) throws IOException {
        this.greeting = greeting;
        this.server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getByName(address), 0), 1024);
        start("relay", this::accept);
    }

    /** What leads to an Engine without a word. */
    public static Relay to(String address, String engine) throws IOException {
        return new Relay(address, client -> new Way(address(engine), ""));
    }

    /** A proxy of HTTP that does CONNECT; with what it wants in Proxy-Authorization, or null. What it is asked for is added to the list. */
    public static Relay connect(@Nullable String authorization, List<String> asked) throws IOException {
        return new Relay("127.0.0.1", client -> {
            String head = head(client);
            String[] words = head.split(" ", 3);
            asked.add(words[1]);
            if (authorization != null && !head.contains("\r\nProxy-Authorization: " + authorization + "\r\n")) {
                write(client, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
                return null;
            }
            write(client, "HTTP/1.1 200 Connection established\r\nVia: relay\r\n\r\n");
            int colon = words[1].lastIndexOf(':');
            String name = words[1].substring(0, colon).replaceAll("[\\[\\]]", "");
            return new Way(new InetSocketAddress(name, Integer.parseInt(words[1].substring(colon + 1))), "");
        });
    }

    /** A proxy of SOCKS 5 that wants this user and password. What it is asked for is added to the list. */
    public static Relay socks(String user, String password, List<String> asked) throws IOException {
        return new Relay("127.0.0.1", client -> {
            bytes(client, 1);
            bytes(client, bytes(client, 1)[0]);
            write(client, "\5\2");
            bytes(client, 1);
            String given = text(client) + ":" + text(client);
            write(client, given.equals(user + ":" + password) ? "\1\0" : "\1\1");
            byte[] wanted = bytes(client, 4);
            String name = wanted[3] == 3
                    ? text(client)
                    : InetAddress.getByAddress(bytes(client, wanted[3] == 1 ? 4 : 16))
                            .getHostAddress();
            int port = ByteBuffer.wrap(bytes(client, 2)).getShort() & 0xFFFF;
            asked.add(name + ":" + port);
            write(client, "\5\0\0\1\0\0\0\0\0\0");
            return new Way(new InetSocketAddress(name, port), "");
        });
    }

    /** A server with an Engine below a path: it takes that away, and refuses what does not begin with it. One request a connection. */
    public static Relay below(String path, String engine, List<String> asked) throws IOException {
        return new Relay("127.0.0.1", client -> {
            String head = head(client);
            String[] words = head.split(" ", 3);
            asked.add(words[0] + " " + words[1]);
            if (!words[1].startsWith(path + "/")) {
                write(client, "HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\n\r\nnot me\n");
                return null;
            }
            String rest = words[0] + " " + words[1].substring(path.length()) + " " + words[2];
            if (!rest.toLowerCase(Locale.ROOT).contains("\r\nupgrade:")) {
                rest = rest.substring(0, rest.length() - 2) + "Connection: close\r\n\r\n";
            }
            return new Way(address(engine), rest);
        });
    }

    /** Where a host is that is named as DOCKER_HOST names it. */
    public static SocketAddress address(String host) {
        if (host.startsWith("unix://")) {
            return UnixDomainSocketAddress.of(host.substring("unix://".length()));
        }
        int colon = host.lastIndexOf(':');
        return new InetSocketAddress(
                host.substring("tcp://".length(), colon), Integer.parseInt(host.substring(colon + 1)));
    }

    /** A head of HTTP, with the empty line after it. */
    public static String head(SocketChannel client) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) (bytes(client, 1)[0] & 0xFF));
        }
        return head.toString();
    }

    private static String text(SocketChannel client) throws IOException {
        return new String(bytes(client, bytes(client, 1)[0] & 0xFF), StandardCharsets.UTF_8);
    }

    /** Exactly so many bytes. */
    public static byte[] bytes(SocketChannel client, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (client.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        return buffer.array();
    }

    public static void write(SocketChannel to, String text) throws IOException {
        write(to, ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static void write(SocketChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    public int port() {
        return server.socket().getLocalPort();
    }

    /** How many connections were made to it. */
    public int accepted() {
        return accepted.get();
    }

    /** How many connections there are. */
    public int open() {
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
                Link link = new Link(server.accept());
                accepted.incrementAndGet();
                links.add(link);
                start("relay-in", () -> lead(link));
            } catch (IOException closed) {
                // That ends it.
            }
        }
    }

    private void lead(Link link) {
        try (link) {
            Way way = greeting.greet(link.client);
            if (way == null) {
                // Until the client has gone: a close before it read everything would be a reset.
                link.client.shutdownOutput();
                ByteBuffer ignored = ByteBuffer.allocate(1024);
                while (link.client.read(ignored.clear()) >= 0) {}
                return;
            }
            SocketChannel engine = SocketChannel.open(way.target);
            link.engine = engine;
            write(engine, way.first);
            Thread back = start("relay-out", () -> copy(link, engine, link.client));
            copy(link, link.client, engine);
            back.join();
        } catch (IOException gone) {
            // The client is told by the end of its connection.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            links.remove(link);
        }
    }

    private static void copy(Link link, SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try {
            while (from.read(buffer.clear()) >= 0) {
                write(to, buffer.flip());
            }
            to.shutdownOutput();
        } catch (IOException cut) {
            link.close();
        }
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static final class Link implements Closeable {
        private final SocketChannel client;
        private volatile @Nullable SocketChannel engine;

        Link(SocketChannel client) {
            this.client = client;
        }

        @Override
        public void close() {
            closeQuietly(client);
            closeQuietly(engine);
        }

        private static void closeQuietly(@Nullable SocketChannel channel) {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException gone) {
                // It is closed all the same.
            }
        }
    }
}
