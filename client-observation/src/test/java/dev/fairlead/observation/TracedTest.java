package dev.fairlead.observation;

import static org.assertj.core.api.Assertions.assertThat;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import brave.sampler.Sampler;
import dev.fairlead.DockerClient;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spans and headers of a real tracer. */
@Timeout(60)
final class TracedTest {

    private static final class Spans extends SpanHandler {

        final List<MutableSpan> ended = new CopyOnWriteArrayList<>();

        @Override
        public boolean end(TraceContext context, MutableSpan span, Cause cause) {
            ended.add(span);
            return true;
        }
    }

    @Test
    void sendsEachSpanOnByW3C() {
        Spans spans = new Spans();
        ObservationRegistry registry = ObservationRegistry.create();
        try (StubEngine engine = new StubEngine();
                Tracing tracing = Tracing.newBuilder()
                        .propagationFactory(new W3CPropagation())
                        .sampler(Sampler.ALWAYS_SAMPLE)
                        .addSpanHandler(spans)
                        .build();
                DockerClient docker = engine.client(config -> config.filter(ObservationFilter.of(registry)))) {
            BraveTracer tracer =
                    new BraveTracer(tracing.tracer(), new BraveCurrentTraceContext(tracing.currentTraceContext()));
            registry.observationConfig()
                    .observationHandler(new ObservationHandler.FirstMatchingCompositeObservationHandler(
                            new PropagatingSenderTracingObservationHandler<>(tracer, new BravePropagator(tracing)),
                            new DefaultTracingObservationHandler(tracer)));
            Observation parent = Observation.start("page", registry);
            docker.images()
                    .list()
                    .then()
                    .contextWrite(context -> context.put("micrometer.observation", parent))
                    .block(StubEngine.LIMIT);
            parent.stop();
            assertThat(spans.ended).hasSize(3);
            MutableSpan page = spans.ended.get(2);
            MutableSpan call = spans.ended.get(1);
            assertThat(call.name()).isEqualTo("GET /images/json");
            assertThat(call.remoteServiceName()).isEqualTo("docker");
            assertThat(call.traceId()).isEqualTo(page.traceId());
            assertThat(call.parentId()).isEqualTo(page.id());
            assertThat(engine.requests.get(1).requestHeaders().get("traceparent"))
                    .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01")
                    .contains(call.traceId() + "-" + call.id());
        }
    }
}
