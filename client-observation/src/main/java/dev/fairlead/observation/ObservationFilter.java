package dev.fairlead.observation;

import dev.fairlead.ExchangeAnswer;
import dev.fairlead.ExchangeEnd;
import dev.fairlead.ExchangeFilter;
import dev.fairlead.ExchangeRequest;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One observation an exchange, {@value ExchangeConvention#NAME}: a timer and, with a tracer, a span whose headers are sent to the Engine.
 * Its parent is the observation in the context of the caller's subscription, where Spring puts it, else the one of the subscribing
 * thread. A stream's goes on for as long as the stream does.
 *
 * <p>Given to {@link dev.fairlead.DockerConfig.Builder#filter}, best before all others: what these wait for is part of it then. Where
 * the registry is a no-op, nothing is made.
 */
public final class ObservationFilter implements ExchangeFilter {

    /** Where Micrometer's context propagation puts an observation; its own constant would need that library to be there. */
    private static final String PARENT = "micrometer.observation";

    private static final ExchangeConvention CONVENTION = new ExchangeConvention();

    private final ObservationRegistry registry;

    private ObservationFilter(ObservationRegistry registry) {
        this.registry = registry;
    }

    /** A filter that observes by what this registry has for handlers. */
    public static ObservationFilter of(ObservationRegistry registry) {
        return new ObservationFilter(Objects.requireNonNull(registry, "registry"));
    }

    @Override
    public Mono<ExchangeRequest> before(ExchangeRequest request) {
        if (registry.isNoop()) {
            return Mono.just(request);
        }
        ExchangeContext context = new ExchangeContext(request);
        Observation observation = Observation.createNotStarted(null, CONVENTION, () -> context, registry);
        if (observation.isNoop()) {
            return Mono.just(request);
        }
        if (request.context().getOrDefault(PARENT, null) instanceof Observation parent) {
            observation.parentObservation(parent);
        }
        observation.start();
        return Mono.just(withTraceHeaders(request, context).with(this, new Observed(observation, context)));
    }

    /** A header that can't be sent is left out: whoever is traced wants their call, and then a trace. */
    private static ExchangeRequest withTraceHeaders(ExchangeRequest request, ExchangeContext context) {
        ExchangeRequest traced = request;
        for (Map.Entry<String, String> header :
                Objects.requireNonNull(context.getCarrier()).entrySet()) {
            try {
                traced = traced.withHeader(header.getKey(), header.getValue());
            } catch (IllegalArgumentException refused) {
                context.put("refused header " + header.getKey(), true);
            }
        }
        return traced;
    }

    @Override
    public void answered(ExchangeRequest request, ExchangeAnswer answer) {
        Observed observed = observed(request);
        if (observed != null) {
            observed.context.setResponse(answer);
        }
    }

    @Override
    public void ended(ExchangeRequest request, ExchangeEnd end) {
        Observed observed = observed(request);
        if (observed == null) {
            return;
        }
        observed.context.ended(end);
        Throwable failure = end.failure();
        if (failure != null) {
            observed.observation.error(failure);
        }
        observed.observation.stop();
    }

    private @Nullable Observed observed(ExchangeRequest request) {
        return request.context().getOrDefault(this, null);
    }

    private record Observed(Observation observation, ExchangeContext context) {}
}
