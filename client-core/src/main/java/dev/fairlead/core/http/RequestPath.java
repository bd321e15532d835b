package dev.fairlead.core.http;

import dev.fairlead.core.json.Json;
import dev.fairlead.model.ApiVersion;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The path and the query of a request, encoded. Immutable.
 *
 * <p>A template is a path with arguments in braces: {@code /containers/{id}/start}. An argument is one segment, and a
 * slash in it is encoded; one written {@code {+name}} keeps its slashes, as the names of images do.
 */
public final class RequestPath {
    private final String path;
    private final String query;

    private RequestPath(String path, String query) {
        this.path = path;
        this.query = query;
    }

    /**
     * Fills a template.
     *
     * @param template the template
     * @param arguments one for each pair of braces, in their order
     * @return the path, without a query
     * @throws IllegalArgumentException naming the argument, if one is blank or could lead to another path: a segment
     *     {@code .} or {@code ..}, a control character, or an empty segment where slashes are kept; or if their number
     *     is not that of the template
     */
    public static RequestPath of(String template, String... arguments) {
        return new RequestPath(PathTemplate.fill(template, arguments), "");
    }

    /**
     * With one more parameter. A name may come more than once.
     *
     * @param name the parameter's name
     * @param value its value, which may be empty; with null there is no parameter
     * @return this path and the parameter
     * @throws IllegalArgumentException naming the parameter, if the value has half a character (a lone surrogate) in it
     */
    public RequestPath query(String name, @Nullable String value) {
        if (value == null) {
            return this;
        }
        PathTemplate.refuseHalves(name, value);
        return new RequestPath(path, query + (query.isEmpty() ? '?' : '&') + encode(name) + '=' + encode(value));
    }

    /**
     * With one more parameter, a number.
     *
     * @param name the parameter's name
     * @param value its value
     * @return this path and the parameter
     */
    public RequestPath query(String name, long value) {
        return query(name, Long.toString(value));
    }

    /**
     * With one more parameter, a boolean, sent as {@code true} or {@code false}: the Engine takes what is not said for
     * true in some places.
     *
     * @param name the parameter's name
     * @param value its value
     * @return this path and the parameter
     */
    public RequestPath query(String name, boolean value) {
        return query(name, Boolean.toString(value));
    }

    /**
     * With one more parameter for each value.
     *
     * @param name the name of all of them
     * @param values the values, in their order; none adds nothing
     * @return this path and the parameters
     */
    public RequestPath queryEach(String name, Iterable<String> values) {
        RequestPath all = this;
        for (String value : values) {
            all = all.query(name, value);
        }
        return all;
    }

    /**
     * With {@code filters} in the Engine's form, {@code {"key":{"value":true}}}, sorted, so that equal filters are
     * equal texts.
     *
     * @param filters values by key; keys without values are left out, and without any there is no parameter
     * @return this path and the parameter
     */
    public RequestPath filters(Map<String, ? extends Collection<String>> filters) {
        Map<String, Map<String, Boolean>> sorted = new TreeMap<>();
        filters.forEach((key, values) -> {
            Map<String, Boolean> set = new TreeMap<>();
            new TreeSet<>(values).forEach(value -> set.put(value, true));
            if (!set.isEmpty()) {
                sorted.put(key, set);
            }
        });
        return sorted.isEmpty() ? this : query("filters", new String(Json.write(sorted), StandardCharsets.UTF_8));
    }

    /**
     * What goes into the request line: {@code /base/v1.43/containers/x/start?t=5}.
     *
     * @param basePath the base path of the host, empty for none
     * @param version the API version
     * @return the target
     */
    public String target(String basePath, ApiVersion version) {
        return basePath + "/v" + version + path + query;
    }

    /**
     * The same without a version, as the ping of a negotiation is sent.
     *
     * @param basePath the base path of the host, empty for none
     * @return the target
     */
    public String unversionedTarget(String basePath) {
        return basePath + path + query;
    }

    /** The path and the query, without base and version. */
    @Override
    public String toString() {
        return path + query;
    }

    private static String encode(String text) {
        return PathTemplate.encode(text);
    }
}
