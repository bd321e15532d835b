package dev.fairlead.core.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.model.ApiVersion;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class NegotiationTest {
    @Test
    void theProgramsVersionComesBeforeTheEnvironments() {
        assertThat(Negotiation.fixed(ApiVersion.of(1, 41), environment("1.42"))).isEqualTo(ApiVersion.of(1, 41));
        assertThat(Negotiation.fixed(null, environment("v1.42"))).isEqualTo(ApiVersion.of(1, 42));
    }

    @Test
    void withoutEitherTheEngineIsAsked() {
        assertThat(Negotiation.fixed(null, environment(""))).isNull();
    }

    @Test
    void aVersionOfTheEnvironmentThatIsNoneNamesTheVariable() {
        assertThatThrownBy(() -> Negotiation.fixed(null, environment("latest")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("DOCKER_API_VERSION: \"latest\" is not an API version");
    }

    @Test
    void aFixedVersionThatIsTooOldIsRefused() {
        assertThatThrownBy(() -> Negotiation.fixed(null, environment("1.39")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("DOCKER_API_VERSION is 1.39, and the oldest that Fairlead speaks is 1.40");
        assertThatThrownBy(() -> Negotiation.fixed(ApiVersion.of(1, 24), environment("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the program");
    }

    @ParameterizedTest
    @CsvSource({"1.40, 1.40", "1.51, 1.51", "v1.43, 1.43", "1.55, 1.55", "1.56, 1.55", "2.0, 1.55", "' 1.43', 1.43"})
    void theNewestCommonVersionIsTaken(String header, String taken) {
        assertThat(Negotiation.withEngine(header)).hasToString(taken);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void withoutAHeaderTheNewestIsTried(String header) {
        assertThat(Negotiation.withEngine(header)).isEqualTo(ApiVersion.NEWEST);
    }

    @Test
    void anEngineThatIsTooOldIsNamedWithBothVersions() {
        assertThatThrownBy(() -> Negotiation.withEngine("1.39"))
                .isInstanceOf(UnsupportedByEngine.class)
                .hasMessageContaining("the Engine speaks API version 1.39 at most, and Fairlead needs 1.40 or later");
    }

    @Test
    void aHeaderThatIsNoVersionIsShown() {
        assertThatThrownBy(() -> Negotiation.withEngine("new"))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageContaining("Api-Version")
                .hasMessageContaining("\"new\"");
    }

    @ParameterizedTest
    @CsvSource({
        "client version 1.55 is too new. Maximum supported API version is 1.51, 1.51",
        "client version 1.60 is too new. Maximum supported API version is 1.56, 1.55",
        "'client version 1.40 is too old. Minimum supported API version is 1.44, please upgrade your client', 1.44",
    })
    void aRefusalSaysWhatToGoOnWith(String message, String version) {
        assertThat(Negotiation.afterRefusal(message)).hasToString(version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "invalid reference format",
                "client version 1.55 is too old. Minimum supported API version is 1.60, please upgrade"
            })
    void anotherMessageIsNoRefusalThatHelps(String message) {
        assertThat(Negotiation.afterRefusal(message)).isNull();
    }

    @Test
    void aRefusalOfAnEngineThatIsTooOldIsFinal() {
        assertThatThrownBy(() -> Negotiation.afterRefusal(
                        "client version 1.40 is too new. Maximum supported API version is 1.39"))
                .isInstanceOf(UnsupportedByEngine.class);
    }

    private static Environment environment(String version) {
        return new Environment(Map.of("DOCKER_API_VERSION", version), Path.of("/"), path -> false);
    }
}
