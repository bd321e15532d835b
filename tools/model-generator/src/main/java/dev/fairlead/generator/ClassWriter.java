package dev.fairlead.generator;

import static dev.fairlead.generator.Source.html;
import static dev.fairlead.generator.Source.javadoc;
import static dev.fairlead.generator.Source.quoted;

import dev.fairlead.generator.FieldType.Kind;
import dev.fairlead.generator.Schema.Encoding;
import dev.fairlead.generator.Schema.Field;
import dev.fairlead.generator.Schema.Life;
import dev.fairlead.generator.Schema.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes a value class, of a plain type or of the options of an operation; {@link BuilderWriter} writes its builder. */
final class ClassWriter {
    private final Schema schema;
    private final ValueType type;
    private final StringBuilder out = new StringBuilder();

    private ClassWriter(Schema schema, ValueType type) {
        this.schema = schema;
        this.type = type;
    }

    static String write(Schema schema, ValueType type) {
        ClassWriter writer = new ClassWriter(schema, type);
        writer.all();
        return Source.file(writer.out.toString());
    }

    private void all() {
        List<String> notes = new ArrayList<>();
        if (type.options()) {
            notes.add("<p>Operation {@code " + type.operation() + "}. What is not set is not sent.");
        } else if (!type.engine().isEmpty()) {
            notes.add(type.engine().stream()
                    .map(name -> "{@code " + name + "}")
                    .collect(Collectors.joining(", ", "<p>Engine schema ", ".")));
        }
        out.append(javadoc(type.doc(), notes, new Life(type.since(), null, null)));
        out.append("@WireFormat\npublic final class %s implements %s {\n".formatted(type.name(), interfaces()));
        type.fields().forEach(this::declaration);
        if (!type.options()) {
            member("private final Map<String, Object> unknownFields;\n");
        }
        constructors();
        type.fields().forEach(this::accessor);
        if (type.options()) {
            operation();
        } else {
            unknownFields();
        }
        requirements();
        objectMethods();
        out.append(BuilderWriter.write(schema, type).indent(4)).append("}\n");
    }

    private String interfaces() {
        List<String> names = new ArrayList<>(List.of(type.options() ? "OperationOptions" : "Versioned"));
        names.addAll(type.interfaces());
        return String.join(", ", names);
    }

    private void member(String text) {
        out.append(text.indent(4)).append('\n');
    }

    /** The type of a reference that may be null: on an array the annotation stands before its brackets. */
    static String orNull(String reference) {
        return reference.equals("byte[]") ? "byte @Nullable []" : "@Nullable " + reference;
    }

    private void declaration(Field field) {
        String property = field.inBody() ? "@JsonProperty(" + quoted(field.json()) + ")\n" : "";
        member(property + "private final " + orNull(field.type().stored()) + " " + field.java() + ";\n");
    }

    private void constructors() {
        StringBuilder body = new StringBuilder("private " + type.name() + "(Builder builder) {\n");
        for (Field field : type.fields()) {
            String value = "builder." + field.java();
            boolean mutable = field.type().element() != null
                    || field.type().is(Kind.SET)
                    || field.type().is(Kind.ANY)
                    || field.type().is(Kind.FILTERS);
            body.append(
                    "    this.%s = %s;\n".formatted(field.java(), mutable ? "Values.frozen(" + value + ")" : value));
        }
        if (!type.options()) {
            body.append("    this.unknownFields = Values.unknown(builder.unknownFields);\n");
        }
        member(body.append("}\n").toString());
        if (!type.options()) {
            // Lenient: what an Engine leaves out is absent, required or not.
            member("""
                    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
                    static %1$s fromJson(Builder builder) {
                        return new %1$s(builder);
                    }
                    """.formatted(type.name()));
            out.append(ReaderWriter.write(type).indent(4));
        }
        starters();
    }

    private void starters() {
        List<Field> required = type.required();
        String parameters = required.stream()
                .map(field -> field.type().taken() + " " + field.java())
                .collect(Collectors.joining(", "));
        String arguments = required.stream().map(Field::java).collect(Collectors.joining(", "));
        String calls = required.stream()
                .map(field -> ".%1$s(%1$s)".formatted(field.java()))
                .collect(Collectors.joining());
        List<String> tags = new ArrayList<>();
        required.forEach(field -> tags.add("@param " + field.java() + " " + html(field.doc())));
        List<String> builderTags = new ArrayList<>(tags);
        builderTags.add("@return a builder with nothing " + (required.isEmpty() ? "set" : "else set"));
        Life always = new Life(null, null, null);
        member(javadoc("Starts a new value.", builderTags, always)
                + "public static Builder builder(%s) {\n    return new Builder()%s;\n}\n".formatted(parameters, calls));
        if (type.options()) {
            tags.add("@param options sets what is wanted");
            tags.add("@return the options");
            member(javadoc("Options made in one go.", tags, always)
                    + """
                    public static %1$s of(%2$sConsumer<Builder> options) {
                        Builder builder = builder(%3$s);
                        options.accept(builder);
                        return builder.build();
                    }
                    """.formatted(type.name(), required.isEmpty() ? "" : parameters + ", ", arguments));
        }
        member(javadoc(
                        "Starts from this value; it does not change itself.",
                        "@return a builder with all that is set here")
                + "public Builder toBuilder() {\n    return new Builder(this);\n}\n");
    }

    private void accessor(Field field) {
        FieldType fieldType = field.type();
        String name = field.java();
        String given = fieldType.give(name);
        String absent = field.nullable() && fieldType.element() == null ? null : fieldType.whenAbsent();
        String unset = type.options() ? "when not set" : "when the Engine gave none";
        String value;
        String returned;
        String tag;
        if (absent == null) {
            returned = orNull(fieldType.given());
            value = given.equals(name) ? name : "%1$s == null ? null : %2$s".formatted(name, given);
            tag = "@return the value, {@code null} " + unset;
        } else {
            returned = fieldType.primitive() ? fieldType.taken() : fieldType.given();
            value = fieldType.is(Kind.BOOLEAN)
                    ? "%1$s != null && %1$s".formatted(name)
                    : "%1$s == null ? %2$s : %3$s".formatted(name, absent, given);
            boolean zero = fieldType.primitive();
            tag = "@return the value, " + (zero ? "{@code " + absent + "}" : "empty") + " " + unset;
        }
        List<String> notes = new ArrayList<>();
        if (field.byDefault() != null) {
            notes.add("<p>The Engine's default: " + html("`" + field.byDefault() + "`") + ".");
        }
        notes.add(tag);
        member(javadoc(field.doc(), notes, field.life())
                + "public %s %s() {\n    return %s;\n}\n".formatted(returned, name, value));
    }

    private void operation() {
        member("@Override\npublic String operation() {\n    return %s;\n}\n"
                .formatted(quoted(String.valueOf(type.operation()))));
        member("@Override\npublic boolean hasBody() {\n    return %s;\n}\n".formatted(type.hasBody()));
        StringBuilder body = new StringBuilder();
        for (Field field : type.fields()) {
            if (!field.inBody()) {
                body.append(parameter(field).indent(4));
            }
        }
        member(
                body.isEmpty()
                        ? "@Override\npublic List<RequestParameter> parameters() {\n    return List.of();\n}\n"
                        : """
                        @Override
                        public List<RequestParameter> parameters() {
                            List<RequestParameter> parameters = new ArrayList<>();
                        %s    return Collections.unmodifiableList(parameters);
                        }
                        """.formatted(body));
    }

    private static String parameter(Field field) {
        FieldType fieldType = field.type();
        String name = field.java();
        String encoding;
        String value = name;
        if (fieldType.is(Kind.FILTERS)) {
            encoding = "FILTERS";
        } else if (field.encoding() == Encoding.EACH_AS_JSON) {
            encoding = "EACH_AS_JSON";
        } else if (field.encoding() == Encoding.JSON || fieldType.is(Kind.MAP) || fieldType.is(Kind.SET)) {
            encoding = "JSON";
        } else if (fieldType.is(Kind.LIST)) {
            encoding = "REPEATED";
            boolean texts = fieldType.elements().is(Kind.STRING);
            value = texts
                    ? name
                    : "Values.each(" + name + ", e -> " + fieldType.elements().text("e") + ")";
        } else {
            encoding = "PLAIN";
            value = fieldType.text(name);
        }
        return """
                if (%1$s != null) {
                    parameters.add(new RequestParameter(
                            RequestParameter.In.%2$s, %3$s, %4$s, RequestParameter.Encoding.%5$s));
                }
                """.formatted(
                name, String.valueOf(field.in()).toUpperCase(Locale.ROOT), quoted(field.json()), value, encoding);
    }

    private void unknownFields() {
        member(javadoc(
                        "What the Engine said beyond this class: kept, and written back.",
                        "@return JSON names and values, empty when there is nothing unknown")
                + "@JsonAnyGetter\npublic Map<String, Object> unknownFields() {\n    return unknownFields;\n}\n");
    }

    private void requirements() {
        StringBuilder body = new StringBuilder();
        for (Field field : type.fields()) {
            String json = quoted(field.json());
            if (field.life().limited()) {
                body.append("    if (this.%s != null) {\n        requirements.add(%s, %s, %s);\n    }\n"
                        .formatted(
                                field.java(),
                                json,
                                Source.version(field.life().since()),
                                Source.version(field.life().until())));
            }
            if (holdsValues(field.type())) {
                body.append("    requirements.within(%s, this.%s);\n".formatted(json, field.java()));
            }
            field.keys().forEach((key, filter) -> {
                if (filter.life().limited()) {
                    body.append(
                            "    if (this.%1$s != null && this.%1$s.containsKey(%2$s)) {\n        requirements.add(%3$s, %4$s, %5$s);\n    }\n"
                                    .formatted(
                                            field.java(),
                                            quoted(key),
                                            quoted(field.json() + "." + key),
                                            Source.version(filter.life().since()),
                                            Source.version(filter.life().until())));
                }
            });
        }
        member("@Override\npublic void requirements(Requirements requirements) {"
                + (body.isEmpty() ? "}\n" : "\n" + body + "}\n"));
    }

    private static boolean holdsValues(FieldType fieldType) {
        return fieldType.is(Kind.TYPE)
                || fieldType.is(Kind.EXTERNAL)
                || (fieldType.element() != null && holdsValues(fieldType.element()));
    }

    private void objectMethods() {
        StringBuilder equal = new StringBuilder();
        StringBuilder hashed = new StringBuilder();
        StringBuilder text = new StringBuilder();
        for (Field field : type.fields()) {
            boolean bytes = field.type().is(Kind.BYTES);
            equal.append("\n            && %1$s.equals(this.%2$s, that.%2$s)"
                    .formatted(bytes ? "Arrays" : "Objects", field.java()));
            hashed.append(", ").append(bytes ? "Arrays.hashCode(%s)".formatted(field.java()) : field.java());
            text.append(
                    "\n            .%s(\"%2$s\", %2$s)".formatted(field.secret() ? "secret" : "field", field.java()));
        }
        if (!type.options()) {
            equal.append("\n            && unknownFields.equals(that.unknownFields)");
            hashed.append(", unknownFields");
            text.append("\n            .unknown(unknownFields)");
        }
        member("@Override\npublic boolean equals(@Nullable Object other) {\n    return other instanceof %s%s;\n}\n"
                .formatted(type.name() + (equal.isEmpty() ? "" : " that"), equal));
        member("@Override\npublic int hashCode() {\n    return Objects.hash(\"%s\"%s);\n}\n"
                .formatted(type.name(), hashed));
        member(
                "@Override\npublic String toString() {\n    return new ValueText(\"%s\")%s\n            .toString();\n}\n"
                        .formatted(type.name(), text));
    }
}
