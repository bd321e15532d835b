package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiVersionTest {
    @Test
    void parseAcceptsALeadingV() {
        assertThat(ApiVersion.parse("v1.43")).isEqualTo(ApiVersion.of(1, 43)).isEqualTo(ApiVersion.parse("1.43"));
    }

    @Test
    void textIsThatOfTheEngine() {
        assertThat(ApiVersion.of(1, 43)).hasToString("1.43");
    }

    @Test
    void orderIsByNumbersAndNotByText() {
        List<ApiVersion> shuffled =
                List.of(ApiVersion.of(2, 0), ApiVersion.of(1, 40), ApiVersion.of(1, 9), ApiVersion.of(1, 100));

        assertThat(shuffled.stream().sorted()).map(ApiVersion::toString).containsExactly("1.9", "1.40", "1.100", "2.0");
    }

    @Test
    void isAtLeastIncludesTheVersionItself() {
        assertThat(ApiVersion.OLDEST.isAtLeast(ApiVersion.OLDEST)).isTrue();
        assertThat(ApiVersion.NEWEST.isAtLeast(ApiVersion.OLDEST)).isTrue();
        assertThat(ApiVersion.OLDEST.isAtLeast(ApiVersion.NEWEST)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.",
                ".43",
                "1.43.0",
                "vv1.43",
                "V1.43",
                " 1.43",
                "1.43\n",
                "1.-3",
                "1,43",
                "1.999999",
                "١.٤"
            })
    void parseNamesATextThatIsNoVersion(String text) {
        assertThatThrownBy(() -> ApiVersion.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @Test
    void negativeNumbersAreRefused() {
        assertThatThrownBy(() -> ApiVersion.of(1, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1.-1");
    }
}
