package dev.fairlead.generator;

import dev.fairlead.generator.Schema.OpenEnum;
import java.util.List;
import java.util.stream.Collectors;

/** Writes an open enum: the documented values are constants, and any other survives. */
final class EnumWriter {
    private EnumWriter() {}

    static String write(OpenEnum type) {
        StringBuilder body = new StringBuilder(
                Source.javadoc(
                        type.doc(),
                        "<p>An Engine may know values that are not listed here: {@link #of} keeps them, so have a default branch."));
        body.append("public final class ").append(type.name()).append(" {\n");
        type.constants()
                .forEach((value, constant) -> body.append((Source.javadoc(constant.doc(), List.of(), constant.life())
                                        + "public static final %1$s %2$s = new %1$s(%3$s);\n"
                                                .formatted(type.name(), constant.java(), Source.quoted(value)))
                                .indent(4))
                        .append('\n'));
        String known =
                type.constants().values().stream().map(Schema.Constant::java).collect(Collectors.joining(", "));
        body.append("""
                    private static final List<%1$s> KNOWN = List.of(%2$s);

                    private final String value;

                    private %1$s(String value) {
                        this.value = value;
                    }

                    /**
                     * The value of this name, documented or not.
                     *
                     * @param value as the Engine writes it; upper and lower case differ
                     * @return a constant of this class where there is one
                     */
                    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
                    public static %1$s of(String value) {
                        Values.given("value", value);
                        for (%1$s known : KNOWN) {
                            if (known.value.equals(value)) {
                                return known;
                            }
                        }
                        return new %1$s(value);
                    }

                    static @Nullable %1$s read(JsonTokens json) {
                        String value = json.string();
                        return value == null ? null : of(value);
                    }

                    /**
                     * The documented values.
                     *
                     * @return all constants of this class
                     */
                    public static List<%1$s> known() {
                        return KNOWN;
                    }

                    /**
                     * The value on the wire.
                     *
                     * @return as the Engine writes it
                     */
                    @JsonValue
                    public String value() {
                        return value;
                    }

                    @Override
                    public boolean equals(@Nullable Object other) {
                        return other instanceof %1$s that && value.equals(that.value);
                    }

                    @Override
                    public int hashCode() {
                        return value.hashCode();
                    }

                    @Override
                    public String toString() {
                        return value;
                    }
                }
                """.formatted(type.name(), known));
        return Source.file(body.toString());
    }
}
