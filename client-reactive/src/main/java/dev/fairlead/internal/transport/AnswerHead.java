package dev.fairlead.internal.transport;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status and the headers of an answer. */
public final class AnswerHead {

    private final int status;
    private final String headers;

    /** @param headers each name and its value with a colon between, and a line break after it */
    AnswerHead(int status, String headers) {
        this.status = status;
        this.headers = headers;
    }

    /** All headers, as they were given to the constructor. */
    String text() {
        return headers;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Whether the Engine did what it was asked: 2xx, or 101. */
    public boolean isSuccess() {
        return (status >= 200 && status < 300) || status == 101;
    }

    /** Whether its body says why not, and is no answer to read for itself. */
    boolean isError() {
        return status >= 300 && status != 304;
    }

    /** The first header of that name, in any case of letters, or null. */
    public @Nullable String header(String name) {
        return HeadParser.find(headers, name);
    }

    /** The Engine's time when it answered, to the second; empty when it said none. */
    public Optional<Instant> date() {
        String value = header("Date");
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
        String value = header("Content-Type");
        if (value == null) {
            return "";
        }
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).trim().toLowerCase(java.util.Locale.ROOT);
    }
}
