package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.model.ContainerCreateOptions;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.Certificates;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.Ports;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Much goes through sessions whole, on every kind of connection: 32 MiB, and 1 GiB in the long form. Each side counts and hashes what
 * it sees.
 */
@NewestEngine
@SuppressWarnings("NullAway.Init")
final class SessionTransferIT extends EngineTest {

    private static final int PIECE = 64 * 1024;
    private static final Duration LONG = Duration.ofMinutes(5);

    private final long size = Figures.inFull() ? 1L << 30 : 32L << 20;
    private RealEngine listening;
    private RealEngine secured;
    private String tcp;
    private String tls;
    private Certificates certificates;

    SessionTransferIT(RealEngine engine) {
        super(engine);
    }

    @BeforeAll
    void listen(@TempDir Path folder) throws IOException {
        int port = Ports.free();
        listening = RealEngine.overTcp(port);
        tcp = "tcp://127.0.0.1:" + port;
        certificates = Certificates.in(folder);
        int tlsPort = Ports.free();
        secured = RealEngine.overTls(tlsPort, certificates);
        tls = "tcp://127.0.0.1:" + tlsPort;
    }

    @AfterAll
    void stop() {
        listening.close();
        secured.close();
    }

    /** A way to reach an Engine. */
    private record Host(
            String name,
            String address,
            boolean nativeTransport,
            @Nullable Path certificates) {

        DockerClient client() {
            return DockerClient.create(config -> {
                config.host(address).nativeTransport(nativeTransport);
                if (certificates != null) {
                    config.tls(tls -> tls.folder(certificates));
                }
            });
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** All of them. */
    Stream<Host> hosts() {
        return Stream.of(
                new Host("unix", engine.host(), true, null),
                new Host("unix, the JDK's sockets", engine.host(), false, null),
                new Host("tcp", tcp, true, null),
                new Host("tcp, the JDK's sockets", tcp, false, null),
                new Host("tls", tls, true, certificates.folder()),
                new Host("tls, the JDK's sockets", tls, false, certificates.folder()));
    }

    /** Counts and hashes bytes. */
    private static final class Sum {

        private final MessageDigest digest = sha256();
        private long count;

        void add(ByteBuffer bytes) {
            count += bytes.remaining();
            digest.update(bytes);
        }

        String text() {
            return count + " " + HexFormat.of().formatHex(digest.digest());
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** What to send: no two pieces are alike, so none may be lost, doubled or moved. The same memory each time. */
    private Flux<ByteBuffer> input(Sum sent) {
        return Flux.defer(() -> {
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            return Flux.range(0, (int) (size / PIECE)).map(number -> {
                for (int at = 0; at < PIECE; at += 512) {
                    piece.putInt(at, number);
                }
                sent.add(piece.clear().duplicate());
                return piece;
            });
        });
    }

    private static Mono<Void> read(Session session, Sum seen) {
        return session.output().doOnNext(frame -> seen.add(frame.bytes())).then();
    }

    /** What {@code yes} gives. */
    private String yes() {
        Sum sum = new Sum();
        ByteBuffer piece = bytes("y\n".repeat(PIECE / 2));
        for (long left = size; left > 0; left -= PIECE) {
            sum.add(piece.duplicate());
        }
        return sum.text();
    }

    private void within(Host host, String what, Mono<?> work) {
        long start = System.nanoTime();
        var unused = work.then().blockOptional(LONG);
        Figures.add(
                engine.version(),
                (size >> 20) + " MiB " + what + ", " + host,
                Duration.ofNanos(System.nanoTime() - start));
    }

    /** Runs the test in a container that does nothing, on the host. */
    private void inContainer(Host host, Consumer<Exec> test) {
        try (DockerClient client = host.client()) {
            String id = get(client.containers()
                            .create(IMAGE, container -> marked(container).cmd("sleep", "100000")))
                    .id();
            try {
                done(client.containers().start(id));
                test.accept((command) -> get(client.execs().open(id, "sh", "-c", command)));
            } finally {
                done(client.containers().remove(id, how -> how.force(true)));
            }
        }
    }

    /** Starts a shell's command. */
    private interface Exec {
        ExecSession start(String command);
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void inputAndOutputOfAnExecAtOnce(Host host) {
        inContainer(host, exec -> {
            ExecSession session = exec.start("cat");
            Sum sent = new Sum();
            Sum seen = new Sum();
            within(
                    host,
                    "through an exec and back",
                    Mono.when(session.write(input(sent)).then(session.closeInput()), read(session, seen)));
            assertThat(seen.text()).isEqualTo(sent.text()).startsWith(size + " ");
            assertThat(get(session.exitCode())).isZero();
        });
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void inputThatEndsFirst(Host host) {
        inContainer(host, exec -> {
            ExecSession session = exec.start(
                    "sha256sum >/sum; wc -c </sum >/dev/null; yes | head -c " + size + "; cut -d' ' -f1 /sum >&2");
            Sum sent = new Sum();
            Sum seen = new Sum();
            StringBuilder reported = new StringBuilder();
            within(
                    host,
                    "into an exec, then as much out",
                    Mono.when(
                            session.write(input(sent)).then(session.closeInput()),
                            session.output().doOnNext(frame -> {
                                if (frame instanceof OutputFrame.Stderr) {
                                    reported.append(frame.text());
                                } else {
                                    seen.add(frame.bytes());
                                }
                            })));
            assertThat(sent.text()).isEqualTo(size + " " + reported.toString().strip());
            assertThat(seen.text()).isEqualTo(yes());
            assertThat(get(session.exitCode())).isZero();
        });
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void inputThatEndsLast(Host host) {
        inContainer(host, exec -> {
            ExecSession session = exec.start("yes | head -c " + size + "; exit 9");
            Sum seen = new Sum();
            // Nobody reads it, and it has no end: the program's end is the end of it too.
            Mono<Throwable> broken = session.write(Flux.generate(sink -> sink.next(ByteBuffer.allocate(PIECE))))
                    .cast(Throwable.class)
                    .onErrorResume(Mono::just)
                    .doOnNext(failure -> assertThat(failure).isInstanceOf(ConnectionFailed.class));
            within(host, "out of an exec whose input has no end", Mono.when(broken, read(session, seen)));
            assertThat(seen.text()).isEqualTo(yes());
            assertThat(get(session.exitCode())).isEqualTo(9);
        });
    }

    private void attached(Host host, String what, Consumer<ContainerCreateOptions.Builder> options, Attach attach) {
        try (DockerClient client = host.client()) {
            String id = get(client.containers().create(IMAGE, container -> {
                        options.accept(marked(container));
                        container.hostConfig(
                                config -> config.logConfig(log -> log.type(dev.fairlead.model.LogDriver.of("none"))));
                    }))
                    .id();
            try {
                Session session = get(attach.to(client, id));
                Sum sent = new Sum();
                Sum seen = new Sum();
                within(
                        host,
                        what,
                        Mono.when(session.write(input(sent)).then(session.closeInput()), read(session, seen)));
                assertThat(seen.text()).isEqualTo(sent.text()).startsWith(size + " ");
                assertThat(get(client.containers().awaitExit(id)).isSuccess()).isTrue();
            } finally {
                done(client.containers().remove(id, how -> how.force(true)));
            }
        }
    }

    private interface Attach {
        Mono<Session> to(DockerClient client, String container);
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void inputAndOutputOfAnAttachedContainer(Host host) {
        attached(
                host,
                "through an attached container and back",
                container -> container.cmd("cat").openStdin(true).stdinOnce(true),
                (client, id) -> client.containers().startAttached(id, attach -> attach.stdin(true)));
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void inputAndOutputThroughAWebSocket(Host host) {
        attached(
                host,
                "through a WebSocket and back",
                container -> container.cmd("cat").openStdin(true).stdinOnce(true),
                (client, id) -> client.containers()
                        .attachWebSocket(id, attach -> {
                            if (has(42)) {
                                attach.stdin(true).stdout(true).stderr(true);
                            }
                        })
                        .flatMap(session -> client.containers().start(id).thenReturn(session)));
    }
}
