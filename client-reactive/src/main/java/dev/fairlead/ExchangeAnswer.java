package dev.fairlead;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The head of an answer, as filters see it. */
public final class ExchangeAnswer {

    private final int status;
    private final Duration after;
    private final UnaryOperator<@Nullable String> headers;

    ExchangeAnswer(int status, Duration after, UnaryOperator<@Nullable String> headers) {
        this.status = status;
        this.after = after;
        this.headers = headers;
    }

    /** The HTTP status; 101 for a connection that became a session. */
    public int status() {
        return status;
    }

    /** How long it took from the first filter's {@code before} on. */
    public Duration after() {
        return after;
    }

    /** The first header of that name, in any case of letters, or null. */
    public @Nullable String header(String name) {
        return headers.apply(name);
    }

    @Override
    public String toString() {
        return "ExchangeAnswer[" + status + " after " + after + "]";
    }
}
