package dev.fairlead.internal;

import dev.fairlead.core.http.RequestPath;
import dev.fairlead.core.json.Json;
import dev.fairlead.model.RequestParameter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** How the parameters of options are written. */
final class Parameters {

    private Parameters() {}

    @SuppressWarnings("unchecked")
    static RequestPath addTo(RequestPath path, RequestParameter parameter) {
        return switch (parameter.encoding()) {
            case PLAIN -> path.query(parameter.name(), parameter.value().toString());
            case REPEATED -> path.queryEach(parameter.name(), (List<String>) parameter.value());
            case JSON -> path.query(parameter.name(), json(parameter.value()));
            case FILTERS -> path.filters((Map<String, ? extends Collection<String>>) parameter.value());
        };
    }

    static String headerValue(RequestParameter parameter) {
        return parameter.encoding() == RequestParameter.Encoding.PLAIN
                ? parameter.value().toString()
                : json(parameter.value());
    }

    private static String json(Object value) {
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }
}
