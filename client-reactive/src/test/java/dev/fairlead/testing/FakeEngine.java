package dev.fairlead.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A scripted server on a real socket, for faults and loads that an Engine can't produce.
 *
 * <p>Answers {@code /_ping}; everything else is {@linkplain #on scripted}, or 404. A handler that fails, by an assertion
 * or otherwise, fails the test when the engine is closed; only its {@link IOException}s are taken as the client's
 * closing. Every wait has a {@linkplain #LIMIT limit}.
 */
public final class FakeEngine implements AutoCloseable {

    /** Whoever waits longer fails. */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    /** As Go's server: what a handler left of a body is read up to here, then the connection is closed. */
    private static final long LEFT_OVER = 256 * 1024;

    private static final Map<String, String> NO_SUCH_PAGE =
            Map.of("Content-Type", "application/json", "Api-Version", "");

    /** What is done about a request. */
    @FunctionalInterface
    public interface Handler {
        void handle(Exchange exchange) throws Exception;
    }

    private record Route(String method, Pattern path, boolean wholeBody, Handler handler) {}

    private final ServerSocketChannel server;
    private final @Nullable Path socket;
    private final @Nullable Supplier<SSLEngine> tls;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Route> routes = new ArrayList<>();
    private final List<Request> requests = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final Set<Connection> open = new HashSet<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Thread acceptor;
    private int accepted;
    private volatile String apiVersion = "1.51";

    private FakeEngine(ServerSocketChannel server, SocketAddress address, @Nullable Path socket) throws IOException {
        this(server, address, socket, null, engine -> {});
    }

    private FakeEngine(
            ServerSocketChannel server,
            SocketAddress address,
            @Nullable Path socket,
            @Nullable Supplier<SSLEngine> tls,
            Consumer<FakeEngine> script)
            throws IOException {
        this.tls = tls;
        this.server = server;
        this.socket = socket;
        server.bind(address, 4096);
        on("GET", "/_ping", exchange -> exchange.answer(200, Map.of("Content-Type", "text/plain"), "OK"));
        on("HEAD", "/_ping", exchange -> exchange.answer(200, Map.of("Content-Type", "text/plain"), ""));
        script.accept(this);
        acceptor = start("fake-engine-accept", this::accept);
    }

    /** Listens on this socket; a file that is there already is replaced, as when an Engine starts again. */
    public static FakeEngine unix(Path socket) throws IOException {
        Files.deleteIfExists(socket);
        return new FakeEngine(
                ServerSocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(socket), socket);
    }

    /** Listens on a free port of the loopback interface. */
    public static FakeEngine tcp() throws IOException {
        return tcp(0);
    }

    /** Listens on this port of the loopback interface, as when an Engine starts again. */
    public static FakeEngine tcp(int port) throws IOException {
        return tcp(port, engine -> {});
    }

    /** As {@link #tcp(int)}, for clients that are asking already: the script is there before the first of them is answered. */
    public static FakeEngine tcp(int port, Consumer<FakeEngine> script) throws IOException {
        return new FakeEngine(
                ServerSocketChannel.open(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                null,
                null,
                script);
    }

    /** Listens on a free port of the loopback interface and speaks TLS there, each connection with an engine of its own. */
    public static FakeEngine tls(Supplier<SSLEngine> engines) throws IOException {
        return tls(0, engines);
    }

    /** As {@link #tls(Supplier)}, on this port. */
    public static FakeEngine tls(int port, Supplier<SSLEngine> engines) throws IOException {
        return new FakeEngine(
                ServerSocketChannel.open(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                null,
                engines,
                engine -> {});
    }

    /** What DOCKER_HOST has to say to reach it. */
    public String host() {
        return socket != null ? "unix://" + socket : (tls == null ? "tcp" : "https") + "://127.0.0.1:" + port();
    }

    /** The port, of a {@link #tcp} engine. */
    public int port() {
        return server.socket().getLocalPort();
    }

    public String apiVersion() {
        return apiVersion;
    }

    /** The version in the {@code Api-Version} header of every answer. */
    public FakeEngine apiVersion(String version) {
        apiVersion = version;
        return this;
    }

    /**
     * Scripts a route; the handler runs when the body of the request has come. The path is matched without its
     * version, {@code *} stands for one segment and {@code **} for several. The last route that matches counts.
     */
    public FakeEngine on(String method, String path, Handler handler) {
        return route(method, path, true, handler);
    }

    /** As {@link #on}, but the handler runs when the head has come, and reads the body itself if it wants to. */
    public FakeEngine onHead(String method, String path, Handler handler) {
        return route(method, path, false, handler);
    }

    /** All requests until now, in the order in which their heads came. */
    public List<Request> requests() {
        return locked(() -> List.copyOf(requests));
    }

    /** Those of one method and path, the path as in {@link #on}. */
    public List<Request> requests(String method, String path) {
        Pattern pattern = pattern(path);
        return requests().stream()
                .filter(request -> request.method().equals(method)
                        && pattern.matcher(request.path()).matches())
                .toList();
    }

    /** How many connections were accepted, ever. */
    public int connections() {
        return locked(() -> accepted);
    }

    /** How many are open: neither side has closed. */
    public int openConnections() {
        return locked(open::size);
    }

    public void awaitOpenConnections(int count, Duration limit) throws InterruptedException {
        await(limit, () -> open.size() == count, () -> open.size() + " open connections instead of " + count);
    }

    public void awaitRequests(int count, Duration limit) throws InterruptedException {
        await(limit, () -> requests.size() >= count, () -> requests.size() + " requests instead of " + count);
    }

    /** Stops, as an Engine that dies: cuts all connections and lets go of the address. */
    public void stop() throws IOException {
        server.close();
        if (socket != null) {
            Files.deleteIfExists(socket);
        }
        join(acceptor);
        for (Connection connection : locked(() -> List.copyOf(open))) {
            connection.close();
        }
        for (Thread thread : locked(() -> List.copyOf(threads))) {
            thread.interrupt();
            join(thread);
        }
    }

    /** {@linkplain #stop Stops}, and fails when a handler failed. */
    @Override
    public void close() throws IOException {
        stop();
        List<Throwable> failed = locked(() -> List.copyOf(failures));
        if (!failed.isEmpty()) {
            AssertionError failure = new AssertionError("a handler failed: " + failed.get(0), failed.get(0));
            failed.stream().skip(1).forEach(failure::addSuppressed);
            throw failure;
        }
    }

    private FakeEngine route(String method, String path, boolean wholeBody, Handler handler) {
        return locked(() -> {
            routes.add(0, new Route(method, pattern(path), wholeBody, handler));
            return this;
        });
    }

    private static Pattern pattern(String path) {
        String expression = ("\\Q" + path + "\\E").replace("**", "\\E.+\\Q").replace("*", "\\E[^/]+\\Q");
        return Pattern.compile(expression);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                if (tls == null) {
                    Connection connection = opened(new Connection(channel));
                    serveAside(() -> serve(connection));
                } else {
                    SSLEngine engine = tls.get();
                    serveAside(() -> shakeHands(channel, engine));
                }
            } catch (IOException stopped) {
                if (server.isOpen()) {
                    failed(stopped);
                }
            }
        }
    }

    private Connection opened(Connection connection) {
        return locked(() -> {
            accepted++;
            open.add(connection);
            changed.signalAll();
            return connection;
        });
    }

    private void serveAside(Runnable work) {
        Thread thread = start("fake-engine-" + connections(), work);
        locked(() -> threads.add(thread));
    }

    private void shakeHands(SocketChannel channel, SSLEngine engine) {
        try {
            serve(opened(new Connection(channel, engine)));
        } catch (IOException refused) {
            // One side does not trust the other: tests look at what the client says.
            try {
                channel.close();
            } catch (IOException closed) {
                failed(closed);
            }
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    private void serve(Connection connection) {
        try (connection) {
            while (connection.isOpen() && connection.fill(Connection.FOREVER) && exchange(connection)) {
                // The next one.
            }
        } catch (IOException clientIsGone) {
            // Also what becomes of a connection that the handler or close() cut.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (Throwable failure) {
            failed(failure);
        } finally {
            locked(() -> {
                changed.signalAll();
                return open.remove(connection);
            });
        }
    }

    private boolean exchange(Connection connection) throws Exception {
        Request request = Request.read(connection);
        Connection.Body body = new Connection.Body(connection, request);
        Route route = locked(() -> {
            requests.add(request);
            changed.signalAll();
            return routes.stream()
                    .filter(candidate -> candidate.method().equals(request.method())
                            && candidate.path().matcher(request.path()).matches())
                    .findFirst()
                    .orElse(null);
        });
        if (route == null || route.wholeBody()) {
            body.drain(Long.MAX_VALUE, request);
        }
        Exchange exchange = new Exchange(this, connection, request, body);
        if (route == null) {
            exchange.answer(404, NO_SUCH_PAGE, "{\"message\":\"page not found\"}");
        } else {
            route.handler().handle(exchange);
        }
        return connection.isOpen()
                && exchange.endsCleanly()
                && body.drain(LEFT_OVER, request)
                && request.header("Connection")
                        .filter("close"::equalsIgnoreCase)
                        .isEmpty();
    }

    private void failed(Throwable failure) {
        locked(() -> failures.add(failure));
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void join(Thread thread) {
        try {
            thread.join(LIMIT.toMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(Duration limit, BooleanSupplier condition, Supplier<String> otherwise)
            throws InterruptedException {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    throw new AssertionError(otherwise.get() + " after " + limit);
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private <T extends @Nullable Object> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
