package dev.fairlead.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a folder of schema files and writes value classes, what GraalVM has to know of them, and a table of it all. */
public final class ModelGenerator {
    private static final String REFLECTION =
            "META-INF/native-image/dev.fairlead/fairlead-client-model/reflect-config.json";

    private ModelGenerator() {}

    /**
     * Generates.
     *
     * @param arguments the folders of the schema, of the sources and of the resources to write, and the file of the
     *     table
     * @throws IOException when a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            throw new IllegalArgumentException("four arguments: schema folder, sources, resources, table");
        }
        Schema schema = read(Path.of(arguments[0]));
        Path sources = Path.of(arguments[1]);
        Map<Path, String> files = new TreeMap<>();
        sources(schema)
                .forEach((name, text) -> files.put(
                        sources.resolve(Source.PACKAGE.replace('.', '/')).resolve(name), text));
        deleteOthers(sources, files);
        files.put(Path.of(arguments[2]).resolve(REFLECTION), reflection(schema));
        files.put(Path.of(arguments[3]), Table.write(schema));
        for (Map.Entry<Path, String> file : files.entrySet()) {
            write(file.getKey(), file.getValue());
        }
    }

    static Schema read(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return SchemaReader.read(files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList());
        }
    }

    static Map<String, String> sources(Schema schema) {
        Map<String, String> sources = new TreeMap<>();
        schema.types().forEach((name, type) -> sources.put(name + ".java", ClassWriter.write(schema, type)));
        schema.enums().forEach((name, type) -> sources.put(name + ".java", EnumWriter.write(type)));
        sources.put(ReadersWriter.NAME + ".java", ReadersWriter.write(schema));
        return sources;
    }

    /** An unchanged file keeps its time, so that Maven compiles nothing when the schema has not changed. */
    private static void write(Path file, String text) throws IOException {
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return;
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
    }

    /** A type that has left the schema leaves the sources too. */
    private static void deleteOthers(Path sources, Map<Path, String> wanted) throws IOException {
        if (!Files.isDirectory(sources)) {
            return;
        }
        try (Stream<Path> found = Files.walk(sources)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                if (!wanted.containsKey(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String reflection(Schema schema) {
        List<String> names = new ArrayList<>(schema.external());
        names.add("Timestamp");
        names.addAll(schema.enums().keySet());
        schema.types().forEach((name, type) -> {
            names.add(name);
            names.add(name + "$Builder");
        });
        return names.stream()
                .sorted()
                .map(name -> "  {\"name\": \"" + Source.PACKAGE + "." + name + "\", \"allDeclaredFields\": true,"
                        + " \"allDeclaredMethods\": true, \"allDeclaredConstructors\": true}")
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }
}
