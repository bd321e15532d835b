package dev.fairlead.samples;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and moments as people write them on a command line. */
public final class Spans {

    private static final Pattern SPAN =
            Pattern.compile("(?:(\\d{1,5})d)?(?:(\\d{1,7})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?(?:(\\d{1,12})ms)?");
    private static final long[] MILLIS = {86_400_000, 3_600_000, 60_000, 1_000, 1};

    private Spans() {}

    /**
     * Reads {@code 1h30m}, {@code 45s} or {@code 200ms}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Duration parse(String text) {
        Matcher matcher = SPAN.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new IllegalArgumentException("not a duration such as 1h30m, 45s or 200ms: " + text);
        }
        Duration span = Duration.ZERO;
        for (int unit = 0; unit < MILLIS.length; unit++) {
            String number = matcher.group(unit + 1);
            if (number != null) {
                span = span.plusMillis(Long.parseLong(number) * MILLIS[unit]);
            }
        }
        return span;
    }

    /**
     * Reads a time with its zone ({@code 2026-11-30T12:00:00Z}), seconds since 1970, or a duration.
     *
     * @param now where a duration starts from
     * @param sign 1 for a duration after that, -1 for one before
     * @throws IllegalArgumentException if it is none of them
     */
    public static Instant moment(String text, Instant now, int sign) {
        if (text.matches("\\d{1,12}")) {
            return Instant.ofEpochSecond(Long.parseLong(text));
        }
        try {
            return text.contains("T")
                    ? OffsetDateTime.parse(text).toInstant()
                    : now.plus(parse(text).multipliedBy(sign));
        } catch (DateTimeParseException noTime) {
            throw new IllegalArgumentException("not a time such as 2026-11-30T12:00:00Z: " + text, noTime);
        }
    }
}
