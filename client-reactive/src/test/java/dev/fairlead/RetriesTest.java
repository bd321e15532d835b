package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetriesTest {

    private static final Retries RETRIES =
            Retries.of(how -> how.firstWait(Duration.ofMillis(100)).longestWait(Duration.ofSeconds(1)));

    @Test
    void waitsTwiceAsLongEachTimeUpToTheLongest() {
        assertThat(RETRIES.waitAfter(1, 1)).isEqualTo(Duration.ofMillis(100));
        assertThat(RETRIES.waitAfter(2, 1)).isEqualTo(Duration.ofMillis(200));
        assertThat(RETRIES.waitAfter(4, 1)).isEqualTo(Duration.ofMillis(800));
        assertThat(RETRIES.waitAfter(5, 1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(RETRIES.waitAfter(Integer.MAX_VALUE, 1)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void waitsAnyPartOfThat() {
        assertThat(RETRIES.waitAfter(1, 0)).isZero();
        assertThat(RETRIES.waitAfter(2, 0.5)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Retries.of(how -> how.attempts(0)))
                .withMessageContaining("attempts is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Retries.of(how -> how.firstWait(Duration.ZERO)))
                .withMessageContaining("wait is not positive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Retries.of(how -> how.firstWait(Duration.ofMinutes(1))))
                .withMessageContaining("longestWait is shorter");
        for (int budget : new int[] {0, 1_000_001}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Retries.of(how -> how.budget(budget)))
                    .withMessageContaining("retries");
        }
    }

    @Test
    void areNoneUnlessSaid() {
        assertThat(DockerConfig.builder().build().retries()).isSameAs(Retries.none());
        assertThat(Retries.none().attempts()).isEqualTo(1);
        assertThat(Retries.defaults())
                .hasToString("Retries[attempts=3, firstWait=PT0.1S, longestWait=PT5S, budget=100]");
    }
}
