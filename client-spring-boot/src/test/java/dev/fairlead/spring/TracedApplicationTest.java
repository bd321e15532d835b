package dev.fairlead.spring;

import static org.assertj.core.api.Assertions.assertThat;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import brave.sampler.Sampler;
import dev.fairlead.DockerClient;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** A trace goes through a WebFlux application: its caller's span, the server's, the exchange's, and on to the Engine. */
@Timeout(180)
final class TracedApplicationTest {

    private static final int REQUESTS = 8;
    private static final String CALLER = "b7ad6b7169203331";

    /** Spans that have ended. */
    static final class Spans extends SpanHandler {

        private final List<MutableSpan> ended = new CopyOnWriteArrayList<>();

        @Override
        public boolean end(TraceContext context, MutableSpan span, Cause cause) {
            ended.add(span);
            return true;
        }

        private MutableSpan of(String trace, String name) {
            return ended.stream()
                    .filter(span -> trace.equals(span.traceId()) && name.equals(span.name()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no span " + name + " of " + trace + " in " + ended));
        }
    }

    /** Not found by another test's search for components. */
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Spans spans() {
            return new Spans();
        }

        @Bean
        Tracing tracing(Spans spans) {
            return Tracing.newBuilder()
                    .propagationFactory(new W3CPropagation())
                    .sampler(Sampler.ALWAYS_SAMPLE)
                    .addSpanHandler(spans)
                    .build();
        }

        /** As Boot's own modules for tracing bring it. */
        @Bean
        ObservationHandler<?> tracingHandler(Tracing tracing) {
            BraveTracer tracer =
                    new BraveTracer(tracing.tracer(), new BraveCurrentTraceContext(tracing.currentTraceContext()));
            BravePropagator propagator = new BravePropagator(tracing);
            return new ObservationHandler.FirstMatchingCompositeObservationHandler(
                    new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                    new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                    new DefaultTracingObservationHandler(tracer));
        }

        /** On another thread by the time that the Engine is asked. */
        @Bean
        RouterFunction<ServerResponse> routes(DockerClient docker) {
            return RouterFunctions.route()
                    .GET("/images", request -> Mono.delay(Duration.ofMillis(10))
                            .then(docker.images().list().count())
                            .flatMap(count -> ServerResponse.ok().bodyValue(count + " images")))
                    .build();
        }
    }

    private static String trace(int number) {
        return "0af7651916cd43dd8448eb211c8031" + (10 + number);
    }

    private static CompletableFuture<HttpResponse<String>> get(HttpClient http, URI uri, int number) {
        return http.sendAsync(
                HttpRequest.newBuilder(uri)
                        .timeout(StubEngine.LIMIT)
                        .header("traceparent", "00-" + trace(number) + "-" + CALLER + "-01")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aCallIsAChildOfTheRequestThatItIsMadeFor() throws Exception {
        try (StubEngine engine = new StubEngine()) {
            Spans spans = spansOfRequests(engine);
            for (int number = 0; number < REQUESTS; number++) {
                MutableSpan server = spans.of(trace(number), "http get /images");
                MutableSpan call = spans.of(trace(number), "GET /images/json");
                assertThat(server.parentId()).isEqualTo(CALLER);
                assertThat(call.parentId()).isEqualTo(server.id());
                assertThat(traceParents(engine)).contains("00-" + trace(number) + "-" + call.id() + "-01");
            }
            assertThat(traceParents(engine)).hasSize(REQUESTS).doesNotHaveDuplicates();
        }
    }

    /** All at once. The server's spans end when their answers have been written: all of them when it is closed. */
    private static Spans spansOfRequests(StubEngine engine) throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "fairlead.host=" + engine.host(),
                        "spring.main.banner-mode=off")
                .run()) {
            URI uri = URI.create(
                    "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/images");
            HttpClient http = HttpClient.newHttpClient();
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, REQUESTS)
                    .mapToObj(number -> get(http, uri, number))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo("0 images");
            }
            return context.getBean(Spans.class);
        }
    }

    private static List<String> traceParents(StubEngine engine) {
        return engine.requests.stream()
                .filter(request -> request.uri().endsWith("/images/json"))
                .map((HttpServerRequest request) -> request.requestHeaders().get("traceparent"))
                .map(Objects::requireNonNull)
                .toList();
    }
}
