package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Absent, empty, null and zero, which are four things. */
class AbsentTest {

    @ParameterizedTest
    @EnumSource(Mappers.class)
    void writesEmptyButNotAbsent(Mappers mapper) {
        ContainerConfig absent = ContainerConfig.builder().build();
        ContainerConfig empty = ContainerConfig.builder()
                .entrypoint(List.of())
                .user("")
                .tty(false)
                .build();

        assertThat(mapper.write(absent)).isEqualTo("{}");
        assertThat(Mappers.tree(mapper.write(empty)))
                .isEqualTo(Mappers.tree("{\"Entrypoint\":[],\"User\":\"\",\"Tty\":false}"));
        assertThat(empty).isNotEqualTo(absent);
        assertThat(absent.entrypoint()).isEmpty();
        assertThat(empty.entrypoint()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Mappers.class)
    void readsDockersZeroTimeAsAbsentAndWritesItBack(Mappers mapper) {
        String json = "{\"StartedAt\":\"0001-01-01T00:00:00Z\",\"FinishedAt\":\"\"}";

        ContainerState state = mapper.read(json, ContainerState.class);

        assertThat(state.startedAt()).isNull();
        assertThat(state.finishedAt()).isNull();
        assertThat(Mappers.tree(mapper.write(state))).isEqualTo(Mappers.tree(json));
    }

    @ParameterizedTest
    @EnumSource(Mappers.class)
    void readsTimesOfAnyZoneAndWritesTheSameDigits(Mappers mapper) {
        String json = "{\"StartedAt\":\"2024-05-06T07:08:09.120000000+02:00\"}";

        ContainerState state = mapper.read(json, ContainerState.class);

        assertThat(state.startedAt()).isEqualTo(Instant.parse("2024-05-06T05:08:09.12Z"));
        assertThat(mapper.write(state)).isEqualTo(json);
    }

    @ParameterizedTest
    @EnumSource(Mappers.class)
    void readsTheLargestUnsignedNumberAndWritesItBack(Mappers mapper) {
        String json = "{\"usage\":18446744073709551615}";

        ContainerMemoryStats stats = mapper.read(json, ContainerMemoryStats.class);

        assertThat(stats.usage()).isEqualTo(Long.MAX_VALUE);
        assertThat(mapper.write(stats)).isEqualTo(json);
    }

    @ParameterizedTest
    @EnumSource(Mappers.class)
    void leavesOutNullElementsButKeepsThoseThatMeanSomething(Mappers mapper) {
        ContainerConfig config = mapper.read("{\"Env\":[null,\"A=b\"],\"Labels\":{\"a\":null}}", ContainerConfig.class);
        NetworkSettings settings = mapper.read("{\"Ports\":{\"80/tcp\":null}}", NetworkSettings.class);

        assertThat(config.env()).containsExactly("A=b");
        assertThat(config.labels()).isEmpty();
        assertThat(settings.ports()).containsOnlyKeys("80/tcp").containsEntry("80/tcp", null);
        assertThat(mapper.write(settings)).isEqualTo("{\"Ports\":{\"80/tcp\":null}}");
    }

    @ParameterizedTest
    @EnumSource(Mappers.class)
    void collectionsCannotBeChanged(Mappers mapper) {
        ContainerConfig config = mapper.read("{\"Env\":[\"A=b\"],\"X\":{\"deep\":[1]}}", ContainerConfig.class);

        assertThatThrownBy(() -> config.env().add("C=d")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> config.unknownFields().values().forEach(deep -> ((Map<?, ?>) deep).clear()))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aBuilderThatGoesOnDoesNotChangeWhatItBuilt() {
        ContainerConfig.Builder builder = ContainerConfig.builder().label("a", "1");
        ContainerConfig first = builder.build();
        builder.label("b", "2");
        first.toBuilder().label("c", "3").build();

        assertThat(first.labels()).containsOnlyKeys("a");
        assertThat(builder.build().labels()).containsOnlyKeys("a", "b");
    }

    @Test
    void refusesNullElementsByTheirPlace() {
        assertThatThrownBy(() -> ContainerConfig.builder().env(Arrays.asList("A=b", null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("env[1] is null");
    }

    @Test
    void aPartOfASecondCountsAsOne() {
        ContainerStopOptions options = ContainerStopOptions.of(
                stop -> stop.timeout(Duration.ofMillis(500)).signal("TERM"));

        assertThat(options.parameters())
                .filteredOn(parameter -> parameter.name().equals("t"))
                .extracting(RequestParameter::value)
                .containsExactly("1");
    }
}
