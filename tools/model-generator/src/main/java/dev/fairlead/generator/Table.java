package dev.fairlead.generator;

import dev.fairlead.generator.Schema.Field;
import dev.fairlead.generator.Schema.Life;
import dev.fairlead.generator.Schema.ValueType;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One line for each field, filter key and enum value: tests compare it with the Engine's API. */
final class Table {
    private static final Life ALWAYS = new Life(null, null, null);
    private final StringBuilder lines = new StringBuilder();

    private Table() {
        line("kind", "type", "engine", "field", "java", "field type", "since", "until", "in", "operation", "marks");
    }

    static String write(Schema schema) {
        Table table = new Table();
        schema.types().values().forEach(table::type);
        schema.enums().values().forEach(type -> type.constants()
                .forEach((value, constant) -> table.line(
                        "enum",
                        type.name(),
                        String.join(",", type.engine()),
                        value,
                        constant.java(),
                        "",
                        constant.life().since(),
                        constant.life().until(),
                        "",
                        "",
                        "")));
        return table.lines.toString();
    }

    private void type(ValueType type) {
        String kind = type.options() ? "options" : "type";
        if (type.fields().isEmpty()) {
            field(kind, type, "", "", "", ALWAYS, "", "");
        }
        for (Field field : type.fields()) {
            String marks = (field.required() ? "required " : "")
                    + (field.secret() ? "secret " : "")
                    + (field.nullable() ? "nullable " : "");
            String fieldType = field.type().name();
            field(kind, type, field.json(), field.java(), fieldType, field.life(), field.in(), marks.strip());
            field.keys()
                    .forEach((key, filter) -> field(
                            "filter",
                            type,
                            field.json() + "." + key,
                            filter.java(),
                            filter.type().name(),
                            filter.life(),
                            field.in(),
                            ""));
        }
    }

    private void field(
            String kind,
            ValueType type,
            String json,
            String java,
            String fieldType,
            Life life,
            @Nullable String in,
            String marks) {
        String engine = Stream.concat(type.engine().stream(), type.includedEngine().stream())
                .collect(Collectors.joining(","));
        String operation = type.operation();
        line(kind, type.name(), engine, json, java, fieldType, life.since(), life.until(), in, operation, marks);
    }

    private void line(@Nullable String... cells) {
        lines.append(Arrays.stream(cells)
                        .map(cell -> Objects.requireNonNullElse(cell, ""))
                        .collect(Collectors.joining("\t")))
                .append('\n');
    }
}
