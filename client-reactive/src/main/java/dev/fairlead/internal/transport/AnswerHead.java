package dev.fairlead.internal.transport;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status and the headers of an answer. */
public final class AnswerHead {

    private final int status;
    private final HttpHeaders headers;

    AnswerHead(HttpResponse response) {
        this.status = response.status().code();
        this.headers = response.headers();
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Whether the Engine did what it was asked: 2xx, or 101. */
    public boolean isSuccess() {
        return (status >= 200 && status < 300) || status == 101;
    }

    /** The first header of that name, in any case of letters, or null. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** The Engine's time when it answered, to the second; empty when it said none. */
    public Optional<Instant> date() {
        String value = headers.get("Date");
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from));
        } catch (DateTimeParseException malformed) {
            return Optional.empty();
        }
    }

    /** The media type without its parameters, in lower case; empty when the Engine gave none. */
    public String mediaType() {
        String value = headers.get("Content-Type");
        if (value == null) {
            return "";
        }
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).trim().toLowerCase(java.util.Locale.ROOT);
    }
}
