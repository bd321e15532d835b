package dev.fairlead.generator;

import org.jspecify.annotations.Nullable;

/**
 * The type of a field: how a value class stores it (as the wire has it, so that what was read is written back), what
 * its accessor gives, and the Java expressions that lead from one to the other.
 */
record FieldType(Kind kind, String name, @Nullable FieldType element, boolean nullableElements) {

    /** The columns: as in the schema, as stored, as given, as taken. */
    enum Kind {
        STRING("string", "String", "String", "String"),
        BOOLEAN("boolean", "Boolean", "Boolean", "boolean"),
        INT("int", "Integer", "Integer", "int"),
        LONG("long", "Long", "Long", "long"),
        UINT64("uint64", "BigInteger", "Long", "long"),
        DOUBLE("double", "Double", "Double", "double"),
        BYTES("bytes", "byte[]", "byte[]", "byte[]"),
        INSTANT("instant", "Timestamp", "Instant", "Instant"),
        INSTANT_SECONDS("instant-seconds", "Long", "Instant", "Instant"),
        INSTANT_NANOS("instant-nanos", "Long", "Instant", "Instant"),
        /** {@code instant-seconds} as a parameter, where it may have a fraction. */
        INSTANT_PARAMETER("", "Instant", "Instant", "Instant"),
        DURATION_NANOS("duration-nanos", "Long", "Duration", "Duration"),
        DURATION_SECONDS("duration-seconds", "Long", "Duration", "Duration"),
        SET("set", "Map<String, Object>", "Set<String>", "Set<String>"),
        FILTERS("filters", "Map<String, List<String>>", "Map<String, List<String>>", ""),
        ANY("any", "Object", "Object", "Object"),
        LIST("", "", "", ""),
        MAP("", "", "", ""),
        ENUM("", "", "", ""),
        TYPE("", "", "", ""),
        EXTERNAL("", "", "", "");

        final String schema;
        private final String stored;
        private final String given;
        private final String taken;

        Kind(String schema, String stored, String given, String taken) {
            this.schema = schema;
            this.stored = stored;
            this.given = given;
            this.taken = taken;
        }
    }

    boolean is(Kind other) {
        return kind == other;
    }

    FieldType as(Kind other) {
        return new FieldType(other, name, element, nullableElements);
    }

    /** The type of the field in the class and in its builder. */
    String stored() {
        return element == null ? (kind.stored.isEmpty() ? name : kind.stored) : collection(element.stored());
    }

    /** What the accessor returns, boxed. */
    String given() {
        return element == null ? (kind.given.isEmpty() ? name : kind.given) : collection(element.given());
    }

    /** What the setter takes. */
    String taken() {
        return element == null && !kind.taken.isEmpty() ? kind.taken : given();
    }

    boolean primitive() {
        return !taken().equals(given());
    }

    /** What the accessor returns for an absent field, as an expression, or null where it returns null. */
    @Nullable
    String whenAbsent() {
        return switch (kind) {
            case STRING -> "\"\"";
            case BOOLEAN -> "false";
            case INT, LONG, UINT64 -> "0";
            case DOUBLE -> "0.0";
            case BYTES -> "new byte[0]";
            case SET -> "Set.of()";
            case LIST -> "List.of()";
            case MAP, FILTERS -> "Map.of()";
            default -> null;
        };
    }

    /** From the stored value to the given one. */
    String give(String value) {
        return switch (kind) {
            case UINT64 -> "Values.clamped(" + value + ")";
            case BYTES -> value + ".clone()";
            case INSTANT -> value + ".instant()";
            case INSTANT_SECONDS -> "Values.fromSeconds(" + value + ")";
            case INSTANT_NANOS -> "Values.fromNanos(" + value + ")";
            case DURATION_NANOS -> "Duration.ofNanos(" + value + ")";
            case DURATION_SECONDS -> "Duration.ofSeconds(" + value + ")";
            case SET -> value + ".keySet()";
            case LIST, MAP -> sameElements() ? value : "Values.each(" + value + ", e -> " + of("e", true) + ")";
            default -> value;
        };
    }

    /** From what the setter takes to the stored value; what is null is refused by the argument's name. */
    String take(String argument) {
        String checked = primitive() ? argument : "Values.given(\"" + argument + "\", " + argument + ")";
        return switch (kind) {
            case LIST ->
                sameElements()
                        ? "Values.list(\"" + argument + "\", " + argument + ")"
                        : "Values.each(Values.list(\"" + argument + "\", " + argument + "), e -> " + of("e", false)
                                + ")";
            case MAP ->
                sameElements()
                        ? "Values." + (nullableElements ? "mapWithNulls" : "map") + "(\"" + argument + "\", " + argument
                                + ")"
                        : "Values.each(Values.map(\"" + argument + "\", " + argument + "), e -> " + of("e", false)
                                + ")";
            case SET -> "Values.set(\"" + argument + "\", " + argument + ")";
            default -> convert(checked);
        };
    }

    private String convert(String value) {
        return switch (kind) {
            case UINT64 -> "BigInteger.valueOf(" + value + ")";
            case BYTES -> value + ".clone()";
            case INSTANT -> "Timestamp.of(" + value + ")";
            case INSTANT_SECONDS -> value + ".getEpochSecond()";
            case INSTANT_NANOS -> "Values.toNanos(" + value + ")";
            case DURATION_NANOS -> value + ".toNanos()";
            case DURATION_SECONDS -> "Values.toSeconds(" + value + ")";
            default -> value;
        };
    }

    /** The stored value as the text of a parameter. */
    String text(String value) {
        return switch (kind) {
            case STRING -> value;
            case ENUM -> value + ".value()";
            case INSTANT_PARAMETER -> "Values.secondsText(" + value + ")";
            default -> "String.valueOf(" + value + ")";
        };
    }

    private String of(String value, boolean give) {
        FieldType elements = elements();
        if (elements.element != null) {
            String inner =
                    elements.sameElements() ? value : "Values.each(" + value + ", f -> " + elements.of("f", give) + ")";
            return inner;
        }
        return give ? elements.give(value) : elements.convert(value);
    }

    FieldType elements() {
        if (element == null) {
            throw new IllegalStateException(name + " has no elements");
        }
        return element;
    }

    private boolean sameElements() {
        return elements().stored().equals(elements().given());
    }

    private String collection(String elements) {
        return is(Kind.LIST)
                ? "List<" + elements + ">"
                : "Map<String, " + (nullableElements ? "@Nullable " : "") + elements + ">";
    }
}
