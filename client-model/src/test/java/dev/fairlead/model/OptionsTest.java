package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.RequestParameter.Encoding;
import dev.fairlead.model.RequestParameter.In;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

class OptionsTest {

    @Test
    void listsOnlyTheParametersThatAreSet() {
        ContainerListOptions options =
                ContainerListOptions.of(list -> list.all(true).limit(3));

        assertThat(options.parameters())
                .containsExactly(
                        new RequestParameter(In.QUERY, "all", "true", Encoding.PLAIN),
                        new RequestParameter(In.QUERY, "limit", "3", Encoding.PLAIN));
        assertThat(options.operation()).isEqualTo("ContainerList");
        assertThat(options.hasBody()).isFalse();
        assertThat(ContainerListOptions.builder().build().parameters()).isEmpty();
    }

    @Test
    void collectsFiltersSortedAndEachOnce() {
        ContainerListOptions options = ContainerListOptions.of(
                list -> list.filters(filters -> filters.status(ContainerStatus.RUNNING, ContainerStatus.of("new"))
                                .label("a=b", "a=b")
                                .isTask(false)
                                .isTask(true))
                        .filters(filters -> filters.filter("future", "x").label("c")));

        assertThat(options.filters())
                .isEqualTo(Map.of(
                        "future", List.of("x"),
                        "is-task", List.of("true"),
                        "label", List.of("a=b", "c"),
                        "status", List.of("running", "new")));
        assertThat(options.filters().keySet()).containsExactly("future", "is-task", "label", "status");
    }

    @Test
    void writesTheBodyWithoutTheParameters() {
        ContainerCreateOptions options = ContainerCreateOptions.of("alpine", create -> create.name("web")
                .platform(Platform.parse("linux/arm/v7"))
                .cmd("echo", "hello"));

        assertThat(Mappers.tree(Mappers.JACKSON_3.write(options)))
                .isEqualTo(Mappers.tree("{\"Image\":\"alpine\",\"Cmd\":[\"echo\",\"hello\"]}"));
        assertThat(options.parameters()).extracting(RequestParameter::value).containsExactly("web", "linux/arm/v7");
        assertThat(options.hasBody()).isTrue();
    }

    @Test
    void aLambdaGoesOnFromWhatIsSet() {
        ContainerCreateOptions options =
                ContainerCreateOptions.of("alpine", create -> create.hostConfig(host -> host.privileged(true))
                        .hostConfig(host -> host.autoRemove(true)));

        HostConfig host = options.hostConfig();
        assertThat(host)
                .isEqualTo(
                        HostConfig.builder().privileged(true).autoRemove(true).build());
    }

    @Test
    void namesWhatNeedsAVersionAtAnyDepth() {
        ContainerCreateOptions options =
                ContainerCreateOptions.of("alpine", create -> create.platform(Platform.parse("linux"))
                        .hostConfig(host -> host.privileged(true).annotation("a", "b")));

        assertThat(Requirements.of(options))
                .containsExactlyInAnyOrder(
                        new Requirements.Requirement("platform", List.of("platform"), ApiVersion.of(1, 41), null),
                        new Requirements.Requirement(
                                "HostConfig.Annotations",
                                List.of("HostConfig", "Annotations"),
                                ApiVersion.of(1, 43),
                                null));
        assertThat(Requirements.of(ContainerCreateOptions.of("alpine", create -> {})))
                .isEmpty();
    }

    @Test
    void aRequirementHoldsBetweenItsVersions() {
        var requirement = new Requirements.Requirement("x", List.of("x"), ApiVersion.of(1, 42), ApiVersion.of(1, 44));

        assertThat(requirement.holdsFor(ApiVersion.of(1, 41))).isFalse();
        assertThat(requirement.holdsFor(ApiVersion.of(1, 42))).isTrue();
        assertThat(requirement.holdsFor(ApiVersion.of(1, 44))).isTrue();
        assertThat(requirement.holdsFor(ApiVersion.of(1, 45))).isFalse();
    }

    @Test
    void timesOfParametersHaveNineDigitsOfFractionOrNone() {
        assertThat(ContainerLogsOptions.of(logs -> logs.since(Instant.ofEpochSecond(5)))
                        .parameters())
                .extracting(RequestParameter::value)
                .containsExactly("5");
        assertThat(ContainerLogsOptions.of(logs -> logs.since(Instant.ofEpochSecond(5, 42)))
                        .parameters())
                .extracting(RequestParameter::value)
                .containsExactly("5.000000042");
    }

    @Test
    void neverShowsASecret() {
        AuthConfig auth =
                AuthConfig.builder().username("me").password("hunter2").build();

        assertThat(auth).hasToString("AuthConfig[username=me, password=***]");
        assertThat(new RequestParameter(In.HEADER, "X-Registry-Auth", "hunter2", Encoding.PLAIN).toString())
                .doesNotContain("hunter2");
    }

    @Test
    void refusesABlankFilter() {
        assertThatThrownBy(() -> ContainerListOptions.of(list -> list.filters(filters -> filters.filter(" ", "x"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key is blank");
    }

    /** The Engine reads no other digits. */
    @Test
    @ResourceLock(Resources.LOCALE)
    void timesAreWrittenWithTheSameDigitsEverywhere() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("fa-u-nu-arabext"));
        try {
            assertThat(Values.secondsText(Instant.ofEpochSecond(5, 42))).isEqualTo("5.000000042");
        } finally {
            Locale.setDefault(before);
        }
    }
}
