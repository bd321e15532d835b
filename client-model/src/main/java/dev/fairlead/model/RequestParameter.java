package dev.fairlead.model;

import java.util.Objects;

/**
 * One query parameter or header that is set. {@code toString} does not show the value: it may be credentials.
 *
 * @param in where it goes
 * @param name as the Engine names it
 * @param value of the class that the encoding says
 * @param encoding how the value becomes text
 */
public record RequestParameter(In in, String name, Object value, Encoding encoding) {
    /** Where a parameter goes. */
    public enum In {
        /** Into the query of the path. */
        QUERY,
        /** Among the headers of the request. */
        HEADER
    }

    /** How a value becomes text. */
    public enum Encoding {
        /** It is a String, already formatted. */
        PLAIN,
        /** It is a list of Strings: the parameter is repeated, once for each. */
        REPEATED,
        /** It is a value, map or list, to be written as a JSON document. */
        JSON,
        /** It is a map of lists of Strings, to be written as the Engine's filters: {@code {"key":{"value":true}}}. */
        FILTERS
    }

    /**
     * Refuses null.
     *
     * @param in where it goes
     * @param name as the Engine names it
     * @param value of the class that the encoding says
     * @param encoding how the value becomes text
     */
    public RequestParameter {
        Objects.requireNonNull(in, "in is null");
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(value, "value is null");
        Objects.requireNonNull(encoding, "encoding is null");
    }

    @Override
    public String toString() {
        return "RequestParameter[" + in + " " + name + "]";
    }
}
