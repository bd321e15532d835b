package dev.fairlead.dashboard;

import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Texts of what goes to browsers: made once, however many of them get it. */
@Component
final class Json {

    private final JsonMapper mapper;

    Json(JsonMapper mapper) {
        this.mapper = mapper;
    }

    String text(Object value) {
        return mapper.writeValueAsString(value);
    }

    JsonNode read(String text) {
        return mapper.readTree(text);
    }

    ServerSentEvent<String> event(String name, Object value) {
        return ServerSentEvent.builder(text(value)).event(name).build();
    }
}
