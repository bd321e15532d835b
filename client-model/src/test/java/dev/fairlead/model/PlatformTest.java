package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {

    @ParameterizedTest
    @ValueSource(strings = {"linux", "linux/amd64", "linux/arm/v7"})
    void printsTheTextItWasReadFrom(String text) {
        assertThat(Platform.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux/", "/amd64", "a/b/c/d", "linux//v7"})
    void refusesOtherTexts(String text) {
        assertThatThrownBy(() -> Platform.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @EnumSource(Mappers.class)
    void isTheObjectOfTheImageSpecification(Mappers mapper) {
        Platform platform = new Platform("windows", "amd64", "", "10.0.1", List.of("win32k"));
        String json =
                "{\"os\":\"windows\",\"architecture\":\"amd64\",\"os.version\":\"10.0.1\",\"os.features\":[\"win32k\"]}";

        assertThat(Mappers.tree(mapper.write(platform))).isEqualTo(Mappers.tree(json));
        assertThat(mapper.read(json, Platform.class)).isEqualTo(platform);
        assertThat(mapper.read("{\"os\":\"linux\",\"new\":1}", Platform.class)).hasToString("linux");
    }

    @ParameterizedTest
    @EnumSource(Mappers.class)
    void aTerminalSizeIsHeightAndWidth(Mappers mapper) {
        assertThat(mapper.write(TerminalSize.of(24, 80))).isEqualTo("[24,80]");
        assertThat(mapper.read("[0,0]", TerminalSize.class)).isEqualTo(new TerminalSize(0, 0));
        assertThatThrownBy(() -> TerminalSize.of(24, 0)).hasMessage("width is less than 1: 0");
    }
}
