package dev.fairlead.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A time as the Engine wrote it, so that it is written back with the same digits and zone. */
final class Timestamp {
    private final String text;
    private final @Nullable Instant instant;

    private Timestamp(String text, @Nullable Instant instant) {
        this.text = text;
        this.instant = instant;
    }

    static Timestamp of(Instant instant) {
        return new Timestamp(instant.toString(), instant);
    }

    /** Docker says "never" by the first second of year 1, or by an empty text. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Timestamp parse(String text) {
        if (text.isEmpty()) {
            return new Timestamp(text, null);
        }
        Instant instant = Rfc3339.parse(text);
        return new Timestamp(text, instant.getEpochSecond() == Values.ZERO_TIME_SECONDS ? null : instant);
    }

    static @Nullable Timestamp read(JsonTokens json) {
        String text = json.string();
        return text == null ? null : parse(text);
    }

    /** The time, null where Docker means that there is none. */
    @Nullable
    Instant instant() {
        return instant;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Timestamp that && Objects.equals(instant, that.instant);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(instant);
    }

    @JsonValue
    @Override
    public String toString() {
        return text;
    }
}
