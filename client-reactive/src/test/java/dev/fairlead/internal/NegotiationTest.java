package dev.fairlead.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.internal.transport.Kind;
import dev.fairlead.internal.transport.OnAllSockets;
import dev.fairlead.internal.transport.OnUnixSockets;
import dev.fairlead.internal.transport.TransportFixture;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Gate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** How calls come by the version in their path. */
class NegotiationTest extends TransportFixture {

    private static final Credentials NO_CREDENTIALS = new Credentials(host -> Mono.empty(), Mono::empty);

    @OnAllSockets
    void asksOnceWhenTheFirstCallNeedsIt(Kind kind) throws Exception {
        FakeEngine engine = scripted(kind);
        Http http = http(kind, null);
        Mono<Void> call = http.get("/a").done();
        assertThat(engine.connections()).isZero();
        call.block(LIMIT);
        call.block(LIMIT);
        assertThat(engine.requests())
                .extracting(Object::toString)
                .containsExactly("HEAD /_ping HTTP/1.1", "GET /v1.51/a HTTP/1.1", "GET /v1.51/a HTTP/1.1");
    }

    @OnUnixSockets
    void asksOnceForFiftyCallsAtOnce(Kind kind) throws Exception {
        Gate gate = new Gate();
        FakeEngine engine = scripted(kind).on("HEAD", "/_ping", exchange -> {
            gate.await();
            exchange.answer(200, Map.of(), "");
        });
        Http http = http(kind, null);
        CompletableFuture<Long> done = Flux.range(0, 50)
                .flatMap(call -> http.get("/a").done().thenReturn(call), 50)
                .count()
                .toFuture();
        engine.awaitRequests(1, LIMIT);
        gate.open();
        assertThat(done.get(10, TimeUnit.SECONDS)).isEqualTo(50);
        assertThat(engine.requests("HEAD", "/_ping")).hasSize(1);
        assertThat(engine.requests("GET", "/a")).hasSize(50);
    }

    @OnUnixSockets
    void outlivesTheCallThatAskedFirst(Kind kind) throws Exception {
        Gate gate = new Gate();
        FakeEngine engine = scripted(kind).on("HEAD", "/_ping", exchange -> {
            gate.await();
            exchange.answer(200, Map.of(), "");
        });
        Http http = http(kind, null);
        var first = http.get("/a").done().subscribe();
        engine.awaitRequests(1, LIMIT);
        CompletableFuture<Void> second = http.get("/a").done().toFuture();
        first.dispose();
        gate.open();
        second.get(10, TimeUnit.SECONDS);
        assertThat(engine.requests("HEAD", "/_ping")).hasSize(1);
        assertThat(engine.requests("GET", "/a")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"1.40,1.40", "1.51,1.51", "1.55,1.55", "1.99,1.55", "2.0,1.55"})
    void takesTheNewestThatBothKnow(String engineVersion, String expected) throws Exception {
        FakeEngine engine = scripted(Kind.UNIX_EPOLL).apiVersion(engineVersion);
        http(Kind.UNIX_EPOLL, null).get("/a").done().block(LIMIT);
        assertThat(engine.requests("GET", "/a").get(0).apiVersion()).hasValue(expected);
    }

    @OnUnixSockets
    void refusesAnEngineThatIsTooOld(Kind kind) throws Exception {
        FakeEngine engine = scripted(kind).apiVersion("1.39");
        StepVerifier.create(http(kind, null).get("/a").done())
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(UnsupportedByEngine.class)
                        .hasMessageContaining("1.39"))
                .verify(LIMIT);
        assertThat(engine.requests("GET", "/a")).isEmpty();
    }

    @OnUnixSockets
    void triesTheNewestWhereAProxyDropsTheHeader(Kind kind) throws Exception {
        FakeEngine engine =
                scripted(kind).on("HEAD", "/_ping", exchange -> exchange.answer(200, Map.of("Api-Version", ""), ""));
        http(kind, null).get("/a").done().block(LIMIT);
        assertThat(engine.requests("GET", "/a").get(0).apiVersion()).hasValue(ApiVersion.NEWEST.toString());
    }

    @OnUnixSockets
    void asksWithGetWhereHeadIsRefused(Kind kind) throws Exception {
        FakeEngine engine =
                scripted(kind).apiVersion("1.45").on("HEAD", "/_ping", exchange -> exchange.answer(405, Map.of(), ""));
        http(kind, null).get("/a").done().block(LIMIT);
        assertThat(engine.requests())
                .extracting(Object::toString)
                .containsExactly("HEAD /_ping HTTP/1.1", "GET /_ping HTTP/1.1", "GET /v1.45/a HTTP/1.1");
    }

    @OnUnixSockets
    void failsTheCallAndAsksAgainForTheNext(Kind kind) throws Exception {
        AtomicBoolean ready = new AtomicBoolean();
        FakeEngine engine = scripted(kind)
                .on("HEAD", "/_ping", exchange -> exchange.answer(ready.get() ? 200 : 500, Map.of(), ""))
                .on("GET", "/_ping", exchange -> exchange.answer(500, "{\"message\":\"not yet\"}"));
        Http http = http(kind, null);
        for (int time = 1; time <= 2; time++) {
            StepVerifier.create(http.get("/a").done())
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(EngineFailure.class)
                            .hasMessageContaining("GET /_ping")
                            .hasMessageContaining("not yet"))
                    .verify(LIMIT);
            assertThat(engine.requests("HEAD", "/_ping")).hasSize(time);
        }
        ready.set(true);
        http.get("/a").done().block(LIMIT);
        assertThat(engine.requests("GET", "/a")).hasSize(1);
    }

    @OnUnixSockets
    void failsTheCallWithTheReasonForWhichThereIsNoConnection(Kind kind) throws Exception {
        FakeEngine engine = scripted(kind);
        Http http = http(kind, null);
        engine.stop();
        StepVerifier.create(http.get("/a").done())
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(ConnectionFailed.class)
                        .hasMessageContaining("is the Engine running?"))
                .verify(LIMIT);
    }

    @OnUnixSockets
    void asksNothingWhenTheVersionWasChosen(Kind kind) throws Exception {
        FakeEngine engine = scripted(kind);
        http(kind, ApiVersion.of(1, 44)).get("/a").done().block(LIMIT);
        assertThat(engine.requests()).extracting(Object::toString).containsExactly("GET /v1.44/a HTTP/1.1");
    }

    @OnUnixSockets
    void sendsNothingThatTheEngineDoesNotKnow(Kind kind) throws Exception {
        FakeEngine engine = scripted(kind);
        Http http = http(kind, ApiVersion.of(1, 44));
        StepVerifier.create(http.get("/a").since(ApiVersion.of(1, 47)).done())
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(UnsupportedByEngine.class)
                        .hasMessageContaining("1.47")
                        .hasMessageContaining("1.44"))
                .verify(LIMIT);
        assertThat(engine.connections()).isZero();
    }

    @OnUnixSockets
    void needsNoVersionWhereThePathHasNone(Kind kind) throws Exception {
        FakeEngine engine = engine(kind);
        http(kind, null).get("/_ping").unversioned().done().block(LIMIT);
        assertThat(engine.requests()).extracting(Object::toString).containsExactly("GET /_ping HTTP/1.1");
    }

    @OnUnixSockets
    void sendsTheHeadersOfTheConfigurationWithEveryRequest(Kind kind) throws Exception {
        FakeEngine engine = scripted(kind);
        var transport = transport(kind);
        Map<String, String> headers = Map.of("X-Team", "blue");
        new Http(
                        transport,
                        new Negotiator(transport, "", headers, null, LIMIT),
                        "",
                        headers,
                        null,
                        NO_CREDENTIALS,
                        Retrying.off())
                .get("/a")
                .done()
                .block(LIMIT);
        assertThat(engine.requests())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.headers().keySet()).containsAll(Set.of("X-Team")));
    }

    private FakeEngine scripted(Kind kind) throws Exception {
        return engine(kind).on("GET", "/a", exchange -> exchange.answer(200, ""));
    }

    private Http http(Kind kind, @Nullable ApiVersion chosen) throws Exception {
        var transport = transport(kind);
        return new Http(
                transport,
                new Negotiator(transport, "", Map.of(), chosen, LIMIT),
                "",
                Map.of(),
                null,
                NO_CREDENTIALS,
                Retrying.off());
    }
}
