package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.testing.Exchange;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Gate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Everything that can be wrong with an answer, for every kind of call: a typed error in time, and a client that goes on as if nothing had
 * been.
 */
@Timeout(60)
final class BrokenEnginesTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String COMPLETED = "completed";
    private static final Pattern OF_BODIES = Pattern.compile("body|chunk|two lengths");
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String JSON = OK + "Content-Type: application/json\r\n";
    private static final String CHUNKED = JSON + "Transfer-Encoding: chunked\r\n\r\n";

    /** What the Engine does in place of an answer; then it closes. */
    private static final Map<String, FakeEngine.Handler> FAULTS = new LinkedHashMap<>();

    private static final Map<String, Function<DockerClient, Publisher<?>>> CALLS = new LinkedHashMap<>();

    static {
        FAULTS.put("no answer", exchange -> {});
        FAULTS.put("reset", Exchange::reset);
        raw("another protocol", "SSH-2.0-OpenSSH_9.2\r\n");
        raw("garbage", "\u0000\u0001\u0002\u00ff\u00fe{}[]\r\n\r\n\u0007");
        raw("empty lines", "\r\n".repeat(50));
        raw("half a status line", "HTTP/1.1 20");
        raw("half a head", OK + "Content-Type: appl");
        raw("a head without its end", OK + "Content-Length: 2\r\n");
        raw("half a body", JSON + "Content-Length: 100\r\n\r\n{\"Id\":");
        raw("half a chunk", CHUNKED + "64\r\n{\"Id\":");
        raw("no last chunk", CHUNKED + "2\r\n{}\r\n");
        raw("a chunk longer than it says", CHUNKED + "2\r\n{}{}{}\r\n0\r\n\r\n");
        raw("a chunk size of letters", CHUNKED + "zz\r\n{}\r\n0\r\n\r\n");
        raw("a negative chunk size", CHUNKED + "-2\r\n{}\r\n0\r\n\r\n");
        raw("a chunk size beyond all", CHUNKED + "fffffffffffffffff\r\n{}\r\n0\r\n\r\n");
        raw("a negative length", JSON + "Content-Length: -2\r\n\r\n{}");
        raw("a length of letters", JSON + "Content-Length: two\r\n\r\n{}");
        raw("a length beyond all", JSON + "Content-Length: 99999999999999999999\r\n\r\n{}");
        raw("two lengths", JSON + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x");
        raw("two lengths in one", JSON + "Content-Length: 2, 3\r\n\r\n{}x");
        raw("a long status line", "HTTP/1.1 200 " + "x".repeat(100_000) + "\r\n\r\n");
        raw("a long header", OK + "X: " + "x".repeat(100_000) + "\r\n\r\n");
        raw("a line without end", OK + "X: " + "x".repeat(100_000));
        raw("many headers", OK + "X: y\r\n".repeat(20_000) + "\r\n");
        raw("a header without a name", OK + ": x\r\n\r\n");
        raw("a header with a NUL", OK + "Api\u0000Version: x\r\n\r\n");
        raw("a status of letters", "HTTP/1.1 abc OK\r\n\r\n");
        raw("a negative status", "HTTP/1.1 -20 OK\r\n\r\n");
        raw("a status beyond all", "HTTP/1.1 200000000000 OK\r\n\r\n");
        raw("status 999", "HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n");
        raw("another place", "HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n");
        raw("interim answers without end", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(5_000));
        raw("interim answers and no other", "HTTP/1.1 100 Continue\r\n\r\n");
        raw("TLS", "\u0015\u0003\u0003\u0000\u0002\u0002\u0028");
        raw("HTTP/2", "\u0000\u0000\u0006\u0004\u0000\u0000\u0000\u0000\u0000\u0000\u0003\u0000\u0000\u0000\u0064");
        raw("a cut error", "HTTP/1.1 500 Oh\r\nContent-Length: 100\r\n\r\noh no");
        raw("a garbled error", "HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n5\r\noh no\r\nzz\r\n");
        raw("an error to the end", "HTTP/1.1 500 Oh\r\n\r\noh no");

        CALLS.put("call", docker -> docker.containers().inspect("x"));
        CALLS.put("list", docker -> docker.containers().list());
        CALLS.put("change", docker -> docker.containers().rename("x", "y"));
        CALLS.put("head", docker -> docker.containers().stat("x", "/"));
        CALLS.put("patient", docker -> docker.containers().start("x"));
        CALLS.put("wait", docker -> docker.containers().awaitExit("x"));
        CALLS.put("stream", docker -> docker.system().events());
        CALLS.put("transfer", docker -> docker.images().pull("x").result());
        CALLS.put("session", docker -> docker.execs().start("x").flatMapMany(Session::output));
        CALLS.put("upload", docker -> docker.images().importImage(endless()));
        CALLS.put("ping", docker -> docker.system().ping());
    }

    @TempDir
    static Path folder;

    private static void raw(String name, String answer) {
        byte[] bytes = answer.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        FAULTS.put(name, exchange -> {
            try {
                exchange.raw(bytes);
            } catch (IOException gone) {
                // The client has seen enough.
            }
        });
    }

    private static Flux<ByteBuffer> endless() {
        return Flux.<ByteBuffer>generate(sink -> sink.next(ByteBuffer.allocate(16 * 1024)));
    }

    private static FakeEngine answering(FakeEngine engine, FakeEngine.Handler fault) {
        for (String method : List.of("GET", "HEAD", "POST", "PUT", "DELETE")) {
            engine.onHead(method, "/**", fault);
        }
        return engine.on("HEAD", "/_ping", exchange -> exchange.answer(200, ""))
                .on("GET", "/exec/*/json", exchange -> exchange.answer(200, "{\"ID\":\"x\",\"ProcessConfig\":{}}"))
                .on("GET", "/info", exchange -> exchange.answer(200, "{}"));
    }

    private static DockerClient client(FakeEngine engine) {
        return DockerClient.create(config -> config.host(engine.host()).responseTimeout(Duration.ofSeconds(5)));
    }

    /** The error, or that there was none. */
    private static Object ending(Publisher<?> call) {
        return Objects.requireNonNull(Flux.from(call)
                .then(Mono.<Object>just(COMPLETED))
                .onErrorResume(Mono::just)
                .block(LIMIT));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyFaultInEveryCallIsATypedErrorAndTheNextCallGoesWell(boolean unix) throws Exception {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (Map.Entry<String, FakeEngine.Handler> fault : FAULTS.entrySet()) {
            FakeEngine.Handler closing = exchange -> {
                fault.getValue().handle(exchange);
                exchange.close();
            };
            try (FakeEngine engine =
                    answering(unix ? FakeEngine.unix(folder.resolve("docker.sock")) : FakeEngine.tcp(), closing)) {
                engine.onHead("GET", "/_ping", closing);
                count += everyCall(engine, fault.getKey(), wrong);
                engine.awaitOpenConnections(0, LIMIT);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(count).isEqualTo(FAULTS.size() * CALLS.size()).isGreaterThan(400);
    }

    private static int everyCall(FakeEngine engine, String fault, List<String> wrong) {
        try (DockerClient docker = client(engine)) {
            CALLS.forEach((name, call) -> {
                Object end = ending(call.apply(docker));
                if (!isTyped(end)) {
                    wrong.add(name + ", " + fault + ": " + end);
                }
                assertThat(docker.system().info().block(LIMIT)).isNotNull();
            });
        }
        return CALLS.size();
    }

    private static boolean isTyped(Object end) {
        return end instanceof DockerException failure
                && Set.of(ConnectionFailed.class, ProtocolFailure.class, Truncated.class, EngineFailure.class)
                        .contains(failure.getClass())
                && failure.operation().matches("[A-Z]+ /.*")
                && String.valueOf(failure.getMessage()).length() < 4096;
    }

    /** As above, where the client does not even know the version yet. */
    @Test
    void everyFaultInANegotiationFailsTheCallAndTheNextAsksAgain() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, FakeEngine.Handler> fault : FAULTS.entrySet()) {
            try (FakeEngine engine = FakeEngine.unix(folder.resolve("negotiation.sock"));
                    DockerClient docker = client(engine)) {
                FakeEngine.Handler closing = exchange -> {
                    fault.getValue().handle(exchange);
                    exchange.close();
                };
                engine.on("HEAD", "/_ping", closing)
                        .on("GET", "/_ping", closing)
                        .on("GET", "/info", exchange -> exchange.answer(200, "{}"));
                Object end = ending(docker.system().info());
                // An answer to HEAD has no body that could be wrong.
                if (!isTyped(end)
                        && !(end == COMPLETED
                                && OF_BODIES.matcher(fault.getKey()).find())) {
                    wrong.add(fault.getKey() + ": " + end);
                }
                engine.on("HEAD", "/_ping", exchange -> exchange.answer(200, ""));
                assertThat(docker.system().info().block(LIMIT)).isNotNull();
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** What an error says beyond the first mebibyte, or later than after some seconds, is not waited for. */
    @Test
    void anErrorThatNeverEndsIsToldAllTheSame() throws Exception {
        Gate never = new Gate();
        FakeEngine.Handler trickle = exchange -> {
            exchange.raw("HTTP/1.1 500 Oh\r\nContent-Length: 1000\r\n\r\noh no");
            never.await();
        };
        FakeEngine.Handler flood = exchange -> {
            exchange.raw("HTTP/1.1 500 Oh\r\n\r\n" + "oh no".repeat(1000));
            while (true) {
                exchange.raw(new byte[64 * 1024]);
            }
        };
        List<String> wrong = new ArrayList<>();
        try (FakeEngine slow = answering(FakeEngine.unix(folder.resolve("slow.sock")), trickle);
                FakeEngine large = answering(FakeEngine.unix(folder.resolve("large.sock")), flood);
                DockerClient toSlow = DockerClient.create(config -> config.host(slow.host()));
                DockerClient toLarge = DockerClient.create(config -> config.host(large.host()))) {
            Set<String> calls = Set.of("call", "patient", "stream", "transfer", "session", "upload");
            List<Mono<String>> all = new ArrayList<>();
            for (String call : calls) {
                for (DockerClient docker : List.of(toSlow, toLarge)) {
                    all.add(Flux.from(Objects.requireNonNull(CALLS.get(call)).apply(docker))
                            .then(Mono.just(call + ": no error"))
                            .onErrorResume(failure -> failure instanceof EngineFailure told
                                            && told.engineMessage().startsWith("oh no")
                                    ? Mono.empty()
                                    : Mono.just(call + ": " + failure)));
                }
            }
            var unused = Flux.merge(all).doOnNext(wrong::add).blockLast(LIMIT);
            assertThat(wrong).isEmpty();
            never.open();
        }
    }

    /** Whoever uploads to an Engine that takes nothing, or all there is, leaves the loop to the others. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUploadLeavesTheEventLoopToOthers(boolean reads) throws Exception {
        Gate over = new Gate();
        reactor.netty.resources.LoopResources one = reactor.netty.resources.LoopResources.create("one-loop", 1, true);
        try (FakeEngine engine = answering(FakeEngine.unix(folder.resolve("upload.sock")), exchange -> {
                    while (reads && exchange.readBody(1 << 20).length > 0) {
                        // As fast as it comes.
                    }
                    over.await();
                });
                DockerClient docker = DockerClient.create(
                        config -> config.host(engine.host()).eventLoops(one).responseTimeout(LIMIT))) {
            assertThat(docker.system().info().block(LIMIT)).isNotNull();
            for (Flux<ByteBuffer> source :
                    List.of(endless(), Flux.<ByteBuffer>generate(sink -> sink.next(ByteBuffer.allocate(0))))) {
                var upload =
                        docker.images().importImage(source).onErrorComplete().subscribe();
                engine.awaitRequests(2, LIMIT);
                for (int time = 0; time < 20; time++) {
                    assertThat(docker.system().info().block(LIMIT)).isNotNull();
                }
                upload.dispose();
            }
            over.open();
        } finally {
            one.disposeLater().block(LIMIT);
        }
    }
}
