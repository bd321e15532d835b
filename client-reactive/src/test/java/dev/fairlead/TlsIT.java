package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.tls.Tls;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.Certificates;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.Ports;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** An Engine that is reached by TLS alone and asks for the client's certificate. */
@NewestEngine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsIT {

    private static final Duration LIMIT = EngineTest.LIMIT;
    private static final int PIECE = 64 * 1024;

    private final int port = Ports.free();
    private Path folder;
    private Certificates certificates;
    private RealEngine engine;
    private DockerClient docker;

    @BeforeAll
    void start(@TempDir Path made) {
        folder = made;
        certificates = Certificates.in(folder.resolve("right"));
        engine = RealEngine.overTls(port, certificates);
        docker = client(tls -> {});
    }

    @AfterAll
    void stop() {
        docker.close();
        engine.close();
    }

    private DockerClient client(Consumer<Tls.Builder> more) {
        return client(true, more);
    }

    private DockerClient client(boolean nativeTransport, Consumer<Tls.Builder> more) {
        return DockerClient.create(config -> config.host("tcp://127.0.0.1:" + port)
                .nativeTransport(nativeTransport)
                .tls(tls -> {
                    tls.folder(certificates.folder());
                    more.accept(tls);
                }));
    }

    private static <T> T get(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(LIMIT));
    }

    private String start(DockerClient with, String... command) {
        String id = get(with.containers().create(EngineTest.IMAGE, container -> container.cmd(command)))
                .id();
        EngineTest.done(with.containers().start(id));
        return id;
    }

    private void remove(String id) {
        EngineTest.done(docker.containers().remove(id, how -> how.force(true).volumes(true)));
    }

    @Test
    void callsAndTheirErrors() {
        assertThat(docker.host()).hasToString("https://127.0.0.1:" + port);
        assertThat(get(docker.system().info()).osType()).isEqualTo("linux");
        StepVerifier.create(docker.containers().inspect("nosuch"))
                .expectError(NotFound.class)
                .verify(LIMIT);
        // Refused after the upgrade was asked for: text without a length, and the connection's end.
        StepVerifier.create(docker.containers().attach("nosuch"))
                .expectError(NotFound.class)
                .verify(LIMIT);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2,true", "TLSv1.2,false", "TLSv1.3,true", "TLSv1.3,false"})
    void runsWithInputToItsEnd(String protocol, boolean nativeTransport) {
        try (DockerClient client = client(nativeTransport, tls -> tls.protocols(protocol))) {
            Run run = get(client.containers()
                    .run(EngineTest.IMAGE, options -> options.cmd("sh", "-c", "cat; echo over; exit 3")
                            .stdin(true)));
            EngineTest.done(run.session()
                    .write(Mono.just(EngineTest.bytes("hello ")))
                    .then(run.session().closeInput()));
            assertThat(text(run.output())).isEqualTo("hello over\n");
            assertThat(get(run.exit()).code()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2,true", "TLSv1.2,false", "TLSv1.3,true", "TLSv1.3,false"})
    void largeInputComesBackWhole(String protocol, boolean nativeTransport) throws Exception {
        int size = 64;
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        MessageDigest seen = MessageDigest.getInstance("SHA-256");
        long begin = System.nanoTime();
        try (DockerClient client = client(nativeTransport, tls -> tls.protocols(protocol))) {
            String id = start(client, "sleep", "1000");
            long code = get(client.execs().run(id, exec -> exec.cmd("cat")
                            .stdin(Flux.range(0, size * (1024 * 1024 / PIECE)).map(seed -> noise(seed, sent)))
                            .output(output -> output.doOnNext(frame -> seen.update(frame.bytes())))))
                    .exitCode();
            assertThat(code).isZero();
            assertThat(seen.digest()).isEqualTo(sent.digest());
            remove(id);
        }
        Figures.add(
                engine.version(),
                size + " MiB through exec cat and back over " + protocol + ", "
                        + (nativeTransport ? "epoll" : "the JDK's sockets"),
                Duration.ofNanos(System.nanoTime() - begin));
    }

    private static ByteBuffer noise(int seed, MessageDigest digest) {
        byte[] piece = new byte[PIECE];
        new Random(seed).nextBytes(piece);
        digest.update(piece);
        return ByteBuffer.wrap(piece);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void attachedOutputStallsAndEndsWithItsProgram(String protocol) {
        try (DockerClient client = client(tls -> tls.protocols(protocol))) {
            String id = get(client.containers()
                            .create(EngineTest.IMAGE, container -> container.cmd("sh", "-c", "seq 1 200000")))
                    .id();
            Session session = get(client.containers().attach(id));
            EngineTest.done(client.containers().start(id));
            StringBuilder all = get(session.output()
                    .map(OutputFrame::text)
                    .limitRate(1)
                    .collect(StringBuilder::new, StringBuilder::append));
            assertThat(all.toString()).startsWith("1\n2\n").endsWith("\n200000\n");
            remove(id);
        }
    }

    @Test
    void aProgramThatDoesNotCareForItsInputEndsWell() {
        String id = start(docker, "sleep", "1000");
        for (int time = 0; time < 5; time++) {
            Session session = get(docker.execs()
                    .create(id, exec -> exec.cmd("head", "-c", "3")
                            .attachStdin(true)
                            .attachStdout(true))
                    .flatMap(exec -> docker.execs().start(exec)));
            var writing = session.write(Flux.generate(sink -> sink.next(EngineTest.bytes("x".repeat(10_000)))))
                    .subscribe(unused -> {}, failure -> {});
            assertThat(text(session.output())).isEqualTo("xxx");
            writing.dispose();
            session.close();
        }
        remove(id);
    }

    @Test
    void followedLogsAndEventsCanBeCancelled() {
        String id = start(docker, "sh", "-c", "while :; do echo x; sleep 0.01; done");
        get(docker.system().ping());
        int before = EngineTest.openFiles();
        StepVerifier.create(
                        docker.containers().logs(id, logs -> logs.follow(true)).map(OutputFrame::text))
                .expectNext("x\n", "x\n", "x\n")
                .thenCancel()
                .verify(LIMIT);
        // From a while ago on: the event may come before the connection is made.
        Instant start = Instant.now().minusSeconds(10);
        EngineTest.done(docker.containers().pause(id));
        StepVerifier.create(
                        docker.system().events(events -> events.since(start)).take(1))
                .expectNextCount(1)
                .expectComplete()
                .verify(LIMIT);
        EngineTest.eventually(() -> EngineTest.openFiles() <= before + 1);
        remove(id);
    }

    @Test
    void manyStreamsAddNoThread() {
        // The handshakes share the processors with all else that the machine does.
        DockerClient many = DockerClient.create(config -> config.host("tcp://127.0.0.1:" + port)
                .connectTimeout(LIMIT)
                .tls(tls -> tls.folder(certificates.folder())));
        String id = start(many, "sh", "-c", "echo x; sleep 1000");
        text(many.containers().logs(id));
        Set<Long> before = threads();
        AtomicInteger open = new AtomicInteger();
        long begin = System.nanoTime();
        List<BaseSubscriber<OutputFrame>> streams = Flux.range(0, 500)
                .map(index -> new BaseSubscriber<OutputFrame>() {
                    @Override
                    protected void hookOnSubscribe(Subscription subscription) {
                        subscription.request(1);
                    }

                    @Override
                    protected void hookOnNext(OutputFrame frame) {
                        open.incrementAndGet();
                    }
                })
                .doOnNext(stream ->
                        many.containers().logs(id, logs -> logs.follow(true)).subscribe(stream))
                .map(stream -> (BaseSubscriber<OutputFrame>) stream)
                .collectList()
                .blockOptional(LIMIT)
                .orElseThrow();
        EngineTest.eventually(() -> open.get() == 500);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        Set<Long> more = threads();
        more.removeAll(before);
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> more.contains(thread.getId()))
                        // That is the test's own waiting.
                        .filter(thread -> !thread.getName().matches("(parallel|boundedElastic).*")))
                .isEmpty();
        assertThat(get(many.system().ping()).apiVersion()).isNotNull();
        streams.forEach(BaseSubscriber::cancel);
        Figures.add(engine.version(), "500 followed logs over TLS opened", took);
        many.close();
        remove(id);
    }

    private static Set<Long> threads() {
        Set<Long> ids = new HashSet<>();
        Thread.getAllStackTraces().keySet().forEach(thread -> ids.add(thread.getId()));
        return ids;
    }

    @Test
    void theEnvironmentNamesHostAndCertificates() {
        Environment environment = new Environment(
                Map.of(
                        "DOCKER_HOST",
                        "tcp://127.0.0.1:" + port,
                        "DOCKER_TLS_VERIFY",
                        "1",
                        "DOCKER_CERT_PATH",
                        certificates.folder().toString()),
                Path.of("/nowhere"),
                Files::exists);
        try (DockerClient client = DockerClient.create(DockerConfig.builder().build(), environment)) {
            assertThat(get(client.system().ping()).osType()).isEqualTo("linux");
        }
    }

    @Test
    void theUnverifiedIsTakenWhereThatIsAskedForByName() {
        Certificates other = Certificates.in(folder.resolve("other"));
        Path wrongCa = other.folder().resolve("ca.pem");
        try (DockerClient strict = client(tls -> tls.ca(wrongCa));
                DockerClient careless = client(tls -> tls.ca(wrongCa).skipVerify())) {
            fails(strict, "is signed by nobody who is trusted");
            assertThat(get(careless.system().ping()).osType()).isEqualTo("linux");
        }
    }

    @Test
    void eachNameOfTheCertificateWillDo() {
        try (DockerClient client = DockerClient.create(
                config -> config.host("tcp://127.0.0.1:" + port).tls(tls -> tls.folder(certificates.folder())))) {
            assertThat(get(client.system().ping()).osType()).isEqualTo("linux");
        }
        try (DockerClient client = DockerClient.create(
                config -> config.host("tcp://localhost:" + port).tls(tls -> tls.folder(certificates.folder())))) {
            assertThat(get(client.system().ping()).osType()).isEqualTo("linux");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientWithoutACertificateIsToldSo(String protocol) {
        try (DockerClient client = DockerClient.create(config -> config.host("tcp://127.0.0.1:" + port)
                .tls(tls -> tls.ca(certificates.folder().resolve("ca.pem")).protocols(protocol)))) {
            fails(client, "certificate of the client");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientWithAForeignCertificateIsToldSo(String protocol) {
        Certificates other = Certificates.in(folder.resolve("foreign-" + protocol));
        try (DockerClient client = client(tls -> tls.certificate(
                        other.folder().resolve("cert.pem"), other.folder().resolve("key.pem"))
                .protocols(protocol))) {
            fails(client, "does not accept this client's certificate");
        }
    }

    @Test
    void whoSpeaksTheWrongLanguageIsToldSo() {
        try (DockerClient clear = DockerClient.create(config -> config.host("tcp://127.0.0.1:" + port))) {
            fails(clear, "speaks TLS, and was spoken to in clear");
        }
    }

    @Test
    void anEngineInClearIsRecognised() throws IOException {
        int clearPort = Ports.free();
        try (RealEngine clear = RealEngine.overTcp(clearPort);
                DockerClient client = DockerClient.create(config ->
                        config.host("tcp://127.0.0.1:" + clearPort).tls(tls -> tls.folder(certificates.folder())))) {
            fails(client, "speaks in clear, and was spoken to in TLS");
            assertThat(clear.host()).startsWith("unix://");
        }
    }

    @Test
    void anEngineThatIsKilledCutsTheOutputAndDoesNotEndIt() throws IOException {
        Certificates own = Certificates.in(folder.resolve("killed"));
        int ownPort = Ports.free();
        try (RealEngine killed = RealEngine.overTls(ownPort, own);
                DockerClient client = DockerClient.create(
                        config -> config.host("tcp://127.0.0.1:" + ownPort).tls(tls -> tls.folder(own.folder())))) {
            String id = get(client.containers()
                            .create(EngineTest.IMAGE, container -> container.cmd("sh", "-c", "echo x; sleep 1000")))
                    .id();
            Session session = get(client.containers().attach(id));
            StepVerifier.create(session.output().map(OutputFrame::text))
                    .then(() -> EngineTest.done(client.containers().start(id)))
                    .expectNext("x\n")
                    .then(() -> kill(killed))
                    .expectError(Truncated.class)
                    .verify(LIMIT);
        }
    }

    private static void kill(RealEngine engine) {
        try {
            engine.kill();
        } catch (IOException notOurs) {
            throw new AssertionError(notOurs);
        }
    }

    private static String text(Flux<OutputFrame> output) {
        return EngineTest.text(output);
    }

    private static void fails(DockerClient client, String sentence) {
        for (Mono<?> call : List.of(client.system().ping(), client.containers().attach("x"))) {
            StepVerifier.create(call)
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(ConnectionFailed.class)
                            .hasMessageContaining(sentence))
                    .verify(LIMIT);
        }
    }
}
