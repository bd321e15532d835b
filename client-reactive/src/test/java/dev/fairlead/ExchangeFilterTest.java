package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.FilterFailed;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.testing.FakeEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What filters see and may do, of each kind of exchange and however it ends. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
final class ExchangeFilterTest {

    private static final Duration LIMIT = UnderWay.LIMIT;

    private FakeEngine engine;
    private DockerClient docker;
    private final Ledger ledger = new Ledger();

    /** Writes down what it is told. */
    private static final class Ledger implements ExchangeFilter {

        final List<ExchangeRequest> asked = new CopyOnWriteArrayList<>();
        final List<Integer> answers = new CopyOnWriteArrayList<>();
        final Map<ExchangeTraffic, ExchangeEnd> ends = new ConcurrentHashMap<>();
        final List<String> twice = new CopyOnWriteArrayList<>();

        @Override
        public Mono<ExchangeRequest> before(ExchangeRequest request) {
            asked.add(request);
            return Mono.just(request);
        }

        @Override
        public void answered(ExchangeRequest request, ExchangeAnswer answer) {
            answers.add(answer.status());
        }

        @Override
        public synchronized void ended(ExchangeRequest request, ExchangeEnd end) {
            if (ends.put(request.traffic(), end) != null) {
                twice.add(request.toString());
            }
            notifyAll();
        }

        List<String> operations() {
            return asked.stream().map(ExchangeRequest::operation).toList();
        }

        ExchangeRequest last() {
            return asked.get(asked.size() - 1);
        }

        /** Of the exchange that began last. */
        synchronized ExchangeEnd end() throws InterruptedException {
            long limit = System.nanoTime() + LIMIT.toNanos();
            while (ends.get(last().traffic()) == null) {
                assertThat(System.nanoTime()).as("it does not end").isLessThan(limit);
                wait(100);
            }
            return Objects.requireNonNull(ends.get(last().traffic()));
        }

        void isBalanced() {
            assertThat(twice).isEmpty();
            assertThat(ends).hasSameSizeAs(asked);
        }
    }

    @BeforeEach
    void start() throws Exception {
        engine = UnderWay.engine();
        docker = client(ledger);
    }

    @AfterEach
    void stop() throws Exception {
        docker.close();
        engine.stop();
        ledger.isBalanced();
    }

    private DockerClient client(ExchangeFilter... filters) {
        return UnderWay.client(engine, config -> {
            config.header("X-Proxy", "secret-of-the-proxy");
            for (ExchangeFilter filter : filters) {
                config.filter(filter);
            }
        });
    }

    @Test
    void seesPingAndCall() throws Exception {
        engine.on("GET", "/images/json", exchange -> exchange.answer(200, "[]"));
        var unused = docker.images().list(list -> list.all(true)).collectList().block(LIMIT);
        assertThat(ledger.operations()).containsExactly("HEAD /_ping", "GET /images/json");
        assertThat(ledger.answers).containsExactly(200, 200);
        assertThat(ledger.asked.get(0).apiVersion()).isNull();
        ExchangeRequest call = ledger.last();
        assertThat(call.path()).isEqualTo("/v1.51/images/json");
        assertThat(call.apiVersion()).isEqualTo(ApiVersion.of(1, 51));
        assertThat(call.host()).isEqualTo(docker.host());
        assertThat(call.hasOwnConnection()).isFalse();
        assertThat(call.headers()).containsEntry("x-proxy", "***");
        assertThat(call.toString()).doesNotContain("secret");
        assertThat(ledger.end().kind()).isEqualTo(ExchangeEnd.Kind.COMPLETE);
        assertThat(ledger.end().duration()).isPositive();
        assertThat(call.traffic().bytesReceived()).isEqualTo(2);
    }

    @Test
    void countsWhatAStreamAndASessionMove() throws Exception {
        engine.on("GET", "/containers/x/stats", exchange -> {
            var answer = exchange.startChunked(200, Map.of("Content-Type", "application/json"));
            answer.write("{}\n{}\n").write("{}\n").end();
        });
        engine.on("POST", "/exec/x/start", exchange -> {
            var hijacked = exchange.hijack("application/vnd.docker.raw-stream");
            hijacked.write("got " + new String(hijacked.read(9), StandardCharsets.UTF_8))
                    .close();
        });
        var unused = docker.containers().stats("x").collectList().block(LIMIT);
        assertThat(ledger.last().hasOwnConnection()).isTrue();
        assertThat(ledger.last().traffic().items()).isEqualTo(3);
        assertThat(ledger.last().traffic().bytesReceived()).isEqualTo(9);
        assertThat(ledger.end().kind()).isEqualTo(ExchangeEnd.Kind.COMPLETE);
        var unusedEither = docker.execs()
                .start("x")
                .flatMapMany(session -> session.write(Flux.just(bytes("12345"), bytes("678")))
                        .then(session.closeInput())
                        .thenMany(session.output()))
                .collectList()
                .block(LIMIT);
        assertThat(ledger.last().operation()).isEqualTo("POST /exec/{id}/start");
        assertThat(ledger.end().kind()).isEqualTo(ExchangeEnd.Kind.COMPLETE);
        assertThat(ledger.answers).endsWith(101);
        assertThat(ledger.last().traffic().bytesReceived()).isEqualTo(13);
        // The body of the request as well, and the ^D by which a terminal's input ends.
        assertThat(ledger.last().traffic().bytesSent()).isGreaterThan(9);
    }

    @Test
    void seesASessionEndWhoseOutputNobodyTakes() throws Exception {
        engine.on("POST", "/exec/x/start", exchange -> exchange.hijack("application/vnd.docker.raw-stream")
                .close());
        Session session = Objects.requireNonNull(docker.execs().start("x").block(LIMIT));
        assertThat(ledger.end().kind()).isEqualTo(ExchangeEnd.Kind.COMPLETE);
        session.close();
    }

    @Test
    void seesUploads() throws Exception {
        engine.on("POST", "/images/load", exchange -> exchange.answer(200, "{\"stream\":\"Loaded image: a:1\\n\"}"));
        var unused = docker.images()
                .load(Flux.just(bytes("1234567890")))
                .messages()
                .collectList()
                .block(LIMIT);
        assertThat(ledger.last().traffic().bytesSent()).isEqualTo(10);
        assertThat(ledger.end().kind()).isEqualTo(ExchangeEnd.Kind.COMPLETE);
    }

    @Test
    void tellsFailuresAsTheirCallerSeesThem() throws Exception {
        engine.on("GET", "/images/x/json", exchange -> exchange.answer(404, "{\"message\":\"no x\"}"));
        engine.on("GET", "/containers/y/logs", exchange -> exchange.answer(404, "{\"message\":\"no y\"}"));
        engine.on("POST", "/images/create", exchange -> exchange.answer(200, "{\"error\":\"no z\"}"));
        engine.on("GET", "/containers/z/logs", exchange -> {
            exchange.startChunked(200, Map.of("Content-Type", "application/vnd.docker.multiplexed-stream"));
            exchange.cut();
        });
        fails(docker.images().inspect("x"));
        assertThat(ledger.end().failure()).isInstanceOf(NotFound.class).hasMessageContaining("no x");
        fails(docker.containers().logs("y").then());
        assertThat(ledger.end().failure()).isInstanceOf(NotFound.class).hasMessageContaining("no y");
        fails(docker.images().pull("z:1").result());
        assertThat(ledger.end().failure()).isInstanceOf(StreamFailed.class).hasMessageContaining("no z");
        fails(docker.containers().logs("z").then());
        assertThat(ledger.end().failure()).isInstanceOf(Truncated.class);
        assertThat(ledger.answers).contains(404);
    }

    @ParameterizedTest
    @EnumSource
    void tellsCancelAndCloseOnce(UnderWay kind) throws Exception {
        Disposable begun = Flux.from(kind.on(docker)).subscribe(value -> {}, failure -> {});
        kind.awaitAsked(engine, 1);
        begun.dispose();
        assertThat(ledger.end().kind()).isEqualTo(ExchangeEnd.Kind.CANCELLED);
        CompletableFuture<Void> closed = Mono.when(kind.on(docker)).toFuture();
        kind.awaitAsked(engine, 2);
        docker.close();
        closed.handle((nothing, failure) -> failure).get(10, TimeUnit.SECONDS);
        assertThat(ledger.end().failure()).isInstanceOf(ClientClosed.class);
    }

    @Test
    void addsHeadersInOrderAndWaitsForThem() throws Exception {
        engine.on("GET", "/images/json", exchange -> exchange.answer(200, "[]"));
        try (DockerClient filtered = client(
                ledger,
                before(request -> Mono.delay(Duration.ofMillis(10)).map(now -> request.withHeader("X-A", "1"))),
                before(request -> Mono.just(request.withHeader("x-a", "2").withHeader("X-PROXY", "mine"))),
                before(request -> {
                    assertThat(request.headers()).containsEntry("X-A", "***");
                    return Mono.deferContextual(context -> Mono.just(request.withHeader("X-Id", context.get("id"))));
                }))) {
            var unused = filtered.images()
                    .list()
                    .contextWrite(context -> context.put("id", "7"))
                    .collectList()
                    .block(LIMIT);
        }
        var sent = engine.requests("GET", "/images/json").get(0);
        assertThat(sent.header("X-A")).hasValue("2");
        assertThat(sent.header("X-Proxy")).hasValue("mine");
        assertThat(sent.header("X-Id")).hasValue("7");
        // Asked of the first filter, which sees none of it yet.
        assertThat(ledger.last().headers()).doesNotContainKey("X-A");
    }

    @Test
    void keepsWhatAFilterPutsThere() throws Exception {
        engine.on("GET", "/images/json", exchange -> exchange.answer(200, "[]"));
        List<String> seen = new CopyOnWriteArrayList<>();
        try (DockerClient filtered = client(ledger, new ExchangeFilter() {
            @Override
            public Mono<ExchangeRequest> before(ExchangeRequest request) {
                return Mono.just(request.with("span", "of " + request.operation()));
            }

            @Override
            public void ended(ExchangeRequest request, ExchangeEnd end) {
                seen.add(request.context().<String>get("span") + " in "
                        + request.context().get("parent"));
            }
        })) {
            var unused = filtered.images()
                    .list()
                    .contextWrite(context -> context.put("parent", "p"))
                    .collectList()
                    .block(LIMIT);
        }
        assertThat(seen).contains("of GET /images/json in p");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "content-length", "Transfer-Encoding", "a b", ""})
    void refusesHeadersOfTheTransport(String name) throws Exception {
        try (DockerClient filtered = client(ledger, before(request -> Mono.just(request.withHeader(name, "x"))))) {
            assertThat(failure(filtered.system().ping())).isInstanceOf(FilterFailed.class);
        }
        assertThat(ledger.end().failure()).isInstanceOf(FilterFailed.class);
        assertThat(engine.requests()).isEmpty();
    }

    @Test
    void failsTheCallThatAFilterFails() throws Exception {
        ExchangeRequest[] other = new ExchangeRequest[1];
        List<ExchangeFilter> broken = List.of(
                before(request -> {
                    throw new IllegalStateException("thrown");
                }),
                before(request -> Mono.error(new IllegalStateException("emitted"))),
                before(request -> Mono.empty()),
                before(request -> {
                    ExchangeRequest given = other[0] == null ? request : other[0];
                    other[0] = request;
                    return Mono.just(given);
                }));
        for (ExchangeFilter filter : broken) {
            Ledger after = new Ledger();
            Ledger never = new Ledger();
            try (DockerClient filtered = client(ledger, after, filter, never)) {
                if (filter == broken.get(3)) {
                    var unused = filtered.system().ping().block(LIMIT);
                    never.asked.clear();
                    never.ends.clear();
                }
                Throwable failure = failure(filtered.system().version());
                assertThat(failure)
                        .isInstanceOf(FilterFailed.class)
                        .hasMessageContaining(filter.getClass().getName());
                assertThat(failure.getMessage()).doesNotContain("thrown").doesNotContain("emitted");
                assertThat(ledger.end().failure()).isInstanceOf(FilterFailed.class);
                after.isBalanced();
                assertThat(never.asked).isEmpty();
                assertThat(never.ends).isEmpty();
            }
        }
    }

    @Test
    void swallowsWhatObserversThrow() throws Exception {
        ExchangeFilter loud = new ExchangeFilter() {
            @Override
            public void answered(ExchangeRequest request, ExchangeAnswer answer) {
                throw new IllegalStateException("answered");
            }

            @Override
            public void ended(ExchangeRequest request, ExchangeEnd end) {
                throw new AssertionError("ended");
            }
        };
        try (DockerClient filtered = client(ledger, loud, new Ledger())) {
            assertThat(filtered.system().ping().block(LIMIT)).isNotNull();
        }
        assertThat(ledger.end().kind()).isEqualTo(ExchangeEnd.Kind.COMPLETE);
    }

    /** A filter that waits for ever: for its caller, and when the client is closed. */
    @Test
    void endsWhileAFilterWaits() throws Exception {
        DockerClient filtered = client(ledger, before(request -> Mono.never()));
        Disposable call = filtered.system().ping().subscribe();
        call.dispose();
        assertThat(ledger.end().kind()).isEqualTo(ExchangeEnd.Kind.CANCELLED);
        CompletableFuture<?> closed = filtered.containers().logs("x").then().toFuture();
        filtered.close();
        assertThat(closed.handle((nothing, failure) -> failure).get(10, TimeUnit.SECONDS))
                .isInstanceOf(ClientClosed.class);
        assertThat(ledger.end().failure()).isInstanceOf(ClientClosed.class);
        assertThat(engine.requests()).isEmpty();
    }

    @Test
    void hidesCredentials() throws Exception {
        engine.on("POST", "/images/create", exchange -> exchange.answer(200, "{\"status\":\"Digest: sha256:1\"}"));
        try (DockerClient filtered = UnderWay.client(engine, config -> config.filter(ledger)
                .credentials(RegistryCredentials.basic("r.example", "me", "hidden-password")))) {
            var unused = filtered.images()
                    .pull("r.example/a:1")
                    .messages()
                    .collectList()
                    .block(LIMIT);
        }
        ExchangeRequest pull = ledger.asked.stream()
                .filter(request -> request.operation().equals("POST /images/create"))
                .findFirst()
                .orElseThrow();
        assertThat(pull.headers()).containsEntry("X-Registry-Auth", "***");
        assertThat(pull.path()).isEqualTo("/v1.51/images/create");
    }

    /** What a proxy or a registry repeats is hidden from filters as from the caller, and what only a filter knows from both. */
    @ParameterizedTest
    @ValueSource(strings = {"/images/x/json", "/containers/x/stats"})
    void hidesSecretsThatAreRepeated(String path) throws Exception {
        docker.close();
        docker = client(ledger, new ExchangeFilter() {
            @Override
            public Mono<ExchangeRequest> before(ExchangeRequest request) {
                return Mono.just(request.withHeader("X-Gate-Token", "token-of-the-gate"));
            }
        });
        engine.on("GET", path, exchange -> exchange.answer(403, "{\"message\":\"no token-of-the-gate is let in\"}"));
        Mono<?> call = path.endsWith("stats")
                ? docker.containers().stats("x").then()
                : docker.images().inspect("x");
        Throwable failure =
                call.then().toFuture().handle((nothing, thrown) -> thrown).get(10, TimeUnit.SECONDS);
        assertThat(failure).hasMessageContaining("no *** is let in").hasMessageNotContaining("token-of-the-gate");
        assertThat(ledger.end().failure())
                .hasMessageContaining("no *** is let in")
                .hasMessageNotContaining("token-of-the-gate");
    }

    /** Also where the Engine, or a proxy, has no word for it. */
    @Test
    void aRefusalWithoutABodyIsAFailure() throws Exception {
        engine.on("POST", "/containers/x/start", exchange -> exchange.answer(502, ""));
        Throwable failure = docker.containers()
                .start("x")
                .toFuture()
                .handle((nothing, thrown) -> thrown)
                .get(10, TimeUnit.SECONDS);
        assertThat(failure).isInstanceOf(EngineFailure.class);
        assertThat(ledger.end().kind()).isEqualTo(ExchangeEnd.Kind.FAILED);
        assertThat(ledger.end().failure()).isInstanceOf(EngineFailure.class);
    }

    @Test
    void hidesTheSecretsOfABodyFromFilters() throws Exception {
        engine.on("POST", "/swarm/unlock", exchange -> exchange.answer(400, "{\"message\":\"SWMKEY-1-abc is wrong\"}"));
        Throwable failure = docker.swarm()
                .unlock("SWMKEY-1-abc")
                .toFuture()
                .handle((nothing, thrown) -> thrown)
                .get(10, TimeUnit.SECONDS);
        assertThat(failure).hasMessageNotContaining("SWMKEY-1-abc");
        assertThat(ledger.end().failure()).hasMessageContaining("***").hasMessageNotContaining("SWMKEY-1-abc");
    }

    @Test
    void refusesNoFilter() {
        assertThatThrownBy(() -> DockerConfig.builder().filter(absent()))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("filter");
        assertThat(Filters.of(List.of(), Set.of(), docker.host(), "")).isNull();
    }

    @SuppressWarnings("NullAway")
    private static ExchangeFilter absent() {
        return null;
    }

    private interface Before {
        Mono<ExchangeRequest> before(ExchangeRequest request);
    }

    private static ExchangeFilter before(Before change) {
        return new ExchangeFilter() {
            @Override
            public Mono<ExchangeRequest> before(ExchangeRequest request) {
                return change.before(request);
            }
        };
    }

    private static void fails(Mono<?> call) throws Exception {
        assertThat(failure(call)).isNotNull();
    }

    private static Throwable failure(Mono<?> call) throws Exception {
        try {
            call.toFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            return Objects.requireNonNull(failed.getCause());
        }
        throw new AssertionError("it ended as if all were well");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
