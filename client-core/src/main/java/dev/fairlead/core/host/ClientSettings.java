package dev.fairlead.core.host;

import dev.fairlead.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What {@code config.json} says of the Engine; its credentials are passed over unread. A file that is missing says nothing. */
final class ClientSettings {
    private static final String CONTEXT = "currentContext";
    private static final String HEADERS = "HttpHeaders";

    private final Map<String, JsonNode> members;

    private ClientSettings(Map<String, JsonNode> members) {
        this.members = members;
    }

    /** Its errors begin with the file's path, and quote nothing of the file. */
    static ClientSettings read(Path file) {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return new ClientSettings(Map.of());
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    file + " can't be read: " + unreadable.getClass().getSimpleName());
        }
        if (new String(content, StandardCharsets.UTF_8).isBlank()) {
            return new ClientSettings(Map.of());
        }
        try {
            return new ClientSettings(Json.members(content, CONTEXT, HEADERS));
        } catch (IllegalArgumentException damaged) {
            throw new IllegalArgumentException(file + ": " + damaged.getMessage());
        }
    }

    /** The name of the context to use, or null. */
    @Nullable
    String currentContext() {
        JsonNode name = members.get(CONTEXT);
        if (name == null) {
            return null;
        }
        String text = text(name, CONTEXT + " is no string");
        return text.isEmpty() ? null : text;
    }

    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        JsonNode found = members.get(HEADERS);
        if (found != null) {
            if (!found.isObject()) {
                throw new IllegalArgumentException(HEADERS + " is no object");
            }
            found.properties()
                    .forEach(header -> headers.put(
                            header.getKey(), text(header.getValue(), HEADERS + " has a value that is no string")));
        }
        return headers;
    }

    private static String text(JsonNode value, String problem) {
        if (!value.isString()) {
            throw new IllegalArgumentException(problem);
        }
        return value.stringValue();
    }
}
