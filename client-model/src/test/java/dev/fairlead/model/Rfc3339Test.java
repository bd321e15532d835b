package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same as the JDK's own parser, whatever it is given. */
class Rfc3339Test {

    private static final String LETTERS = "0123456789-+:.TZtz ,9";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-30T10:35:48Z",
                "2026-11-30T10:35:48.1Z",
                "2026-11-30T10:35:48.123456789Z",
                "2026-11-30T10:35:48.123456789+01:00",
                "2026-11-30T10:35:48-09:30",
                "2026-11-30T10:35:48+18:00",
                "2026-11-30T10:35:48+18:01",
                "2026-11-30T10:35:48+01",
                "2026-11-30T10:35:48+01:00:30",
                "2024-02-29T23:59:59Z",
                "2023-02-29T23:59:59Z",
                "2000-02-29T00:00:00Z",
                "1900-02-29T00:00:00Z",
                "0001-01-01T00:00:00Z",
                "0000-12-31T00:00:00Z",
                "-0001-12-31T00:00:00Z",
                "+12026-11-30T10:35:48Z",
                "2026-11-31T10:35:48Z",
                "2026-13-01T10:35:48Z",
                "2026-11-30T24:00:00Z",
                "2026-11-30T10:60:00Z",
                "2026-11-30T10:35:60Z",
                "2026-11-30T10:35Z",
                "2026-11-30T10:35:48.Z",
                "2026-11-30T10:35:48.1234567890Z",
                "2026-11-30t10:35:48z",
                "2026-11-30 10:35:48Z",
                "2026-11-30T10:35:48",
                "2026-11-30T10:35:48ZZ",
                "2026-11-30T10:35:48+",
                "2026-11-30T10:35:4",
                "Z",
                "never"
            })
    void agreesWithTheJdk(String text) {
        agrees(text);
    }

    @Test
    void agreesOnTextsThatAreChangedAtRandom() {
        Random random = new Random(339);
        int refused = 0;
        for (int time = 0; time < 200_000; time++) {
            Instant instant = Instant.ofEpochSecond(
                    random.nextLong(-62_167_219_200L, 253_402_300_800L), random.nextInt(1_000_000_000));
            StringBuilder text =
                    new StringBuilder(instant.atOffset(ZoneOffset.ofTotalSeconds(60 * random.nextInt(-1080, 1081)))
                            .toString());
            for (int change = random.nextInt(3); change > 0; change--) {
                int at = random.nextInt(text.length());
                char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, letter);
                    case 1 -> text.insert(at, letter);
                    default -> text.deleteCharAt(at);
                }
            }
            refused += agrees(text.toString()) ? 0 : 1;
        }
        assertThat(refused).isBetween(10_000, 190_000);
    }

    /** Whether both took it. */
    private static boolean agrees(String text) {
        Instant expected;
        try {
            expected = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notOne) {
            assertThatExceptionOfType(DateTimeParseException.class).as(text).isThrownBy(() -> Rfc3339.parse(text));
            return false;
        }
        assertThat(Rfc3339.parse(text)).as(text).isEqualTo(expected);
        return true;
    }
}
