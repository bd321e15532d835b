package dev.fairlead.internal.transport;

import io.netty.handler.codec.http.HttpResponse;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The status and the headers of an answer. */
public final class AnswerHead {

    private final int status;
    private final UnaryOperator<@Nullable String> headers;

    AnswerHead(HttpResponse response) {
        this(response.status().code(), response.headers()::get);
    }

    private AnswerHead(int status, UnaryOperator<@Nullable String> headers) {
        this.status = status;
        this.headers = headers;
    }

    /** The same in one text, for answers that go on for long: Netty's takes more than a kilobyte of objects. */
    static AnswerHead compact(HttpResponse response) {
        StringBuilder all = new StringBuilder("\n");
        response.headers().forEach(header -> all.append(header.getKey())
                .append(':')
                .append(header.getValue())
                .append('\n'));
        String text = all.toString();
        return new AnswerHead(response.status().code(), name -> find(text, name));
    }

    /** The value in the first line that begins with the name and a colon; neither has line breaks. */
    private static @Nullable String find(String text, @Nullable String name) {
        String begin = "\n" + name + ":";
        for (int at = 0; at >= 0; at = text.indexOf('\n', at + 1)) {
            if (text.regionMatches(true, at, begin, 0, begin.length())) {
                int start = at + begin.length();
                return text.substring(start, text.indexOf('\n', start));
            }
        }
        return null;
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
        return headers.apply(name);
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
