package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Engine said is written back as it was, by every generated class and both generations of Jackson. */
class RoundTripTest {

    static Stream<Arguments> typesAndMappers() {
        return ModelTable.types("type").stream()
                .flatMap(type -> Stream.of(Mappers.values()).map(mapper -> Arguments.of(type, mapper)));
    }

    @ParameterizedTest
    @MethodSource("typesAndMappers")
    void writesBackEveryFieldKnownAndUnknown(String type, Mappers mapper) {
        String json = Mappers.json(ModelTable.sample(type));

        Object value = mapper.read(json, ModelTable.classOf(type));

        assertThat(Mappers.tree(mapper.write(value))).isEqualTo(Mappers.tree(json));
        assertThat(value).isEqualTo(mapper.read(json, ModelTable.classOf(type)));
        assertThat(value).hasSameHashCodeAs(mapper.read(json, ModelTable.classOf(type)));
    }

    @ParameterizedTest
    @MethodSource("typesAndMappers")
    void readsNothingAsAbsentAndWritesNothing(String type, Mappers mapper) throws ReflectiveOperationException {
        StringBuilder nulls = new StringBuilder("{");
        for (ModelTable.Row row : ModelTable.fields(type)) {
            nulls.append(nulls.length() > 1 ? "," : "")
                    .append('"')
                    .append(row.field())
                    .append("\":null");
        }

        Object fromNulls = mapper.read(nulls + "}", ModelTable.classOf(type));
        Object fromNothing = mapper.read("{}", ModelTable.classOf(type));

        assertThat(mapper.write(fromNulls)).isEqualTo("{}");
        assertThat(fromNulls).isEqualTo(fromNothing).hasToString(type + "[]");
        for (ModelTable.Row row : ModelTable.fields(type)) {
            Object absent = fromNothing.getClass().getMethod(row.java()).invoke(fromNothing);
            if (row.fieldType().matches("(list|map)<.*|set|bytes")
                    || (row.fieldType().equals("string") && !row.marked("nullable"))) {
                assertThat(absent).as(row.field()).isNotNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("typesAndMappers")
    void buildsAnEqualValueFromItself(String type, Mappers mapper) throws ReflectiveOperationException {
        Object value = mapper.read(Mappers.json(ModelTable.sample(type)), ModelTable.classOf(type));

        Object builder = value.getClass().getMethod("toBuilder").invoke(value);

        assertThat(builder.getClass().getMethod("build").invoke(builder)).isEqualTo(value);
    }
}
