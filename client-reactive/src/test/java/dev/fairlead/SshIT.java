package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.ssh.Ssh;
import dev.fairlead.core.ssh.Ssh.Passage;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import dev.fairlead.testing.SshServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The Engine through a login at an sshd of this machine. */
@NewestEngine
@SuppressWarnings("NullAway.Init")
final class SshIT extends EngineTest {

    private static final int PIECE = 64 * 1024;
    private static final int SIZE = 16 << 20;
    private static final int STREAMS = 200;

    private final String socket;
    private Path folder;
    private String path;
    private SshServer server;
    private SshServer closedDoor;
    private DockerClient through;

    SshIT(RealEngine engine) {
        super(engine);
        this.socket = engine.host().substring("unix://".length());
    }

    @BeforeAll
    void startServers(@TempDir Path made) throws IOException {
        folder = made;
        path = RealEngine.dockerCommand().resolve("usr/bin") + ":/usr/bin:/bin";
        server = SshServer.start(folder.resolve("open"), path);
        closedDoor = SshServer.start(folder.resolve("closed"), path, "AllowStreamLocalForwarding no");
        through = through(server, ssh -> {});
    }

    @AfterAll
    void stopServers() {
        through.close();
        server.close();
        closedDoor.close();
    }

    private DockerClient through(SshServer by, Consumer<Ssh.Builder> more) {
        return through(by, socket, true, more);
    }

    private static DockerClient through(
            SshServer by, String socket, boolean nativeTransport, Consumer<Ssh.Builder> more) {
        return DockerClient.create(config -> config.host(by.host() + socket)
                .nativeTransport(nativeTransport)
                .ssh(ssh -> more.accept(ssh.configFile(by.file("ssh_config")))));
    }

    private DockerClient through(Passage passage, boolean nativeTransport) {
        return through(server, socket, nativeTransport, ssh -> ssh.passage(passage));
    }

    @Test
    void itIsTheEngineThatTheCommandReaches() throws Exception {
        Path wrapper = Files.createDirectories(folder.resolve("bin")).resolve("ssh");
        Files.writeString(wrapper, "#!/bin/sh\nexec /usr/bin/ssh -F " + server.file("ssh_config") + " \"$@\"\n");
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();
        ProcessBuilder command = new ProcessBuilder(
                RealEngine.dockerCommand().resolve("usr/bin/docker").toString(),
                "-H",
                server.host() + socket,
                "info",
                "--format",
                "{{.ID}}");
        Map<String, String> environment = command.environment();
        environment.remove("DOCKER_CONTEXT");
        environment.put("PATH", wrapper.getParent() + ":/usr/bin:/bin");
        Process docker = command.start();
        String id = new String(docker.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        for (Passage passage : Passage.values()) {
            try (DockerClient client = through(passage, true)) {
                assertThat(client.host()).hasToString(server.host() + socket);
                assertThat(get(client.system().info()).id()).isEqualTo(id.strip());
                failure(NotFound.class, client.containers().inspect("nosuch"));
                failure(NotFound.class, client.containers().attach("nosuch"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FORWARDED,true", "FORWARDED,false", "DIAL_STDIO,true", "DIAL_STDIO,false"})
    void theEndOfInputGetsThroughAndOutputFollows(Passage passage, boolean nativeTransport) {
        String id = idle();
        try (DockerClient client = through(passage, nativeTransport)) {
            ExecResult result =
                    get(client.execs().run(id, exec -> exec.cmd("sh", "-c", "cat; sleep 0.2; echo over; exit 3")
                            .stdin(Mono.just(bytes("hello ")))));
            assertThat(result.stdoutText()).isEqualTo("hello over\n");
            assertThat(result.exitCode()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource({"FORWARDED,true", "FORWARDED,false", "DIAL_STDIO,true"})
    void muchComesBackWhole(Passage passage, boolean nativeTransport) throws Exception {
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        MessageDigest seen = MessageDigest.getInstance("SHA-256");
        long begin = System.nanoTime();
        try (DockerClient client = through(passage, nativeTransport)) {
            String id = create(container -> container
                    .cmd("cat")
                    .openStdin(true)
                    .stdinOnce(true)
                    .attachStdin(true)
                    .attachStdout(true));
            Session session = get(client.containers()
                    .attach(id, attach -> attach.stream(true).stdin(true).stdout(true)));
            done(client.containers().start(id));
            Mono<Void> input = session.write(Flux.range(0, SIZE / PIECE).map(seed -> noise(seed, sent)))
                    .then(session.closeInput());
            Mono<Void> output = session.output()
                    .limitRate(2)
                    .doOnNext(frame -> seen.update(frame.bytes()))
                    .then();
            done(Mono.when(input, output));
            assertThat(seen.digest()).isEqualTo(sent.digest());
        }
        Figures.add(
                engine.version(),
                (SIZE >> 20) + " MiB through attach cat and back, ssh " + passage
                        + (nativeTransport ? ", epoll" : ", the JDK's sockets"),
                Duration.ofNanos(System.nanoTime() - begin));
    }

    private static ByteBuffer noise(int seed, MessageDigest digest) {
        byte[] piece = new byte[PIECE];
        new Random(seed).nextBytes(piece);
        digest.update(piece);
        return ByteBuffer.wrap(piece);
    }

    @Test
    void manyStreamsShareOneLogin() throws Exception {
        String id = start("echo x; trap 'exit 0' TERM; while :; do sleep 0.1; done");
        get(through.system().ping());
        long before = server.logins();
        CountDownLatch open = new CountDownLatch(STREAMS);
        long begin = System.nanoTime();
        Disposable.Composite streams = Disposables.composite();
        for (int stream = 0; stream < STREAMS; stream++) {
            streams.add(through.containers().logs(id, logs -> logs.follow(true)).subscribe(frame -> open.countDown()));
        }
        assertThat(open.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Figures.add(
                engine.version(),
                STREAMS + " followed logs over one login of ssh",
                Duration.ofNanos(System.nanoTime() - begin));
        assertThat(server.logins()).isEqualTo(before);
        assertThat(get(through.system().ping()).osType()).isEqualTo("linux");
        streams.dispose();
    }

    @Test
    void whereForwardingIsRefusedTheDockerCommandServes() {
        String id = idle();
        try (DockerClient client = through(closedDoor, ssh -> {})) {
            ExecResult result =
                    get(client.execs().run(id, exec -> exec.cmd("cat").stdin(Mono.just(bytes("hello")))));
            assertThat(result.stdoutText()).isEqualTo("hello");
        }
        eventually(() -> closedDoor.logins() == 0);
        try (DockerClient client = through(closedDoor, ssh -> ssh.passage(Passage.FORWARDED))) {
            assertThat(failure(ConnectionFailed.class, client.system().ping()))
                    .hasMessageContaining("no connection to " + socket + " through the login at")
                    .hasMessageContaining("open failed")
                    .hasMessageContaining("AllowStreamLocalForwarding");
        }
    }

    @Test
    void whereThatIsMissingTooBothAreTold() throws IOException {
        try (SshServer bare = SshServer.start(folder.resolve("bare"), "/nonexistent", "AllowStreamLocalForwarding no");
                DockerClient client = through(bare, ssh -> {})) {
            for (Mono<?> call :
                    List.of(client.system().ping(), client.containers().attach("x"))) {
                assertThat(failure(ConnectionFailed.class, call))
                        .hasMessageContaining("there is no docker command there")
                        .hasMessageContaining("not found")
                        .hasMessageContaining("before that:")
                        .hasMessageContaining("open failed");
            }
        }
    }

    @Test
    void anEngineThatIsNotThereIsToldSo() {
        for (Passage passage : Passage.values()) {
            try (DockerClient client = through(server, "/nowhere/docker.sock", true, ssh -> ssh.passage(passage))) {
                assertThat(failure(ConnectionFailed.class, client.system().ping()))
                        .hasMessageContaining(
                                passage == Passage.FORWARDED
                                        ? "no connection to /nowhere/docker.sock"
                                        : "there is no Engine there");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Passage.class)
    void aLoginThatFailsSaysWhy(Passage passage) throws IOException {
        fails(
                passage,
                ssh -> ssh.option("IdentityFile", "/nowhere")
                        .option("IdentitiesOnly", "no")
                        .option("PubkeyAuthentication", "no"),
                "lets this user in by none of the keys",
                "Permission denied (publickey)");
        fails(
                passage,
                ssh -> ssh.option("UserKnownHostsFile", server.file("no_hosts").toString()),
                "its host key is not known",
                "Host key verification failed");
        fails(
                passage,
                ssh -> ssh.option(
                        "UserKnownHostsFile", server.file("wrong_hosts").toString()),
                "its host key is not the one that is known of it",
                "ssh-keygen -R");
        fails(passage, ssh -> ssh.option("Port", "1"), "it refused the connection", "does sshd run there");
        fails(passage, ssh -> ssh.option("HostName", "no-such-host.invalid"), "its name is not known", "spelled right");
        fails(passage, ssh -> ssh.option("NoSuchSetting", "x"), "ssh does not take its settings", "nosuchsetting");
    }

    private void fails(Passage passage, Consumer<Ssh.Builder> change, String sentence, String more) {
        try (DockerClient client = through(server, ssh -> change.accept(ssh.passage(passage)))) {
            assertThat(failure(ConnectionFailed.class, client.system().ping()))
                    .hasMessageContaining("no login at " + server.host())
                    .hasMessageContaining(sentence)
                    .hasMessageContaining(more);
        }
    }

    @ParameterizedTest
    @CsvSource({"FORWARDED,true", "FORWARDED,false", "DIAL_STDIO,true", "DIAL_STDIO,false"})
    void streamsOfALoginThatDiesAreCutAndTheNextCallLogsIn(Passage passage, boolean nativeTransport)
            throws IOException {
        String id = start("echo x; trap 'exit 0' TERM; while :; do sleep 0.1; done");
        try (SshServer shaky = SshServer.start(folder.resolve("shaky-" + passage + nativeTransport), path);
                DockerClient client = through(shaky, socket, nativeTransport, ssh -> ssh.passage(passage))) {
            List<Flux<String>> streams = List.of(
                    client.containers().logs(id, logs -> logs.follow(true)).map(OutputFrame::text),
                    client.execs()
                            .create(id, exec -> exec.cmd("sh", "-c", "echo x; sleep 1000")
                                    .attachStdout(true))
                            .flatMap(exec -> client.execs().start(exec))
                            .flatMapMany(session -> session.output().map(OutputFrame::text)));
            for (Flux<String> stream : streams) {
                AtomicReference<Throwable> seen = new AtomicReference<>();
                StepVerifier.create(stream)
                        .expectNext("x\n")
                        .then(shaky::dropLogins)
                        .consumeErrorWith(seen::set)
                        .verify(LIMIT);
                assertThat(seen.get()).isInstanceOf(Truncated.class).hasMessageContaining("login at");
                assertThat(get(client.system().ping()).osType()).isEqualTo("linux");
            }
            // By dial-stdio each of the two calls is a login, and the second has to be there when all are dropped.
            long needed = passage == Passage.DIAL_STDIO ? shaky.logins() + 2 : 1;
            Disposable call = client.containers().awaitExit(id).subscribe(exit -> {}, failure -> {});
            AtomicReference<Throwable> unanswered = new AtomicReference<>();
            StepVerifier.create(client.containers().awaitExit(id))
                    .then(() -> eventually(() -> shaky.logins() >= needed))
                    .thenAwait(Duration.ofMillis(200))
                    .then(shaky::dropLogins)
                    .consumeErrorWith(unanswered::set)
                    .verify(LIMIT);
            assertThat(unanswered.get()).isInstanceOf(DockerException.class).hasMessageContaining("login at");
            call.dispose();
        }
    }

    @ParameterizedTest
    @EnumSource(Passage.class)
    void closingLeavesNothing(Passage passage) {
        String id = start("echo x; trap 'exit 0' TERM; while :; do sleep 0.1; done");
        through.close();
        eventually(() -> sshProcesses() == 0 && folders() == 0 && threads() == 0);
        AtomicInteger ended = new AtomicInteger();
        try (DockerClient client = through(passage, true)) {
            BaseSubscriber<OutputFrame> quiet = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    subscription.request(1);
                }

                @Override
                protected void hookOnError(Throwable failure) {
                    ended.incrementAndGet();
                }
            };
            client.containers().logs(id, logs -> logs.follow(true)).subscribe(quiet);
            eventually(() -> sshProcesses() > 0);
            get(client.system().ping());
            assertThat(folders()).isEqualTo(1);
        }
        eventually(() -> sshProcesses() == 0 && folders() == 0 && threads() == 0);
        through = through(server, ssh -> {});
    }

    @Test
    void cancellingACallOverAProcessEndsIt() {
        String id = start("echo x; trap 'exit 0' TERM; while :; do sleep 0.1; done");
        try (DockerClient client = through(Passage.DIAL_STDIO, true)) {
            get(client.system().ping());
            long before = sshProcesses();
            StepVerifier.create(client.containers()
                            .logs(id, logs -> logs.follow(true))
                            .map(OutputFrame::text))
                    .expectNext("x\n")
                    .then(() -> assertThat(sshProcesses()).isEqualTo(before + 1))
                    .thenCancel()
                    .verify(LIMIT);
            eventually(() -> sshProcesses() == before);
        }
    }

    private static long sshProcesses() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("/ssh"))
                .count();
    }

    private static long folders() {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(each -> each.getFileName()
                            .toString()
                            .startsWith(
                                    "fairlead-ssh-" + ProcessHandle.current().pid() + "-"))
                    .count();
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("fairlead-ssh"))
                .count();
    }
}
