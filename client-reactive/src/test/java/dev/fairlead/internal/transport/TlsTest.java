package dev.fairlead.internal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.tls.Tls;
import dev.fairlead.core.tls.TlsContext;
import dev.fairlead.testing.Certificates;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Flood;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What TLS adds: who trusts whom, an end that is told, and demand below it. All else runs on TLS with the other tests. */
class TlsTest extends TransportFixture {

    private static final String RAW = "application/vnd.docker.raw-stream";
    private static final Kind KIND = Kind.TLS_EPOLL;
    private static final int READ_AHEAD = 256 * 1024;

    @TempDir
    Path certificates;

    @Test
    void anEndWithoutCloseNotifyIsACut() throws Exception {
        engine(KIND)
                .on("POST", "/attach", exchange -> exchange.hijack(RAW, "half".getBytes(UTF_8))
                        .cut())
                .on("GET", "/stream", exchange -> {
                    exchange.startRaw(200, Map.of("Content-Type", RAW));
                    exchange.raw("half");
                    exchange.cut();
                });
        for (EngineRequest request : new EngineRequest[] {hijack("/attach"), get("/stream")}) {
            StepVerifier.create(raw(open(transport(KIND), request)).map(piece -> new String(piece, UTF_8)))
                    .expectNext("half")
                    .expectErrorSatisfies(failure ->
                            assertThat(failure).isInstanceOf(Truncated.class).hasMessageContaining("close_notify"))
                    .verify(LIMIT);
        }
        StepVerifier.create(transport(KIND).call(get("/stream")))
                .expectError(Truncated.class)
                .verify(LIMIT);
    }

    @Test
    void anEndWithCloseNotifyIsOne() throws Exception {
        engine(KIND).on("GET", "/stream", exchange -> {
            exchange.startRaw(200, Map.of("Content-Type", RAW));
            exchange.raw("whole");
            exchange.close();
        });
        assertThat(rest(open(transport(KIND), get("/stream")))).isEqualTo("whole");
        assertThat(text(await(transport(KIND).call(get("/stream"))))).isEqualTo("whole");
    }

    @Test
    void aProgramsEndNeedsNoEndOfTheSocket() throws Exception {
        // What an Engine does when a program has ended: it says close_notify and keeps the socket.
        engine(KIND).on("POST", "/attach", exchange -> {
            exchange.hijack(RAW, "all".getBytes(UTF_8)).endOutput();
            exchange.awaitPeerClosed(LIMIT);
        });
        assertThat(rest(open(transport(KIND), hijack("/attach")))).isEqualTo("all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void demandReachesTheSocketBelowTls(String protocol) throws Exception {
        Flood flood = new Flood(new byte[10_000]);
        engine(KIND).on("GET", "/flood", exchange -> exchange.startChunked(200, Map.of())
                .flood(flood));
        ConnectionSettings settings = settings(KIND, TlsPair.SHARED.client(tls -> tls.protocols(protocol)));
        AtomicLong read = new AtomicLong();
        EngineConnection connection =
                Objects.requireNonNull(new Connector(settings).connect().block(LIMIT));
        connection.channel().pipeline().addBefore("fairlead.tls", "counter", new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                read.addAndGet(((ByteBuf) message).readableBytes());
                context.fireChannelRead(message);
            }
        });
        LiveAnswer live = Objects.requireNonNull(Mono.<LiveAnswer>create(
                        sink -> connection.onLoop(() -> new LiveExchange(get("/flood"), connection, sink).start()))
                .block(LIMIT));
        flood.awaitBlocked();
        assertThat(read.get()).isPositive().isLessThan(READ_AHEAD);
        AtomicLong taken = new AtomicLong();
        BaseSubscriber<byte[]> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(byte[] piece) {
                taken.addAndGet(piece.length);
            }
        };
        raw(live).subscribe(subscriber);
        for (int count = 1; count <= 100; count++) {
            long before = taken.get();
            subscriber.request(1);
            flood.awaitTaken(() -> taken.get() > before);
        }
        flood.awaitBlocked();
        // Framing and records make up a hundredth.
        assertThat(read.get() - taken.get()).isLessThan(READ_AHEAD + taken.get() / 100);
        subscriber.cancel();
        flood.awaitEnd(Duration.ofSeconds(1));
    }

    @Test
    void cancelDoesNotWaitForAnEngineThatReadsNothing() throws Exception {
        FakeEngine engine = engine(KIND).on("POST", "/attach", exchange -> {
            exchange.hijack(RAW);
            exchange.awaitPeerGone(LIMIT);
        });
        LiveAnswer live = open(transport(KIND), hijack("/attach"));
        AtomicLong sent = new AtomicLong();
        var writing = live.write(Flux.generate(sink -> {
                    sent.incrementAndGet();
                    sink.next(java.nio.ByteBuffer.allocate(32 * 1024));
                }))
                .subscribe(unused -> {}, cut -> {});
        StepVerifier.create(Flux.interval(Duration.ofMillis(100))
                        .map(tick -> sent.get())
                        .distinctUntilChanged()
                        .timeout(Duration.ofSeconds(1), Mono.empty()))
                .thenConsumeWhile(count -> true)
                .verifyComplete();
        long start = System.nanoTime();
        live.close();
        engine.awaitOpenConnections(0, Duration.ofSeconds(2));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        writing.dispose();
    }

    @Test
    void manyStreamsAddNoThread() throws Exception {
        FakeEngine engine = engine(KIND).on("GET", "/quiet", exchange -> {
            exchange.startChunked(200, Map.of()).write("x");
            exchange.awaitPeerGone(Duration.ofSeconds(50));
        });
        Transport transport = transport(KIND);
        await(transport.call(get("/_ping")));
        Set<String> before = ownThreads();
        Queue<LiveAnswer> open = new ConcurrentLinkedQueue<>();
        StepVerifier.create(Flux.range(0, 100)
                        .flatMap(index -> transport.open(get("/quiet")), 4)
                        .doOnNext(open::add)
                        .count())
                .expectNext(100L)
                .expectComplete()
                .verify(Duration.ofSeconds(50));
        assertThat(engine.openConnections()).isGreaterThanOrEqualTo(100);
        // One of an earlier test that has idled for a minute may end meanwhile.
        assertThat(ownThreads()).isSubsetOf(before);
        open.forEach(LiveAnswer::close);
    }

    @Test
    void saysThatTheCaIsAnother() throws Exception {
        TlsPair other = new TlsPair(Certificates.in(certificates));
        verify(
                settings(KIND, other.client()),
                "is signed by nobody who is trusted",
                "is the ca that was given the one of this Engine?");
    }

    @Test
    void saysThatTheJdkKnowsNoSuchCa() throws Exception {
        verify(settings(KIND, Tls.of(tls -> {}).load()), "is signed by nobody who is trusted", "ca.pem");
    }

    @Test
    void saysThatTheCertificateIsForAnotherName() throws Exception {
        TlsPair pair = new TlsPair(Certificates.in(certificates, "subjectAltName=DNS:engine.test"));
        try (FakeEngine engine = pair.start()) {
            ConnectionSettings settings = new ConnectionSettings(
                    DockerHost.parse(engine.host()),
                    null,
                    true,
                    Duration.ofSeconds(5),
                    Duration.ZERO,
                    4,
                    10,
                    Duration.ZERO,
                    Duration.ZERO,
                    Integer.MAX_VALUE,
                    pair.client());
            verify(settings, "is not for that name", "subjectAltName");
            // Whoever asks for it by name is not told.
            Transport careless = transport(withTls(settings, pair.client(Tls.Builder::skipVerify)));
            assertThat(await(careless.call(get("/_ping"))).head().status()).isEqualTo(200);
            careless.close();
            engine.awaitOpenConnections(0, LIMIT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void saysThatTheEngineAsksForACertificate(String protocol) throws Exception {
        verify(
                settings(
                        KIND,
                        Tls.of(tls -> tls.ca(TlsPair.SHARED.folder().resolve("ca.pem"))
                                        .protocols(protocol))
                                .load()),
                "certificate",
                "cert.pem and key.pem");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void saysThatTheEngineDoesNotAcceptTheCertificate(String protocol) throws Exception {
        Certificates foreign = Certificates.in(certificates);
        verify(
                settings(
                        KIND,
                        Tls.of(tls -> tls.ca(TlsPair.SHARED.folder().resolve("ca.pem"))
                                        .certificate(
                                                foreign.folder().resolve("cert.pem"),
                                                foreign.folder().resolve("key.pem"))
                                        .protocols(protocol))
                                .load()),
                "does not accept this client's certificate",
                "signed by the CA");
    }

    @Test
    void saysThatTheEngineSpeaksInClear() throws Exception {
        try (FakeEngine clear = FakeEngine.tcp();
                ServerSocket garbage = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> {
                try {
                    for (int time = 0; time < 2; time++) {
                        try (var socket = garbage.accept()) {
                            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                            socket.getOutputStream().flush();
                            socket.getInputStream().readAllBytes();
                        }
                    }
                } catch (java.io.IOException closed) {
                    // The test is over.
                }
            });
            answering.setDaemon(true);
            answering.start();
            ConnectionSettings settings = settings(KIND, TlsPair.SHARED.client());
            verify(
                    withHost(settings, "https://127.0.0.1:" + garbage.getLocalPort()),
                    "speaks in clear, and was spoken to in TLS",
                    "tcp://");
            assertThat(clear.requests()).isEmpty();
        }
    }

    @Test
    void saysThatNobodyAnswersTheHandshake() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            ConnectionSettings settings = settings(KIND, TlsPair.SHARED.client());
            ConnectionSettings hasty = new ConnectionSettings(
                    DockerHost.parse("https://127.0.0.1:" + silent.getLocalPort()),
                    null,
                    true,
                    Duration.ofMillis(300),
                    Duration.ZERO,
                    4,
                    10,
                    Duration.ZERO,
                    Duration.ZERO,
                    Integer.MAX_VALUE,
                    settings.tls());
            verify(hasty, "did not answer the TLS handshake in time", "does it speak TLS?");
        }
    }

    @Test
    void saysThatTheHandshakeWasBrokenOff() throws Exception {
        try (ServerSocket closing = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread hangingUp = new Thread(() -> {
                try {
                    for (int time = 0; time < 2; time++) {
                        try (var socket = closing.accept()) {
                            var unused = socket.getInputStream().read();
                        }
                    }
                } catch (java.io.IOException closed) {
                    // The test is over.
                }
            });
            hangingUp.setDaemon(true);
            hangingUp.start();
            verify(
                    withHost(settings(KIND, TlsPair.SHARED.client()), "https://127.0.0.1:" + closing.getLocalPort()),
                    "TLS",
                    "");
        }
    }

    @Test
    void aCancelledHandshakeClosesTheConnection() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var opening = transport(withHost(
                            settings(KIND, TlsPair.SHARED.client()), "https://127.0.0.1:" + silent.getLocalPort()))
                    .open(get("/_ping"))
                    .subscribe();
            try (var socket = silent.accept()) {
                socket.setSoTimeout(10_000);
                assertThat(socket.getInputStream().read()).isEqualTo(0x16);
                opening.dispose();
                socket.getInputStream().readAllBytes();
            }
        }
    }

    private static Set<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("fake-engine"))
                .collect(Collectors.toSet());
    }

    private ConnectionSettings settings(Kind kind, TlsContext tls) throws Exception {
        return withTls(kind.settings(DockerHost.parse(engine(kind).host())), tls);
    }

    private static ConnectionSettings withTls(ConnectionSettings from, TlsContext tls) {
        return copy(from, from.host(), tls);
    }

    private static ConnectionSettings withHost(ConnectionSettings from, String host) {
        return copy(from, DockerHost.parse(host), Objects.requireNonNull(from.tls()));
    }

    private static ConnectionSettings copy(ConnectionSettings from, DockerHost host, TlsContext tls) {
        return new ConnectionSettings(
                host,
                from.loops(),
                from.nativeTransport(),
                from.connectTimeout(),
                from.responseTimeout(),
                from.maxConnections(),
                from.maxPending(),
                from.acquireTimeout(),
                from.maxIdle(),
                from.maxStreams(),
                tls);
    }

    private void verify(ConnectionSettings settings, String sentence, String hint) {
        Transport transport = transport(settings);
        for (Mono<?> call : new Mono<?>[] {transport.call(get("/_ping")), transport.open(get("/_ping"))}) {
            StepVerifier.create(call)
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(ConnectionFailed.class)
                            .hasMessageContaining(sentence)
                            .hasMessageContaining(hint))
                    .verify(LIMIT);
        }
    }
}
