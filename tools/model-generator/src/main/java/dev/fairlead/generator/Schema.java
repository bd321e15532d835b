package dev.fairlead.generator;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The schema as read, checked and flattened: what the writers work from. */
record Schema(Map<String, ValueType> types, Map<String, OpenEnum> enums, Set<String> external) {

    /** Which Engines know a thing, and whether it should still be used. */
    record Life(
            @Nullable String since,
            @Nullable String until,
            @Nullable String deprecated) {
        private static final int OLDEST_MINOR = 40;

        /** Whether an Engine this client speaks to may not know the thing. */
        boolean limited() {
            return (since != null && minor(since) > OLDEST_MINOR) || until != null;
        }

        static int minor(String version) {
            return Integer.parseInt(version.substring(2));
        }
    }

    /** A value class. With an operation it is what that operation takes, else what the Engine's JSON holds. */
    record ValueType(
            String name,
            List<String> engine,
            List<String> includedEngine,
            List<String> interfaces,
            String doc,
            @Nullable String since,
            @Nullable String operation,
            List<Field> fields) {

        boolean options() {
            return operation != null;
        }

        boolean hasBody() {
            return fields.stream().anyMatch(Field::inBody);
        }

        List<Field> required() {
            return fields.stream().filter(Field::required).toList();
        }
    }

    /** How a parameter that is no plain text is written: not at all as JSON, as one document, or each element as one. */
    enum Encoding {
        TEXT,
        JSON,
        EACH_AS_JSON
    }

    /** One line of the schema. Where {@code in} is null the field is one of a plain type. */
    record Field(
            String json,
            String java,
            FieldType type,
            String doc,
            boolean required,
            boolean nullable,
            boolean secret,
            Encoding encoding,
            @Nullable String in,
            @Nullable String byDefault,
            Life life,
            Map<String, FilterKey> keys,
            String where) {

        /** Whether the field is part of a JSON document, not a parameter. */
        boolean inBody() {
            return in == null || in.equals("body");
        }

        Field asBody() {
            return new Field(
                    json, java, type, doc, required, nullable, secret, encoding, "body", byDefault, life, keys, where);
        }
    }

    /** One key of a {@code filters} parameter. */
    record FilterKey(String java, FieldType type, String doc, Life life) {}

    /** An enum whose unknown values survive. */
    record OpenEnum(String name, List<String> engine, String doc, Map<String, Constant> constants) {}

    /** One documented value of an enum. */
    record Constant(String java, String doc, Life life) {}
}
