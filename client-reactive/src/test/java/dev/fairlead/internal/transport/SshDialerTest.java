package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.ssh.Ssh;
import dev.fairlead.core.ssh.Ssh.Passage;
import dev.fairlead.testing.FakeEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** One login for many, and what becomes of it, with a shell script in ssh's place. */
class SshDialerTest extends TransportFixture {

    /** Leads the local socket to the remote one, which is on this machine, until it is ended. */
    private static final String FORWARDS = """
            while [ "$1" != -L ]; do shift; done
            ln -s "${2#*:}" "${2%%:*}"
            trap 'rm -f "${2%%:*}"; exit 255' TERM
            while :; do sleep 0.05; done
            """;

    private Transport through(Passage passage, String socket, String... script) throws IOException {
        return through(passage, socket, settings -> {}, script);
    }

    private Transport through(Passage passage, String socket, Consumer<Ssh.Builder> more, String... script)
            throws IOException {
        Path program = directory.resolve("ssh");
        Files.writeString(
                program,
                "#!/bin/bash\necho $$ >> " + directory.resolve("calls") + "\n" + String.join("\n", script) + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Environment environment =
                new Environment(Map.of("PATH", directory + ":/usr/bin:/bin"), directory, Files::exists);
        ConnectionSettings plain = Kind.UNIX_EPOLL.settings(DockerHost.parse("ssh://far" + socket));
        Ssh ssh = Ssh.of(settings -> more.accept(settings.passage(passage)));
        return transport(new ConnectionSettings(
                plain.host(),
                null,
                plain.nativeTransport(),
                plain.connectTimeout(),
                plain.responseTimeout(),
                plain.maxConnections(),
                plain.maxPending(),
                plain.acquireTimeout(),
                plain.maxIdle(),
                plain.maxStreams(),
                null,
                null,
                new SshAccess(ssh, environment)));
    }

    private List<Long> calls() {
        try {
            return Files.readAllLines(directory.resolve("calls")).stream()
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException none) {
            return List.of();
        }
    }

    private void awaitEnd(long pid) {
        ProcessHandle.of(pid)
                .ifPresent(process ->
                        process.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }

    private String socket() throws IOException {
        return engine(Kind.UNIX_EPOLL).host().substring("unix://".length());
    }

    @Test
    void manyCallsAtOnceShareOneLogin() throws Exception {
        Transport transport = through(Passage.FORWARDED, socket(), FORWARDS);
        List<Answer> answers = Flux.range(0, 20)
                .flatMap(index -> transport.call(get("/_ping")), 20)
                .collectList()
                .block(LIMIT);
        assertThat(answers).hasSize(20);
        assertThat(calls()).hasSize(1);
        transport.close();
        awaitEnd(calls().get(0));
    }

    @Test
    void aLoginThatHasEndedIsMadeAgain() throws Exception {
        Transport transport = through(Passage.FORWARDED, socket(), FORWARDS);
        await(transport.call(get("/_ping")));
        long first = calls().get(0);
        ProcessHandle.of(first).orElseThrow().destroy();
        awaitEnd(first);
        LiveAnswer again = open(transport, get("/_ping"));
        again.close();
        assertThat(calls()).hasSize(2);
    }

    @Test
    void aCancelledLoginEndsWhenNobodyElseWaits() throws Exception {
        Transport transport = through(Passage.AUTOMATIC, socket(), "exec sleep 1000");
        Disposable one = transport.open(get("/a")).subscribe();
        Disposable other = transport.open(get("/b")).subscribe();
        until(() -> calls().size() == 1);
        long pid = calls().get(0);
        one.dispose();
        assertThat(ProcessHandle.of(pid)).isPresent();
        other.dispose();
        awaitEnd(pid);
        assertThat(calls()).hasSize(1);
    }

    @Test
    void closingEndsALoginThatIsUnderWay() throws Exception {
        Transport transport = through(Passage.AUTOMATIC, socket(), "exec sleep 1000");
        StepVerifier.create(transport.open(get("/a")))
                .then(() -> until(() -> calls().size() == 1))
                .then(transport::close)
                .expectErrorSatisfies(failure -> assertThat(failure).hasMessageContaining("the client was closed"))
                .verify(LIMIT);
        awaitEnd(calls().get(0));
    }

    @Test
    void aLoginThatHangsIsEndedInTime() throws Exception {
        Transport transport = through(
                Passage.FORWARDED,
                socket(),
                settings -> settings.loginTimeout(Duration.ofSeconds(2)),
                "echo 'debug: thinking' >&2; exec sleep 1000");
        fails(transport, "no login at ssh://far", "within 2000 ms; ssh says: debug: thinking", "loginTimeout");
        awaitEnd(calls().get(0));
    }

    @Test
    void whereForwardingIsRefusedTheCommandIsRun() throws Exception {
        try (FakeEngine tcp = FakeEngine.tcp()) {
            String dial = "exec 3<>/dev/tcp/127.0.0.1/" + tcp.port()
                    + "; cat <&3 & out=$!; cat <&0 >&3 & in=$!; trap 'kill $out $in' TERM EXIT; wait $out";
            Transport transport = through(
                    Passage.AUTOMATIC,
                    "/nowhere",
                    "case \"$*\" in *-N*) echo 'Could not request local forwarding.' >&2; exit 255;; esac",
                    "case \"$*\" in *'docker --host unix:///nowhere system dial-stdio') ;; *) exit 9;; esac",
                    dial);
            assertThat(await(transport.call(get("/_ping"))).head().status()).isEqualTo(200);
            LiveAnswer live = open(transport, get("/_ping"));
            live.close();
            // Refused, tried, one of the pool, and one for the stream.
            assertThat(calls()).hasSize(4);
            transport.close();
            calls().forEach(this::awaitEnd);
            tcp.awaitOpenConnections(0, LIMIT);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "255|Host key verification failed.|no login at ssh://far|its host key is not known",
                "255|WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!|no login at|is not the one that is known",
                "255|me@far: Permission denied (publickey).|no login at|by none of the keys",
                "255|ssh: Could not resolve hostname far: Name or service not known|no login at|name is not known",
                "255|ssh: connect to host far port 22: Connection refused|no login at|refused the connection",
                "255|ssh: connect to host far port 22: Connection timed out|no login at|did not answer in time",
                "255|kex_exchange_identification: read: Connection reset by peer|no login at|before the login",
                "255|something new|no login at|ssh ended with status 255; ssh says: something new",
                "127|bash: line 1: docker: command not found|no connection through ssh://far|no docker command there",
                "1|dial unix /x: connect: permission denied|no connection through|may not open the Engine's socket",
                "1|dial unix /x: connect: no such file or directory|no connection through|there is no Engine there",
                "1|Cannot connect to the Docker daemon at unix:///x|no connection through|there is no Engine there",
                "7|something else|no connection through|status 7; ssh says: something else"
            })
    void eachFailureHasItsSentence(int status, String words, String begin, String sentence) throws Exception {
        String script = "echo \"" + words + "\" >&2; exit " + status;
        List<Passage> passages =
                status == 255 ? List.of(Passage.DIAL_STDIO, Passage.FORWARDED) : List.of(Passage.DIAL_STDIO);
        for (Passage passage : passages) {
            failsTo(through(passage, "", script).open(get("/a")), begin, sentence, words);
        }
    }

    @Test
    void wordsAreBoundedAndShown() throws Exception {
        Transport transport = through(
                Passage.FORWARDED,
                "",
                "yes 'a long story' | head -c 1000000 >&2; printf 'the \\033[1mend\\n' >&2; exit 255");
        StepVerifier.create(transport.call(get("/a")))
                .expectErrorSatisfies(failure ->
                        assertThat(failure.getMessage()).contains("the [1mend").hasSizeLessThan(3000))
                .verify(LIMIT);
    }

    @Test
    void aMissingProgramIsNamed() throws Exception {
        Transport transport = through(Passage.FORWARDED, "", settings -> settings.command("no-such-ssh"), "");
        fails(transport, "no-such-ssh is in no folder of PATH", "install OpenSSH's client");
    }

    private static void until(BooleanSupplier so) {
        Boolean seen = Mono.fromSupplier(so::getAsBoolean)
                .filter(yes -> yes)
                .repeatWhenEmpty(1000, empty -> empty.delayElements(Duration.ofMillis(10)))
                .block(LIMIT);
        assertThat(seen).isTrue();
    }

    private static void fails(Transport transport, String... parts) {
        failsTo(transport.call(get("/a")), parts);
        failsTo(transport.open(get("/a")), parts);
    }

    private static void failsTo(Mono<?> call, String... parts) {
        StepVerifier.create(call)
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ConnectionFailed.class)
                        .message()
                        .contains(parts))
                .verify(LIMIT.multipliedBy(2));
    }
}
