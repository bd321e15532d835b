package dev.fairlead.generator;

import static dev.fairlead.generator.Source.quoted;

import dev.fairlead.generator.FieldType.Kind;
import dev.fairlead.generator.Schema.Field;
import dev.fairlead.generator.Schema.ValueType;

/**
 * Writes how a value class is read from tokens, which is what its annotations tell Jackson. A loop for each class and each collection:
 * shared ones would be called with so many types that the JIT compiler inlines none of them.
 */
final class ReaderWriter {
    private final ValueType type;
    private final StringBuilder out = new StringBuilder();

    private ReaderWriter(ValueType type) {
        this.type = type;
    }

    /** The members of the class, each with an empty line after it. */
    static String write(ValueType type) {
        ReaderWriter writer = new ReaderWriter(type);
        writer.read();
        type.fields()
                .forEach(field -> writer.collection(
                        method(field), field.type(), field.type().nullableElements()));
        return writer.out.toString();
    }

    private void read() {
        StringBuilder cases = new StringBuilder();
        for (Field field : type.fields()) {
            cases.append("            case %s -> builder.%s = %s;\n"
                    .formatted(
                            quoted(field.json()),
                            field.java(),
                            value(field.type(), method(field), field.type().nullableElements())));
        }
        String other = "Values.readUnknown(builder.unknownFields, name, json)";
        String members = cases.isEmpty()
                ? "        " + other + ";\n"
                : "        switch (name) {\n" + cases + "            default -> " + other + ";\n        }\n";
        out.append("""
                static @Nullable %1$s read(JsonTokens json) {
                    if (!json.object()) {
                        return null;
                    }
                    Builder builder = new Builder();
                    for (String name = json.nextMember(); name != null; name = json.nextMember()) {
                %2$s    }
                    return new %1$s(builder);
                }

                """.formatted(type.name(), members));
    }

    /**
     * The method that reads a collection, after those of the collections in it. As with Jackson's annotations, it is the field that
     * says of all of them whether they may hold null.
     */
    private void collection(String method, FieldType collection, boolean nulls) {
        if (collection.element() == null || shared(collection, nulls)) {
            return;
        }
        FieldType element = collection.elements();
        String elements = method + "Each";
        collection(elements, element, nulls);
        boolean list = collection.is(Kind.LIST);
        out.append(
                list
                        ? """
                        private static @Nullable %1$s %2$s(JsonTokens json) {
                            if (!json.array()) {
                                return null;
                            }
                            FrozenList.Maker<%3$s> list = new FrozenList.Maker<>();
                            while (json.nextElement()) {
                                list.%4$s(%5$s);
                            }
                            return list.made();
                        }

                        """.formatted(
                                        collection.stored(),
                                        method,
                                        element.stored(),
                                        nulls ? "addAny" : "add",
                                        value(element, elements, nulls))
                        : """
                        private static @Nullable %1$s %2$s(JsonTokens json) {
                            if (!json.object()) {
                                return null;
                            }
                            FrozenMap.Maker<%3$s> map = new FrozenMap.Maker<>();
                            for (String key = json.nextMember(); key != null; key = json.nextMember()) {
                                map.%4$s(key, %5$s);
                            }
                            return map.made();
                        }

                        """.formatted(
                                        collection.stored(),
                                        method,
                                        element.stored(),
                                        nulls ? "putAny" : "put",
                                        value(element, elements, nulls)));
    }

    private static String value(FieldType type, String method, boolean nulls) {
        return switch (type.kind()) {
            case STRING -> "json.string()";
            case BOOLEAN -> "json.bool()";
            case INT -> "json.int32()";
            case LONG, INSTANT_SECONDS, INSTANT_NANOS, DURATION_NANOS, DURATION_SECONDS -> "json.int64()";
            case UINT64 -> "json.integer()";
            case DOUBLE -> "json.float64()";
            case BYTES -> "json.bytes()";
            case SET -> "Values.keys(json)";
            case ANY -> "Values.frozen(json.any())";
            case INSTANT -> "Timestamp.read(json)";
            case ENUM, TYPE, EXTERNAL -> type.name() + ".read(json)";
            case LIST, MAP ->
                shared(type, nulls)
                        ? (type.is(Kind.LIST) ? "Values.strings(json)" : "Values.stringMap(json)")
                        : method + "(json)";
            case FILTERS, INSTANT_PARAMETER -> throw new IllegalStateException(type + " is no JSON");
        };
    }

    private static boolean shared(FieldType collection, boolean nulls) {
        return collection.elements().is(Kind.STRING) && !nulls;
    }

    private static String method(Field field) {
        return "read" + Character.toUpperCase(field.java().charAt(0))
                + field.java().substring(1);
    }
}
