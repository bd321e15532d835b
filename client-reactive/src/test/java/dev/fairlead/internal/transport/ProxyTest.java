package dev.fairlead.internal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.proxy.ProxyAddress;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Hijacked;
import dev.fairlead.testing.Relay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** An Engine behind a proxy, and proxies that do not lead to one. */
class ProxyTest extends TransportFixture {

    private static final String USER = "me:geheim";
    private static final String BASIC = "Basic bWU6Z2VoZWlt";

    private static ConnectionSettings through(String proxy, ConnectionSettings from) {
        return new ConnectionSettings(
                from.host(),
                from.loops(),
                from.nativeTransport(),
                from.connectTimeout(),
                from.responseTimeout(),
                from.maxConnections(),
                from.maxPending(),
                from.acquireTimeout(),
                from.maxIdle(),
                from.maxStreams(),
                from.tls(),
                ProxyAddress.parse(proxy),
                null);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"TCP_EPOLL", "TCP_JDK", "TLS_EPOLL", "TLS_JDK"})
    void callsAndSessionsGoThroughConnect(Kind kind) throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Relay relay = Relay.connect(BASIC, asked)) {
            goesThrough(kind, "http://" + USER + "@127.0.0.1:" + relay.port());
        }
        assertThat(asked).hasSize(2).containsOnly("127.0.0.1:" + engine(kind).port());
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"TCP_EPOLL", "TCP_JDK", "TLS_EPOLL", "TLS_JDK"})
    void callsAndSessionsGoThroughSocks(Kind kind) throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Relay relay = Relay.socks("me", "geheim", asked)) {
            goesThrough(kind, "socks5://" + USER + "@127.0.0.1:" + relay.port());
        }
        assertThat(asked).hasSize(2).containsOnly("127.0.0.1:" + engine(kind).port());
    }

    private void goesThrough(Kind kind, String proxy) throws Exception {
        FakeEngine engine = engine(kind).on("POST", "/attach", exchange -> {
            Hijacked hijacked = exchange.hijack("application/vnd.docker.raw-stream");
            hijacked.write(new String(hijacked.readToEnd(), UTF_8) + " and back")
                    .close();
        });
        Transport transport = transport(kind, settings -> through(proxy, settings));
        assertThat(text(await(transport.call(get("/_ping"))))).isEqualTo("OK");
        assertThat(text(await(transport.call(get("/_ping"))))).isEqualTo("OK");
        LiveAnswer live = open(transport, hijack("/attach"));
        live.write(Mono.just(bytes("there"))).block(LIMIT);
        live.closeOutput().block(LIMIT);
        assertThat(rest(live)).isEqualTo("there and back");
        assertThat(engine.requests())
                .allMatch(request -> request.header("Proxy-Authorization").isEmpty());
        assertThat(engine.requests().get(0).header("Host")).hasValue("127.0.0.1:" + engine.port());
    }

    @Test
    void namesAreThereForTheProxyToLookUp() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        for (String host : List.of("tcp://no-such-host.invalid:2375", "tcp://[2001:db8::1%25lo]:99")) {
            Relay.Greeting connect = client -> {
                asked.add(Relay.head(client).split(" ", 3)[1]);
                Relay.write(client, "HTTP/1.1 502 Bad Gateway\r\n\r\n");
                return null;
            };
            try (Relay relay = new Relay("127.0.0.1", connect)) {
                fails(
                        "http://127.0.0.1:" + relay.port(),
                        host,
                        "502 Bad Gateway",
                        "is that running, and its name known");
            }
        }
        assertThat(asked).contains("no-such-host.invalid:2375", "[2001:db8::1]:99");
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of("http://", "", "it closed the connection", ""),
                Arguments.of("http://", "HTTP/1.1 200 OK\r\nVia: ", "it closed the connection", ""),
                Arguments.of(
                        "http://",
                        "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
                        "it answered 407 Proxy Authentication Required",
                        "it wants a user and a password"),
                Arguments.of(
                        "http://" + USER + "@",
                        "HTTP/1.1 407 No\r\n\r\n",
                        "it answered 407 No",
                        "does not take this user and password"),
                Arguments.of("http://", "HTTP/1.0 403 \u0007\r\n\r\n", "it answered 403 ?", "to some ports only"),
                Arguments.of("http://", "HTTP/1.1 503\r\n\r\n", "it answered 503", "can't reach the Engine"),
                Arguments.of("http://", "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", "it answered 302 Found", ""),
                Arguments.of(
                        "http://", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Oh\r\n\r\n", "it answered 500 Oh", ""),
                Arguments.of("http://", "SSH-2.0-OpenSSH\r\n", "its answer is not HTTP", "SOCKS or TLS"),
                Arguments.of("http://", "HTTP/2 200\r\n\r\n", "its answer is not HTTP", ""),
                Arguments.of("http://", "\r\n\r\n", "its answer is not HTTP", ""),
                Arguments.of("http://", "\5\0", "it closed the connection", ""),
                Arguments.of("http://", "HTTP/1.1 200 " + "x".repeat(20_000), "a head of more than 16384 bytes", ""),
                Arguments.of("socks5://", "", "it closed the connection", ""),
                Arguments.of("socks5://", "HTTP/1.1 400 Bad\r\n\r\n", "its answer is not SOCKS 5", "an http:// proxy"),
                Arguments.of("socks5://", "\4\0", "its answer is not SOCKS 5", ""),
                Arguments.of("socks5://", "\5\u00FF", "no way to let this client in", "want a user"),
                Arguments.of("socks5://", "\5\2", "no way to let this client in", "want a user"),
                Arguments.of("socks5://" + USER + "@", "\5\2\1\1", "does not take this user and password", ""),
                Arguments.of("socks5://" + USER + "@", "\5\2\5\0", "its answer is not SOCKS 5", ""),
                Arguments.of("socks5://", "\5\0\5\2\0", "its rules do not allow it", ""),
                Arguments.of("socks5://", "\5\0\5\4\0", "it can't reach the host", "is the Engine running"),
                Arguments.of("socks5://", "\5\0\5\5", "the connection was refused there", "is the Engine running"),
                Arguments.of("socks5://", "\5\0\5c", "it answered 99", ""),
                Arguments.of("socks5://", "\5\0\5\0\0\7\0", "its answer is not SOCKS 5", ""),
                Arguments.of("socks5://", "\5\0\5\0\0\1\0\0\0", "it closed the connection", ""));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void whatAProxySaysInPlaceOfLeadingIsTold(String proxy, String said, String sentence, String hint)
            throws Exception {
        Relay.Greeting greeting = client -> {
            Relay.bytes(client, 3);
            Relay.write(client, said);
            return null;
        };
        try (Relay relay = new Relay("127.0.0.1", greeting)) {
            fails(proxy + "127.0.0.1:" + relay.port(), "tcp://engine:2375", sentence, hint);
            fails(proxy + "127.0.0.1:" + relay.port(), "https://engine", sentence, hint);
        }
    }

    private void fails(String proxy, String host, String sentence, String hint) {
        ConnectionSettings settings = Kind.TCP_EPOLL.settings(DockerHost.parse(host));
        Transport transport = transport(through(proxy, settings));
        for (Mono<?> call : new Mono<?>[] {transport.call(get("/_ping")), transport.open(get("/_ping"))}) {
            StepVerifier.create(call)
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(ConnectionFailed.class)
                            .hasMessageContaining("the proxy " + ProxyAddress.parse(proxy))
                            .hasMessageContaining(sentence)
                            .hasMessageContaining(hint)
                            .hasMessageContaining(DockerHost.parse(host).toString())
                            .hasMessageNotContaining("geheim")
                            .hasMessageNotContaining(BASIC))
                    .verify(LIMIT);
        }
    }

    @ParameterizedTest
    @CsvSource({"http", "socks5"})
    void aProxyThatIsNotThereIsNamed(String scheme) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        fails(scheme + "://" + USER + "@127.0.0.1:" + port, "tcp://engine:2375", "refused", "NO_PROXY");
    }

    @ParameterizedTest
    @CsvSource({"http", "socks5"})
    void aSilentProxyHasAsLongAsAConnection(String scheme) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Relay relay = new Relay("127.0.0.1", client -> {
            await(over);
            return null;
        })) {
            ConnectionSettings from = Kind.TCP_EPOLL.settings(DockerHost.parse("tcp://engine:2375"));
            ConnectionSettings hasty = new ConnectionSettings(
                    from.host(),
                    from.loops(),
                    from.nativeTransport(),
                    Duration.ofMillis(200),
                    from.responseTimeout(),
                    from.maxConnections(),
                    from.maxPending(),
                    from.acquireTimeout(),
                    from.maxIdle(),
                    from.maxStreams(),
                    from.tls());
            StepVerifier.create(transport(through(scheme + "://127.0.0.1:" + relay.port(), hasty))
                            .call(get("/_ping")))
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(ConnectionFailed.class)
                            .hasMessageContaining("no answer within 200 ms"))
                    .verify(LIMIT);
            over.countDown();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    /** Whatever reads it falls into, nothing of the proxy's is taken for the Engine's, and nothing of that is lost. */
    @ParameterizedTest
    @CsvSource({"http, 1", "http, 7", "http, 1000", "socks5, 1", "socks5, 3", "socks5, 1000"})
    void whatComesWithTheLastWordIsTheEngines(String scheme, int piece) throws Exception {
        String early = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nearly";
        Relay.Greeting greeting = client -> {
            if (scheme.equals("http")) {
                Relay.head(client);
                pieces(piece, "HTTP/1.1 199 Yes\r\n\r\nHTTP/1.1 200 Yes\r\nContent-Length: 9\r\n\r\n" + early, client);
            } else {
                Relay.bytes(client, 3);
                pieces(piece, "\5\0", client);
                Relay.bytes(client, 4 + 1 + 6 + 2);
                pieces(piece, "\5\0\0\3\2ab\0\0" + early, client);
            }
            Relay.head(client);
            return null;
        };
        try (Relay relay = new Relay("127.0.0.1", greeting)) {
            ConnectionSettings settings = Kind.TCP_EPOLL.settings(DockerHost.parse("tcp://engine:2375"));
            Transport transport = transport(through(scheme + "://127.0.0.1:" + relay.port(), settings));
            assertThat(text(await(transport.call(get("/a"))))).isEqualTo("early");
            assertThat(rest(open(transport, get("/a")))).isEqualTo("early");
        }
    }

    private static void pieces(int size, String text, SocketChannel to) throws IOException {
        to.setOption(StandardSocketOptions.TCP_NODELAY, true);
        for (int at = 0; at < text.length(); at += size) {
            Relay.write(to, text.substring(at, Math.min(text.length(), at + size)));
        }
    }

    @Test
    void whoGivesUpMeanwhileLeavesNoConnection() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (Relay relay = new Relay("127.0.0.1", client -> {
            Relay.head(client);
            asked.countDown();
            try {
                Relay.bytes(client, 1);
            } finally {
                gone.countDown();
            }
            return null;
        })) {
            ConnectionSettings settings = Kind.TCP_EPOLL.settings(DockerHost.parse("tcp://engine:2375"));
            Transport transport = transport(through("http://127.0.0.1:" + relay.port(), settings));
            Disposable opening = transport.open(get("/a")).subscribe();
            await(asked);
            opening.dispose();
            await(gone);
        }
    }
}
