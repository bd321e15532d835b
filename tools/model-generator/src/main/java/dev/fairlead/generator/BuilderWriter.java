package dev.fairlead.generator;

import static dev.fairlead.generator.Source.javadoc;
import static dev.fairlead.generator.Source.quoted;

import dev.fairlead.generator.FieldType.Kind;
import dev.fairlead.generator.Schema.Field;
import dev.fairlead.generator.Schema.FilterKey;
import dev.fairlead.generator.Schema.ValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes the nested builder of a value class, which also is what Jackson fills, and the nested class of filters. */
final class BuilderWriter {
    private final Schema schema;
    private final ValueType type;
    private final StringBuilder out = new StringBuilder();

    private BuilderWriter(Schema schema, ValueType type) {
        this.schema = schema;
        this.type = type;
    }

    static String write(Schema schema, ValueType type) {
        BuilderWriter writer = new BuilderWriter(schema, type);
        writer.all();
        return writer.out.toString();
    }

    private void all() {
        out.append("/** Makes a {@link %s}. Not safe for use by several threads. */\n".formatted(type.name()));
        out.append(type.options() ? "" : "@WireFormat\n").append("public static final class Builder {\n");
        type.fields().forEach(this::declaration);
        if (!type.options()) {
            member("@JsonAnySetter\nprivate final Map<String, Object> unknownFields = new LinkedHashMap<>();\n");
        }
        member("private Builder() {}\n");
        copyConstructor();
        type.fields().forEach(this::setters);
        member(javadoc("The value as set so far; this builder can go on being used.", "@return a new value")
                + "public %1$s build() {\n    return new %1$s(this);\n}\n".formatted(type.name()));
        out.setLength(out.length() - 1);
        out.append("}\n");
        type.fields().stream()
                .filter(field -> field.type().is(Kind.FILTERS))
                .findFirst()
                .ifPresent(this::filters);
    }

    private void member(String text) {
        out.append(text.indent(4)).append('\n');
    }

    private void declaration(Field field) {
        String json = "";
        if (!type.options()) {
            boolean skip = field.type().element() != null && !field.type().nullableElements();
            json = "@JsonSetter(value = %s, nulls = Nulls.SKIP%s)\n"
                    .formatted(quoted(field.json()), skip ? ", contentNulls = Nulls.SKIP" : "");
        }
        member(json + "private " + ClassWriter.orNull(field.type().stored()) + " " + field.java() + ";\n");
    }

    private void copyConstructor() {
        StringBuilder body = new StringBuilder("private Builder(%s source) {\n".formatted(type.name()));
        for (Field field : type.fields()) {
            body.append((field.type().is(Kind.MAP)
                            ? "    this.%1$s = Values.copy(source.%1$s);\n"
                            : "    this.%1$s = source.%1$s;\n")
                    .formatted(field.java()));
        }
        if (!type.options()) {
            body.append("    this.unknownFields.putAll(source.unknownFields);\n");
        }
        member(body.append("}\n").toString());
    }

    private void setters(Field field) {
        FieldType fieldType = field.type();
        switch (fieldType.kind()) {
            case FILTERS -> filtersSetter(field);
            case LIST -> {
                if (fieldType.elements().element() == null) {
                    setter(
                            field,
                            fieldType.elements().given() + "...",
                            "the values in their order; replaces what is set",
                            "return %1$s(List.of(%1$s));");
                }
                setter(field, fieldType.given(), "the values in their order; replaces what is set", assignment(field));
            }
            case SET -> {
                setter(
                        field,
                        "String...",
                        "the values; replaces what is set",
                        "return %1$s(Values.set(\"%1$s\", List.of(%1$s)).keySet());");
                setter(field, "Set<String>", "the values; replaces what is set", assignment(field));
            }
            case MAP -> {
                setter(field, fieldType.given(), "all entries; replaces what is set", assignment(field));
                adder(field);
            }
            case TYPE -> {
                setter(field, fieldType.given(), "the value; replaces what is set", assignment(field));
                if (startsEmpty(fieldType)) {
                    setter(
                            field,
                            "Consumer<" + fieldType.name() + ".Builder>",
                            "sets what is wanted, on top of what is set already",
                            """
                            %2$s.Builder nested = this.%1$s == null ? %2$s.builder() : this.%1$s.toBuilder();
                            %1$s.accept(nested);
                            return %1$s(nested.build());""");
                }
            }
            default -> setter(field, fieldType.taken(), "the value", assignment(field));
        }
    }

    /** Whether a lambda can fill a value of this type without being given anything. */
    private boolean startsEmpty(FieldType fieldType) {
        ValueType nested = schema.types().get(fieldType.name());
        return nested != null && nested.required().isEmpty();
    }

    private static String assignment(Field field) {
        String value = field.required() && field.type().is(Kind.STRING)
                ? "Values.required(\"%1$s\", %1$s)".formatted(field.java())
                : field.type().take(field.java());
        return "this." + field.java() + " = " + value + ";\nreturn this;";
    }

    /** In the body, %1$s is the field and %2$s the name of its type. */
    private void setter(Field field, String taken, String param, String body) {
        String name = field.java();
        List<String> tags = List.of("@param " + name + " " + param, "@return this builder");
        member(javadoc(field.doc(), tags, field.life())
                + "public Builder %s(%s %1$s) {\n".formatted(name, taken)
                + body.formatted(name, field.type().name()).indent(4)
                + "}\n");
    }

    private void adder(Field field) {
        FieldType values = field.type().elements();
        String name = Names.adder(field.java());
        Set<String> others = new HashSet<>();
        type.fields().forEach(other -> others.add(other.java()));
        if (others.contains(name) || !Names.isFieldName(name, type.options())) {
            name = Names.put(field.java());
        }
        String taken = field.type().nullableElements() ? ClassWriter.orNull(values.given()) : values.taken();
        String value = field.type().nullableElements() ? "value" : values.take("value");
        List<String> tags =
                List.of("@param key the key of the entry", "@param value its value", "@return this builder");
        member(javadoc(
                        "Adds one entry to {@code " + field.java() + "}; an earlier one of the same key is replaced.",
                        tags,
                        field.life())
                + """
                public Builder %1$s(String key, %2$s value) {
                    if (this.%3$s == null) {
                        this.%3$s = new LinkedHashMap<>();
                    }
                    this.%3$s.put(Values.given("key", key), %4$s);
                    return this;
                }
                """.formatted(name, taken, field.java(), value));
    }

    private void filtersSetter(Field field) {
        List<String> tags = List.of(
                "@param " + field.java() + " sets what is wanted, on top of what is set already",
                "@return this builder");
        member(javadoc(field.doc(), tags, field.life()) + """
                public Builder %1$s(Consumer<Filters> %1$s) {
                    Filters wanted = new Filters(this.%1$s);
                    %1$s.accept(wanted);
                    this.%1$s = wanted.values.asMap();
                    return this;
                }
                """.formatted(field.java()));
    }

    private void filters(Field field) {
        out.append(
                "\n/** Narrows the answer: different keys have to hold together, of several values of one key any. */\n");
        out.append("public static final class Filters {\n");
        member("private final FilterValues values;\n");
        member(
                "private Filters(@Nullable Map<String, List<String>> values) {\n    this.values = new FilterValues(values);\n}\n");
        field.keys().forEach(this::filter);
        member(
                javadoc(
                                "A filter that has no method here.",
                                "@param key as the Engine names it",
                                "@param values added to those set for this key",
                                "@return these filters")
                        + "public Filters filter(String key, String... values) {\n    this.values.add(key, List.of(values));\n    return this;\n}\n");
        out.setLength(out.length() - 1);
        out.append("}\n");
    }

    private void filter(String key, FilterKey filter) {
        FieldType values = filter.type();
        boolean single = values.is(Kind.BOOLEAN);
        String name = filter.java();
        List<String> tags = new ArrayList<>();
        tags.add(
                "@param " + name + (single ? " which of the two" : " any of these will do; added to those set before"));
        tags.add("@return these filters");
        String texts = values.is(Kind.STRING)
                ? "List.of(" + name + ")"
                : "Values.each(List.of(" + name + "), e -> " + values.text("e") + ")";
        String body = single
                ? "this.values.set(%s, String.valueOf(%s));".formatted(quoted(key), name)
                : "this.values.add(%s, %s);".formatted(quoted(key), texts);
        member(javadoc(filter.doc(), tags, filter.life())
                + "public Filters %1$s(%2$s%3$s %1$s) {\n    %4$s\n    return this;\n}\n"
                        .formatted(name, single ? "boolean" : values.given(), single ? "" : "...", body));
    }
}
