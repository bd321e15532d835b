package dev.fairlead.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The table of all generated classes, and samples of their JSON made from it. */
final class ModelTable {
    static final String UNKNOWN = "XUnknownToFairlead";
    private static final int DEEPEST = 4;
    private static final List<Row> ROWS = read("/model.tsv").map(Row::of).toList();

    private ModelTable() {}

    /** One field, filter key or enum value. */
    record Row(
            String kind,
            String type,
            String engine,
            String field,
            String java,
            String fieldType,
            String since,
            String until,
            String in,
            String operation,
            String marks) {
        private static Row of(String[] cell) {
            return new Row(
                    cell[0], cell[1], cell[2], cell[3], cell[4], cell[5], cell[6], cell[7], cell[8], cell[9], cell[10]);
        }

        boolean isField() {
            return !field.isEmpty() && (kind.equals("type") || kind.equals("options"));
        }

        boolean marked(String mark) {
            return marks.contains(mark);
        }
    }

    /** The lines of a tab-separated file after its head, with empty cells at their ends. */
    static Stream<String[]> read(String resource) {
        try (InputStream in = Objects.requireNonNull(ModelTable.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .skip(1)
                    .map(line -> line.split("\t", -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Row> rows() {
        return ROWS;
    }

    static List<String> types(String kind) {
        return ROWS.stream()
                .filter(row -> row.kind().equals(kind))
                .map(Row::type)
                .distinct()
                .toList();
    }

    static List<Row> fields(String type) {
        return ROWS.stream()
                .filter(row -> row.isField() && row.type().equals(type))
                .toList();
    }

    static Class<?> classOf(String type) {
        try {
            return Class.forName("dev.fairlead.model." + type);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A document of that type with every field, one that no field is for, and enum values that no constant is for. */
    static Map<String, Object> sample(String type) {
        return document(type, 0);
    }

    private static Map<String, Object> document(String type, int depth) {
        Map<String, Object> document = new LinkedHashMap<>();
        for (Row row : fields(type)) {
            if (depth < DEEPEST || !row.fieldType().matches(".*[A-Z].*")) {
                document.put(row.field(), value(row.fieldType(), depth));
            }
        }
        document.put(UNKNOWN, anything());
        return document;
    }

    private static Object anything() {
        return Map.of("deep", Arrays.asList(1, 2.5, null, true, "text", BigInteger.TWO.pow(64)));
    }

    private static Object value(String type, int depth) {
        if (type.startsWith("list<")) {
            Object element = value(type.substring(5, type.length() - 1), depth);
            return List.of(element, element);
        }
        if (type.startsWith("map<")) {
            boolean nulls = type.endsWith("?>");
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("key", value(type.substring(4, type.length() - (nulls ? 2 : 1)), depth));
            if (nulls) {
                map.put("none", null);
            }
            return map;
        }
        return switch (type) {
            case "string" -> "text";
            case "boolean" -> true;
            case "int" -> 7;
            case "long", "instant-nanos", "duration-nanos" -> 5_000_000_000L;
            case "instant-seconds", "duration-seconds" -> 1_700_000_000;
            case "uint64" -> BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
            case "double" -> 1.5;
            case "bytes" -> "AQID/+8=";
            case "instant" -> "2024-05-06T07:08:09.120000000+02:00";
            case "set" -> Map.of("80/tcp", Map.of());
            case "any" -> anything();
            case "TerminalSize" -> List.of(24, 80);
            case "Platform" ->
                Map.of("os", "linux", "architecture", "arm", "variant", "v7", "os.features", List.of("x"));
            default -> types("enum").contains(type) ? "unheard-of" : document(type, depth + 1);
        };
    }
}
