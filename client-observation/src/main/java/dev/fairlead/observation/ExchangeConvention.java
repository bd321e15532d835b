package dev.fairlead.observation;

import dev.fairlead.ExchangeAnswer;
import dev.fairlead.ExchangeEnd;
import dev.fairlead.ExchangeRequest;
import dev.fairlead.ExchangeTraffic;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.model.ApiVersion;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Names and keys of an exchange's observation. Of low cardinality, and so tags of meters: {@code operation} (its template), {@code
 * status}, {@code outcome}, {@code error.type}, {@code engine} and {@code engine.kind}. Only for spans: {@code path}, {@code
 * api.version}, {@code bytes.sent}, {@code bytes.received} and {@code items}. No header, no query and no body is in any of them.
 *
 * <p>A subclass that the registry has as a {@link GlobalObservationConvention} stands in its place.
 */
public class ExchangeConvention implements GlobalObservationConvention<ExchangeContext> {

    /** What all its observations are called. */
    public static final String NAME = "fairlead.exchange";

    private static final String NONE = "none";

    /** The names and keys above. */
    public ExchangeConvention() {}

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof ExchangeContext;
    }

    @Override
    public String getName() {
        return NAME;
    }

    /** The operation's template, which a span is named by: {@code POST /containers/{id}/start}. */
    @Override
    public String getContextualName(ExchangeContext context) {
        return context.request().operation();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ExchangeContext context) {
        ExchangeRequest request = context.request();
        ExchangeEnd end = context.end();
        Throwable failure = end == null ? null : end.failure();
        return KeyValues.of(
                EngineKeys.OPERATION,
                request.operation(),
                "status",
                status(context.getResponse(), failure),
                "outcome",
                end == null ? NONE : end.kind().name().toLowerCase(Locale.ROOT),
                "error.type",
                failure == null ? NONE : type(failure),
                EngineKeys.ENGINE,
                EngineKeys.address(request.host()),
                "engine.kind",
                EngineKeys.kind(request.host()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ExchangeContext context) {
        ExchangeRequest request = context.request();
        ApiVersion version = request.apiVersion();
        ExchangeTraffic traffic = request.traffic();
        return KeyValues.of(
                "path",
                EngineKeys.path(request),
                "api.version",
                version == null ? NONE : version.toString(),
                "bytes.sent",
                Long.toString(traffic.bytesSent()),
                "bytes.received",
                Long.toString(traffic.bytesReceived()),
                "items",
                Long.toString(traffic.items()));
    }

    private static String status(@Nullable ExchangeAnswer answer, @Nullable Throwable failure) {
        if (answer != null) {
            return Integer.toString(answer.status());
        }
        return failure instanceof DockerException refused && refused.status() > 0
                ? Integer.toString(refused.status())
                : NONE;
    }

    private static String type(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        // An anonymous class has no simple name, and an empty tag is dropped by some registries.
        return name.isEmpty() ? failure.getClass().getName() : name;
    }
}
