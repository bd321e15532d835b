package dev.fairlead.core.host;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Headers that the environment has sent with each request to its Engine.
 *
 * @param values their values by their names, which are found in any case
 * @param source where they are from, for people; empty if there are none
 */
public record CustomHeaders(Map<String, String> values, String source) {
    /** No headers. */
    static final CustomHeaders NONE = new CustomHeaders(Map.of(), "");

    /**
     * Copies the values.
     *
     * @param values their values by their names, which are found in any case
     * @param source where they are from, for people; empty if there are none
     */
    public CustomHeaders {
        Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(values);
        values = Collections.unmodifiableMap(copy);
    }

    /** The names only: values may be secrets. */
    @Override
    public String toString() {
        return "CustomHeaders[" + values.keySet() + (source.isEmpty() ? "" : ", by " + source) + "]";
    }
}
