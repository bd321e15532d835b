package dev.fairlead.internal.transport;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request, ready to be sent.
 *
 * @param operation what it does, by its template and never with an id: {@code POST /containers/{id}/start}
 * @param method the HTTP method
 * @param uri path and query, encoded
 * @param headers further headers, sent as they are
 * @param body what follows the head
 * @param upgrade the protocol that the connection turns into ({@code tcp}, {@code h2c}), or null
 */
public record EngineRequest(
        String operation,
        String method,
        String uri,
        Map<String, String> headers,
        Body body,
        @Nullable String upgrade) {

    /** Whether it can be sent again when the connection broke before an answer came. */
    boolean isSafeToRepeat() {
        return body instanceof Body.None && (method.equals("GET") || method.equals("HEAD"));
    }
}
