package dev.fairlead.generator;

import dev.fairlead.generator.Schema.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the table by which the reader of a class is found. */
final class ReadersWriter {
    static final String NAME = "TokenReaders";

    private ReadersWriter() {}

    static String write(Schema schema) {
        List<String> names = new ArrayList<>(schema.external());
        schema.types().values().stream()
                .filter(type -> !type.options())
                .map(ValueType::name)
                .forEach(names::add);
        String cases = names.stream()
                .sorted()
                .map(name -> "            case \"%1$s.%2$s\" -> %2$s::read;\n".formatted(Source.PACKAGE, name))
                .collect(Collectors.joining());
        return Source.file("""
                /** The readers of the classes of this package. */
                final class %1$s {
                    private %1$s() {}

                    static @Nullable TokenReader<?> of(String className) {
                        return switch (className) {
                %2$s            default -> null;
                        };
                    }
                }
                """.formatted(NAME, cases));
    }
}
