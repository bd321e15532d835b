package dev.fairlead.model;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.format.DateTimeParseException;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads times in the form in which Go writes them, {@code 2026-11-30T10:35:48.123456789Z}. Whatever has another form is left to the
 * JDK's parser, which takes many times as long: an answer may hold thousands of them.
 */
final class Rfc3339 {
    private static final int SECONDS_END = 19;
    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final int MOST_DIGITS = 9;

    private final String text;
    private int at;
    private boolean strange;

    private Rfc3339(String text) {
        this.text = text;
    }

    /**
     * Reads a time.
     *
     * @throws DateTimeParseException if it is none
     */
    static Instant parse(String text) {
        Instant usual = new Rfc3339(text).usual();
        return usual != null ? usual : OffsetDateTime.parse(text).toInstant();
    }

    /** The time, or null for a form that is not the usual one. */
    private @Nullable Instant usual() {
        if (text.length() <= SECONDS_END) {
            return null;
        }
        int year = number(4);
        letter('-');
        int month = number(2);
        letter('-');
        int day = number(2);
        letter('T');
        int hour = number(2);
        letter(':');
        int minute = number(2);
        letter(':');
        int second = number(2);
        int nanos = text.charAt(at) == '.' ? fraction() : 0;
        int offset = offset();
        if (strange || at != text.length() || hour > 23 || minute > 59 || second > 59 || !isDay(year, month, day)) {
            return null;
        }
        long seconds = LocalDate.of(year, month, day).toEpochDay() * 86_400 + (hour * 60 + minute) * 60L + second;
        return Instant.ofEpochSecond(seconds - offset, nanos);
    }

    private static boolean isDay(int year, int month, int day) {
        return month >= 1
                && month <= 12
                && day >= 1
                && day <= DAYS[month - 1] + (month == 2 && Year.isLeap(year) ? 1 : 0);
    }

    private int fraction() {
        at++;
        int value = 0;
        int digits = 0;
        while (digits < MOST_DIGITS && has(Rfc3339::isDigit)) {
            value = value * 10 + text.charAt(at++) - '0';
            digits++;
        }
        strange |= digits == 0;
        for (int missing = digits; missing < MOST_DIGITS; missing++) {
            value *= 10;
        }
        return value;
    }

    /** In seconds. */
    private int offset() {
        if (has(letter -> letter == 'Z')) {
            at++;
            return 0;
        }
        if (!has(letter -> letter == '+' || letter == '-') || text.length() != at + 6) {
            strange = true;
            return 0;
        }
        int sign = text.charAt(at++) == '-' ? -1 : 1;
        int hours = number(2);
        letter(':');
        int minutes = number(2);
        strange |= hours > 17 || minutes > 59;
        return sign * (hours * 3600 + minutes * 60);
    }

    private int number(int digits) {
        int value = 0;
        for (int digit = 0; digit < digits; digit++) {
            char letter = text.charAt(at++);
            strange |= !isDigit(letter);
            value = value * 10 + letter - '0';
        }
        return value;
    }

    private void letter(char expected) {
        strange |= text.charAt(at++) != expected;
    }

    private boolean has(IntPredicate wanted) {
        return at < text.length() && wanted.test(text.charAt(at));
    }

    private static boolean isDigit(int letter) {
        return letter >= '0' && letter <= '9';
    }
}
