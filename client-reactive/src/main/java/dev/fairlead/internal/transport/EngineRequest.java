package dev.fairlead.internal.transport;

import dev.fairlead.core.wire.Decoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request, ready to be sent.
 *
 * @param operation what it does, by its template and never with an id: {@code POST /containers/{id}/start}
 * @param method the HTTP method
 * @param uri path and query, encoded
 * @param headers further headers, sent as they are, each as often as it has values
 * @param body what follows the head
 * @param upgrade the protocol that the connection turns into ({@code tcp}, {@code h2c}), or null
 * @param elements what decodes the elements of an answer that is a JSON array, each answer with a new one; null for an answer that is
 *     wanted as bytes
 */
public record EngineRequest(
        String operation,
        String method,
        String uri,
        Map<String, List<String>> headers,
        Body body,
        @Nullable String upgrade,
        @Nullable Supplier<? extends Decoder<?>> elements) {

    /** One whose answer is wanted as bytes. */
    public EngineRequest(
            String operation,
            String method,
            String uri,
            Map<String, List<String>> headers,
            Body body,
            @Nullable String upgrade) {
        this(operation, method, uri, headers, body, upgrade, null);
    }

    /** Fails with the name of a header that would not arrive as it is. */
    public EngineRequest {
        headers.forEach((name, values) -> values.forEach(value -> check(name, value)));
    }

    private static void check(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c > '~') {
                throw new IllegalArgumentException(
                        "header " + name + " has a character in it that no header can carry, at " + i
                                + ": a line break, another control character, or one that is not of ASCII");
            }
        }
    }

    /** Headers that come once each. */
    public static Map<String, List<String>> once(Map<String, String> headers) {
        Map<String, List<String>> each = new HashMap<>();
        headers.forEach((name, value) -> each.put(name, List.of(value)));
        return each;
    }

    /** Names no header's value: it may be a secret. */
    @Override
    public String toString() {
        return method + " " + uri + " " + headers.keySet();
    }

    /** What is still of use when it has been sent. */
    EngineRequest sent() {
        return new EngineRequest(operation, method, "", Map.of(), Body.NONE, upgrade, elements);
    }

    /** The same with another body. */
    public EngineRequest withBody(Body other) {
        return new EngineRequest(operation, method, uri, headers, other, upgrade, elements);
    }

    /** The same, whose answer is an array: its elements are decoded as they come. */
    public EngineRequest withElements(Supplier<? extends Decoder<?>> decoder) {
        return new EngineRequest(operation, method, uri, headers, body, upgrade, decoder);
    }

    /** Whether it can be sent again when the connection broke before an answer came. */
    boolean isSafeToRepeat() {
        return body instanceof Body.None && (method.equals("GET") || method.equals("HEAD"));
    }
}
