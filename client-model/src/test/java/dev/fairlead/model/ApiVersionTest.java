package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiVersionTest {

    @Test
    void readsWithAndWithoutALeadingV() {
        assertThat(ApiVersion.parse("1.43")).isEqualTo(ApiVersion.of(1, 43)).hasToString("1.43");
        assertThat(ApiVersion.parse("v1.43")).isEqualTo(ApiVersion.of(1, 43));
    }

    @Test
    void ordersByNumberNotByText() {
        assertThat(ApiVersion.of(1, 9)).isLessThan(ApiVersion.of(1, 10)).isLessThan(ApiVersion.of(2, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.", "1.x", "1.43.1", "-1.2", "V1.43", " 1.43", "1.99999999999"})
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> ApiVersion.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not an API version: '" + text + "'");
    }
}
