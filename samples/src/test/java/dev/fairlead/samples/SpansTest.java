package dev.fairlead.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpansTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @ParameterizedTest
    @CsvSource({"1h30m,PT1H30M", "45s,PT45S", "200ms,PT0.2S", "2d,PT48H", "1m,PT1M", "0s,PT0S", "1s5ms,PT1.005S"})
    void readsDurations(String text, Duration expected) {
        assertThat(Spans.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "s", "1s1h", "-1s", "1.5s", "1h ", "99999999999999999999s", "2026-11-30Tx"})
    void refusesWhatIsNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Spans.parse(text));
    }

    @Test
    void readsMoments() {
        assertThat(Spans.moment("1h", NOW, -1)).isEqualTo("2026-11-30T11:00:00Z");
        assertThat(Spans.moment("1h", NOW, 1)).isEqualTo("2026-11-30T13:00:00Z");
        assertThat(Spans.moment("2026-11-30T12:00:00+01:00", NOW, 1)).isEqualTo("2026-11-30T11:00:00Z");
        assertThat(Spans.moment("60", NOW, 1)).isEqualTo("1970-01-01T00:01:00Z");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spans.moment("2026-11-31T12:00:00Z", NOW, 1))
                .withMessageContaining("2026-11-31");
    }
}
