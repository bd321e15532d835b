package dev.fairlead.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request as it came, its body as far as it was read. */
public final class Request {

    private static final Pattern VERSIONED = Pattern.compile("/v(\\d+\\.\\d+)(/.*)");

    private final String line;
    private final String method;
    private final String target;
    private final Map<String, List<String>> headers;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private Request(String line, Map<String, List<String>> headers) throws IOException {
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !parts[2].equals("HTTP/1.1")) {
            throw new IOException("not a request line of HTTP/1.1: " + line);
        }
        this.line = line;
        this.method = parts[0];
        this.target = parts[1];
        this.headers = headers;
    }

    static Request read(Connection connection) throws IOException {
        String line = connection.line();
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = connection.line(); !header.isEmpty(); header = connection.line()) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new IOException("not a header: " + header);
            }
            headers.computeIfAbsent(header.substring(0, colon), name -> new ArrayList<>())
                    .add(header.substring(colon + 1).strip());
        }
        return new Request(line, headers);
    }

    /** The request line, as it was sent. */
    public String line() {
        return line;
    }

    public String method() {
        return method;
    }

    /** Path and query, as they were sent. */
    public String target() {
        return target;
    }

    /** The path without its version, still percent-encoded. */
    public String path() {
        Matcher versioned = VERSIONED.matcher(rawPath());
        return versioned.matches() ? versioned.group(2) : rawPath();
    }

    /** The version in the path, as {@code 1.51}; empty when there is none. */
    public Optional<String> apiVersion() {
        Matcher versioned = VERSIONED.matcher(rawPath());
        return versioned.matches() ? Optional.of(versioned.group(1)) : Optional.empty();
    }

    /** The query's parameters, decoded, in their order. */
    public Map<String, List<String>> query() {
        Map<String, List<String>> query = new LinkedHashMap<>();
        int mark = target.indexOf('?');
        if (mark >= 0) {
            for (String pair : target.substring(mark + 1).split("&", -1)) {
                String[] parts = pair.split("=", 2);
                query.computeIfAbsent(decode(parts[0]), name -> new ArrayList<>())
                        .add(parts.length == 2 ? decode(parts[1]) : "");
            }
        }
        return query;
    }

    /** The first value of a parameter. */
    public Optional<String> query(String name) {
        return query().getOrDefault(name, List.of()).stream().findFirst();
    }

    /** All headers; names are found in any case. */
    public Map<String, List<String>> headers() {
        return Collections.unmodifiableMap(headers);
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** The body as far as it was read, without its framing. */
    public byte[] body() {
        synchronized (body) {
            return body.toByteArray();
        }
    }

    /** The same as text. */
    public String bodyText() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    void append(byte[] bytes) {
        synchronized (body) {
            body.writeBytes(bytes);
        }
    }

    private String rawPath() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return line;
    }
}
