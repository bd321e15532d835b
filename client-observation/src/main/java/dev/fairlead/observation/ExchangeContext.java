package dev.fairlead.observation;

import dev.fairlead.ExchangeAnswer;
import dev.fairlead.ExchangeEnd;
import dev.fairlead.ExchangeRequest;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.RequestReplySenderContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One exchange with an Engine, as observation handlers, predicates and conventions see it. The carrier takes the headers that a tracer
 * adds; its response is the head of the answer, null where none came.
 */
public final class ExchangeContext extends RequestReplySenderContext<Map<String, String>, ExchangeAnswer> {

    private final ExchangeRequest request;
    private @Nullable ExchangeEnd end;

    ExchangeContext(ExchangeRequest request) {
        super((carrier, name, value) -> Objects.requireNonNull(carrier).put(name, value), Kind.CLIENT);
        this.request = request;
        setCarrier(new LinkedHashMap<>());
        setRemoteServiceName("docker");
        setRemoteServiceAddress(EngineKeys.address(request.host()));
    }

    /** What is asked of the Engine, without its query. */
    public ExchangeRequest request() {
        return request;
    }

    /** How it ended, or null while it goes on. */
    public @Nullable ExchangeEnd end() {
        return end;
    }

    void ended(ExchangeEnd how) {
        this.end = how;
    }
}
