package dev.fairlead.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.DockerClient;
import dev.fairlead.ExchangeFilter;
import dev.fairlead.ExchangeRequest;
import dev.fairlead.core.error.NotFound;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.observation.transport.SenderContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** What is observed of an exchange, however it ends, and what is sent on. */
@Timeout(60)
final class ObservationFilterTest {

    private static final Duration LIMIT = StubEngine.LIMIT;

    private final StubEngine engine = new StubEngine();
    private final TestObservationRegistry registry = TestObservationRegistry.create();
    private final AtomicInteger open = new AtomicInteger();

    @BeforeEach
    void count() {
        registry.observationConfig().observationHandler(new ObservationHandler<ExchangeContext>() {
            @Override
            public void onStart(ExchangeContext context) {
                open.incrementAndGet();
            }

            @Override
            public void onStop(ExchangeContext context) {
                open.decrementAndGet();
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof ExchangeContext;
            }
        });
    }

    @AfterEach
    void stop() {
        engine.close();
        assertThat(open).as("what was started is stopped").hasValue(0);
    }

    private DockerClient client() {
        return engine.client(
                config -> config.header("X-Proxy", "hidden-header").filter(ObservationFilter.of(registry)));
    }

    private TestObservationRegistryAssert observed() {
        return TestObservationRegistryAssert.assertThat(registry);
    }

    @Test
    void observesACallByItsTemplate() {
        try (DockerClient docker = client()) {
            assertThat(docker.images().list().collectList().block(LIMIT)).isEmpty();
        }
        observed().hasNumberOfObservationsWithNameEqualTo("fairlead.exchange", 2);
        observed().hasAnObservation(seen -> seen.hasContextualNameEqualTo("GET /images/json")
                .hasLowCardinalityKeyValue("operation", "GET /images/json")
                .hasLowCardinalityKeyValue("status", "200")
                .hasLowCardinalityKeyValue("outcome", "complete")
                .hasLowCardinalityKeyValue("error.type", "none")
                .hasLowCardinalityKeyValue("engine", engine.host())
                .hasLowCardinalityKeyValue("engine.kind", "tcp")
                .hasHighCardinalityKeyValue("path", "/v1.51/images/json")
                .hasHighCardinalityKeyValue("api.version", "1.51")
                .hasHighCardinalityKeyValue("bytes.received", "2"));
        observed().hasAnObservation(seen -> seen.hasContextualNameEqualTo("HEAD /_ping")
                .hasHighCardinalityKeyValue("api.version", "none"));
    }

    @Test
    void observesARefusalWithoutWhatWasAskedFor() {
        try (DockerClient docker = client()) {
            assertThatThrownBy(() -> docker.containers().stop("secret-id").block(LIMIT))
                    .isInstanceOf(NotFound.class);
        }
        observed().hasAnObservation(seen -> seen.hasContextualNameEqualTo("POST /containers/{id}/stop")
                .hasError()
                .hasLowCardinalityKeyValue("status", "404")
                .hasLowCardinalityKeyValue("outcome", "failed")
                .hasLowCardinalityKeyValue("error.type", "NotFound"));
        assertThat(keys(true)).noneMatch(key -> key.getValue().contains("secret-id"));
        assertThat(keys(false)).noneMatch(key -> key.getValue().contains("hidden-header"));
    }

    private List<KeyValue> keys(boolean low) {
        List<KeyValue> all = new CopyOnWriteArrayList<>();
        observed()
                .hasHandledContextsThatSatisfy(contexts -> contexts.forEach(context -> {
                    context.getLowCardinalityKeyValues().forEach(all::add);
                    if (!low) {
                        context.getHighCardinalityKeyValues().forEach(all::add);
                    }
                }));
        assertThat(all).isNotEmpty();
        return all;
    }

    @Test
    void showsNothingOfABasePath() {
        try (DockerClient docker = engine.client(
                config -> config.host(engine.host() + "/hidden-base").filter(ObservationFilter.of(registry)))) {
            docker.images().list().then().block(LIMIT);
        }
        assertThat(engine.requests).allMatch(request -> request.uri().startsWith("/hidden-base/"));
        assertThat(keys(false)).noneMatch(key -> key.getValue().contains("hidden-base"));
    }

    @Test
    void showsNothingOfAQuery() {
        try (DockerClient docker = client()) {
            assertThatThrownBy(
                            () -> docker.images().tag("image", "hidden-query").block(LIMIT))
                    .isInstanceOf(NotFound.class);
        }
        assertThat(engine.requests).anyMatch(request -> request.uri().contains("hidden-query"));
        assertThat(keys(false)).noneMatch(key -> key.getValue().contains("hidden-query"));
    }

    @Test
    void observesThatThereIsNoEngine() {
        engine.close();
        try (DockerClient docker = client()) {
            assertThatThrownBy(() -> docker.system().ping().block(LIMIT)).isNotNull();
        }
        observed()
                .hasSingleObservationThat()
                .hasBeenStopped()
                .hasLowCardinalityKeyValue("status", "none")
                .hasLowCardinalityKeyValue("error.type", "ConnectionFailed");
    }

    @Test
    void observesAStreamUntilItIsCancelled() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        registry.observationConfig().observationHandler(new ObservationHandler<ExchangeContext>() {
            @Override
            public void onStop(ExchangeContext context) {
                if (context.request().operation().endsWith("/stats")) {
                    stopped.countDown();
                }
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof ExchangeContext;
            }
        });
        CountDownLatch sample = new CountDownLatch(1);
        try (DockerClient docker = client()) {
            Disposable watching = docker.containers().stats("x").subscribe(stats -> sample.countDown(), failure -> {});
            engine.feed("{}\n");
            assertThat(sample.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(stopped.getCount()).isEqualTo(1);
            watching.dispose();
            assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
        }
        observed().hasAnObservation(seen -> seen.hasContextualNameEqualTo("GET /containers/{id}/stats")
                .hasLowCardinalityKeyValue("status", "200")
                .hasLowCardinalityKeyValue("outcome", "cancelled")
                .doesNotHaveError()
                .hasHighCardinalityKeyValue("items", "1"));
    }

    @Test
    void isAChildOfTheSubscriptionsObservation() {
        Observation parent = Observation.start("parent", registry);
        try (DockerClient docker = client()) {
            docker.images()
                    .list()
                    .then()
                    .contextWrite(context -> context.put("micrometer.observation", parent))
                    .block(LIMIT);
        }
        parent.stop();
        observed().hasAnObservation(seen -> seen.hasContextualNameEqualTo("GET /images/json")
                .hasParentObservationEqualTo(parent));
    }

    /** Does what a tracer's handler does: writes its headers when the observation starts. */
    private static final class Tracer implements ObservationHandler<SenderContext<Object>> {
        @Override
        public void onStart(SenderContext<Object> context) {
            Object carrier = Objects.requireNonNull(context.getCarrier());
            context.getSetter().set(carrier, "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            context.getSetter().set(carrier, "tracestate", "broken\nline");
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof SenderContext;
        }
    }

    @Test
    void sendsTraceHeadersOnAndLeavesBrokenOnesOut() {
        registry.observationConfig().observationHandler(new Tracer());
        try (DockerClient docker = client()) {
            docker.images().list().then().block(LIMIT);
        }
        assertThat(engine.requests).hasSize(2).allSatisfy(request -> {
            assertThat(request.requestHeaders().get("traceparent"))
                    .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            assertThat(request.requestHeaders().contains("tracestate")).isFalse();
        });
    }

    @Test
    void letsAConventionOfTheRegistryName() {
        registry.observationConfig().observationConvention(new ExchangeConvention() {
            @Override
            public String getName() {
                return "docker.calls";
            }
        });
        try (DockerClient docker = client()) {
            docker.images().list().then().block(LIMIT);
        }
        observed().hasNumberOfObservationsWithNameEqualTo("docker.calls", 2);
    }

    /** Remembers the last request that it is shown. */
    private static final class Witness implements ExchangeFilter {
        private volatile @Nullable ExchangeRequest seen;

        @Override
        public Mono<ExchangeRequest> before(ExchangeRequest request) {
            seen = request;
            return Mono.just(request);
        }
    }

    @Test
    void makesNothingWhereNobodyObserves() {
        TestObservationRegistry choosy = TestObservationRegistry.create();
        choosy.observationConfig().observationPredicate((name, context) -> !name.equals("fairlead.exchange"));
        Witness before = new Witness();
        Witness after = new Witness();
        try (DockerClient docker = engine.client(config -> config.filter(before)
                .filter(ObservationFilter.of(ObservationRegistry.NOOP))
                .filter(ObservationFilter.of(choosy))
                .filter(after))) {
            docker.images().list().then().block(LIMIT);
        }
        assertThat(after.seen).isNotNull().isSameAs(before.seen);
    }
}
