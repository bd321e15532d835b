package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.Truncated;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ReconnectTest {

    private static final Reconnect FOUR_TIMES_A_SECOND =
            Reconnect.of(how -> how.firstWait(Duration.ofMillis(250)).longestWait(Duration.ofSeconds(3)));

    @Test
    void waitsTwiceAsLongEachTimeUpToTheLongest() {
        assertThat(FOUR_TIMES_A_SECOND.waitBefore(0, 0)).isEqualTo(Duration.ofMillis(250));
        assertThat(FOUR_TIMES_A_SECOND.waitBefore(1, 0)).isEqualTo(Duration.ofMillis(500));
        assertThat(FOUR_TIMES_A_SECOND.waitBefore(3, 0)).isEqualTo(Duration.ofSeconds(2));
        assertThat(FOUR_TIMES_A_SECOND.waitBefore(4, 0)).isEqualTo(Duration.ofSeconds(3));
        assertThat(FOUR_TIMES_A_SECOND.waitBefore(Integer.MAX_VALUE, 0)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void leavesOutARandomPart() {
        assertThat(FOUR_TIMES_A_SECOND.waitBefore(0, 0.5)).isEqualTo(Duration.ofNanos(187_500_000));
        assertThat(FOUR_TIMES_A_SECOND.waitBefore(0)).isBetween(Duration.ofMillis(125), Duration.ofMillis(250));
        assertThat(Reconnect.of(how -> how.jitter(0)).waitBefore(0)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void givesUpOnlyWhereThatWasSaid() {
        assertThat(Reconnect.defaults().givesUpAfter(Duration.ofDays(365))).isFalse();
        Reconnect patient = Reconnect.of(how -> how.giveUpAfter(Duration.ofMinutes(1)));
        assertThat(patient.givesUpAfter(Duration.ofSeconds(59))).isFalse();
        assertThat(patient.givesUpAfter(Duration.ofMinutes(1))).isTrue();
    }

    @Test
    void mendsWhatTheConnectionDidAndNothingElse() {
        assertThat(Reconnect.mayMend(new ConnectionFailed("GET /events", "unix:///x", "gone", null, null)))
                .isTrue();
        assertThat(Reconnect.mayMend(new Truncated("GET /events", "cut"))).isTrue();
        assertThat(Reconnect.mayMend(new IllegalStateException("ours"))).isFalse();
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reconnect.of(how -> how.firstWait(Duration.ZERO)))
                .withMessageContaining("wait is not positive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reconnect.of(how -> how.jitter(1.5)))
                .withMessageContaining("part is not from 0 to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reconnect.of(how -> how.longestWait(Duration.ofMillis(1))))
                .withMessageContaining("longestWait is shorter");
    }
}
