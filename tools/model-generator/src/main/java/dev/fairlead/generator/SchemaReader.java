package dev.fairlead.generator;

import dev.fairlead.generator.FieldType.Kind;
import dev.fairlead.generator.Schema.Constant;
import dev.fairlead.generator.Schema.Encoding;
import dev.fairlead.generator.Schema.Field;
import dev.fairlead.generator.Schema.FilterKey;
import dev.fairlead.generator.Schema.Life;
import dev.fairlead.generator.Schema.OpenEnum;
import dev.fairlead.generator.Schema.ValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the YAML files into a {@link Schema}, and tells every mistake in them by file and line. */
final class SchemaReader {
    private static final int MOST_REQUIRED = 3;
    private static final Set<String> FILE_KEYS = Set.of("types", "enums", "options", "external");
    private static final Set<String> TYPE_KEYS = Set.of("engine", "doc", "since", "include", "implements", "fields");
    private static final Set<String> OPTIONS_KEYS = Set.of("operation", "engine", "doc", "since", "include", "fields");
    private static final Set<String> ENUM_KEYS = Set.of("engine", "doc", "values");
    private static final Set<String> VALUE_KEYS = Set.of("name", "doc", "since", "until", "deprecated");
    private static final Set<String> FILTER_KEYS = Set.of("type", "doc", "java", "since", "until", "deprecated");
    private static final Set<String> FIELD_KEYS =
            Set.of("type doc java required nullable secret since until in json keys default deprecated".split(" "));

    private final List<String> errors = new ArrayList<>();
    private final Map<String, Yaml> types = new TreeMap<>();
    private final Map<String, Yaml> enums = new TreeMap<>();
    private final Map<String, Yaml> options = new TreeMap<>();
    private final Set<String> external = new LinkedHashSet<>();
    private final Map<String, String> named = new HashMap<>();
    private final Map<String, Map<String, Field>> flattened = new HashMap<>();

    private SchemaReader() {}

    /** Reads the files; a {@link SchemaException} lists all that is wrong with them. */
    static Schema read(Collection<Path> files) throws IOException {
        SchemaReader reader = new SchemaReader();
        for (Path file : files) {
            reader.collect(Yaml.parse(String.valueOf(file.getFileName()), Files.readString(file), reader.errors));
        }
        Map<String, ValueType> all = new TreeMap<>();
        reader.types.forEach((name, yaml) -> all.put(name, reader.type(name, yaml, false)));
        reader.options.forEach((name, yaml) -> all.put(name, reader.type(name, yaml, true)));
        Map<String, OpenEnum> enums = new TreeMap<>();
        reader.enums.forEach((name, yaml) -> enums.put(name, reader.openEnum(name, yaml)));
        if (!reader.errors.isEmpty()) {
            throw new SchemaException(reader.errors);
        }
        return new Schema(all, enums, reader.external);
    }

    private void collect(Yaml file) {
        Map<String, Yaml> parts = file.entries(FILE_KEYS, "this file");
        collect(parts.get("types"), types);
        collect(parts.get("enums"), enums);
        collect(parts.get("options"), options);
        if (parts.containsKey("external")) {
            external.addAll(parts.get("external").items());
        }
    }

    private void collect(@Nullable Yaml part, Map<String, Yaml> into) {
        if (part == null) {
            return;
        }
        part.entries(null, "this part").forEach((name, yaml) -> {
            String earlier = named.putIfAbsent(name, yaml.where());
            if (earlier != null) {
                yaml.fail("duplicate type " + name + ", already at " + earlier);
            } else if (!Names.isIdentifier(name)) {
                yaml.fail("'" + name + "' is no name of a Java class");
            } else {
                into.put(name, yaml);
            }
        });
    }

    private ValueType type(String name, Yaml yaml, boolean asOptions) {
        Map<String, Yaml> keys = yaml.entries(asOptions ? OPTIONS_KEYS : TYPE_KEYS, "type " + name);
        String operation = asOptions ? yaml.required(keys, "operation", "options " + name) : null;
        List<String> engine = engine(name, keys);
        List<Field> fields = List.copyOf(fields(name, yaml, asOptions, Set.of()).values());
        Set<String> javaNames = new HashSet<>();
        for (Field field : fields) {
            if (!javaNames.add(field.java())) {
                yaml.fail("two fields of " + name + " are called '" + field.java() + "', the second at " + field.where()
                        + ": say java:");
            }
        }
        if (fields.stream().filter(Field::required).count() > MOST_REQUIRED) {
            yaml.fail(name + " has more than " + MOST_REQUIRED + " required fields: no builder should ask for so many");
        }
        String doc = yaml.required(keys, "doc", "type " + name);
        return new ValueType(
                name,
                engine,
                List.copyOf(includedEngine(keys, new HashSet<>(Set.of(name)))),
                keys.containsKey("implements") ? keys.get("implements").items() : List.of(),
                doc,
                version(keys, "since"),
                operation,
                fields);
    }

    /** The names of a type in the Engine's list of schemas. The body of an operation is called after it. */
    private static List<String> engine(String name, Map<String, Yaml> keys) {
        if (keys.containsKey("engine")) {
            return keys.get("engine").items();
        }
        return List.of(keys.containsKey("operation") ? keys.get("operation").text() + "(body)" : name);
    }

    private Set<String> includedEngine(Map<String, Yaml> keys, Set<String> seen) {
        Set<String> names = new LinkedHashSet<>();
        for (String included : keys.containsKey("include") ? keys.get("include").items() : List.<String>of()) {
            if (types.containsKey(included) && seen.add(included)) {
                Map<String, Yaml> other = types.get(included).quietEntries();
                names.addAll(engine(included, other));
                names.addAll(includedEngine(other, seen));
            }
        }
        return names;
    }

    /** A type's own fields and those it includes, which come first; a field told again replaces the included one. */
    private Map<String, Field> fields(String name, Yaml yaml, boolean asOptions, Set<String> includedBy) {
        Map<String, Field> known = flattened.get(name);
        if (known != null) {
            return known;
        }
        Map<String, Yaml> keys = yaml.quietEntries();
        Map<String, Field> fields = new LinkedHashMap<>();
        Set<String> path = new HashSet<>(includedBy);
        path.add(name);
        for (String included : keys.containsKey("include") ? keys.get("include").items() : List.<String>of()) {
            Yaml other = types.get(included);
            if (other == null || path.contains(included)) {
                yaml.fail(
                        name + (other == null ? " includes unknown type '" : " includes itself by '") + included + "'");
                continue;
            }
            fields(included, other, false, path)
                    .forEach((json, field) -> fields.put(json, asOptions ? field.asBody() : field));
        }
        if (keys.containsKey("fields")) {
            keys.get("fields")
                    .entries(null, "fields of " + name)
                    .forEach((json, field) -> fields.put(json, field(name, json, field, asOptions)));
        }
        flattened.put(name, fields);
        return fields;
    }

    private Field field(String owner, String json, Yaml yaml, boolean asOptions) {
        String what = "field " + owner + "." + json;
        Map<String, Yaml> keys = yaml.entries(FIELD_KEYS, what);
        String in = keys.containsKey("in") ? keys.get("in").text() : null;
        if (asOptions != (in != null)
                || (in != null && !List.of("query", "header", "body").contains(in))) {
            yaml.fail(asOptions ? what + " needs in: query, header or body" : what + " is of no options: no 'in'");
        }
        String java = keys.containsKey("java") ? keys.get("java").text() : Names.field(json);
        if (!Names.isFieldName(java, asOptions)) {
            yaml.fail("'" + java + "' is taken or no Java name: say java: in " + what);
        }
        FieldType type = type(yaml, yaml.required(keys, "type", what), what);
        boolean parameter = in != null && !in.equals("body");
        if (parameter && type.is(Kind.INSTANT_SECONDS)) {
            type = type.as(Kind.INSTANT_PARAMETER);
        }
        if (type.is(Kind.FILTERS) != keys.containsKey("keys") || (type.is(Kind.FILTERS) && !parameter)) {
            yaml.fail(what + ": 'keys' go with a parameter of type filters, and with nothing else");
        }
        if (keys.containsKey("json") && !parameter) {
            yaml.fail(what + ": 'json' is for parameters");
        }
        Encoding encoding = encoding(keys, type, what);
        FieldType element = type.element() == null ? type : type.element();
        if (parameter && encoding == Encoding.TEXT && (element.is(Kind.TYPE) || element.is(Kind.ANY))) {
            yaml.fail(what + " has no text form: it needs json: true");
        }
        Map<String, FilterKey> filters = new LinkedHashMap<>();
        if (keys.containsKey("keys")) {
            keys.get("keys").entries(null, what).forEach((key, filter) -> filters.put(key, filter(what, key, filter)));
        }
        return new Field(
                json,
                java,
                type,
                yaml.required(keys, "doc", what),
                flag(keys, "required"),
                flag(keys, "nullable"),
                flag(keys, "secret"),
                encoding,
                in,
                keys.containsKey("default") ? keys.get("default").text() : null,
                life(keys),
                filters,
                yaml.where());
    }

    private FilterKey filter(String owner, String key, Yaml yaml) {
        String what = "filter " + key + " of " + owner;
        Map<String, Yaml> keys = yaml.entries(FILTER_KEYS, what);
        String java = keys.containsKey("java") ? keys.get("java").text() : Names.field(key);
        if (!Names.isFieldName(java, false) || java.equals("filter")) {
            yaml.fail("'" + java + "' is taken or no Java name: say java: in " + what);
        }
        String type = keys.containsKey("type") ? keys.get("type").text() : "string";
        FieldType values = type(yaml, type, what);
        return new FilterKey(
                java,
                values.is(Kind.INSTANT_SECONDS) ? values.as(Kind.INSTANT_PARAMETER) : values,
                yaml.required(keys, "doc", what),
                life(keys));
    }

    private OpenEnum openEnum(String name, Yaml yaml) {
        Map<String, Yaml> keys = yaml.entries(ENUM_KEYS, "enum " + name);
        Map<String, Constant> constants = new LinkedHashMap<>();
        Set<String> javaNames = new HashSet<>(Set.of("KNOWN"));
        Map<String, Yaml> values =
                keys.containsKey("values") ? keys.get("values").entries(null, "enum " + name) : Map.of();
        values.forEach((value, entry) -> {
            String what = "value '" + value + "' of " + name;
            Map<String, Yaml> told = entry.isText() ? Map.of("doc", entry) : entry.entries(VALUE_KEYS, what);
            String java = told.containsKey("name") ? told.get("name").text() : Names.constant(value);
            if (!Names.isIdentifier(java) || !javaNames.add(java)) {
                entry.fail("'" + java + "' is taken or no Java name: say {name: X, doc: \"...\"} for " + what);
            }
            constants.put(value, new Constant(java, entry.required(told, "doc", what), life(told)));
        });
        return new OpenEnum(
                name,
                keys.containsKey("engine") ? keys.get("engine").items() : List.of(),
                yaml.required(keys, "doc", "enum " + name),
                constants);
    }

    private FieldType type(Yaml yaml, String text, String what) {
        if (text.startsWith("list<") && text.endsWith(">")) {
            return new FieldType(Kind.LIST, text, type(yaml, text.substring(5, text.length() - 1), what), false);
        }
        if (text.startsWith("map<") && text.endsWith(">")) {
            boolean nulls = text.endsWith("?>");
            String element = text.substring(4, text.length() - (nulls ? 2 : 1));
            return new FieldType(Kind.MAP, text, type(yaml, element, what), nulls);
        }
        Kind kind = Arrays.stream(Kind.values())
                .filter(one -> one.schema.equals(text) && !text.isEmpty())
                .findFirst()
                .orElseGet(() -> kindOfName(text));
        if (kind == Kind.ANY && !text.equals("any") && !text.isEmpty()) {
            yaml.fail("unknown type '" + text + "' in " + what);
        }
        return new FieldType(kind, text, null, false);
    }

    private Kind kindOfName(String name) {
        if (types.containsKey(name)) {
            return Kind.TYPE;
        }
        return enums.containsKey(name) ? Kind.ENUM : external.contains(name) ? Kind.EXTERNAL : Kind.ANY;
    }

    private static Encoding encoding(Map<String, Yaml> keys, FieldType type, String what) {
        Yaml yaml = keys.get("json");
        if (yaml != null && yaml.text().equals("each")) {
            if (!type.is(Kind.LIST)) {
                yaml.fail(what + ": 'json: each' is for lists");
            }
            return Encoding.EACH_AS_JSON;
        }
        return flag(keys, "json") ? Encoding.JSON : Encoding.TEXT;
    }

    private static boolean flag(Map<String, Yaml> keys, String key) {
        Yaml yaml = keys.get(key);
        if (yaml != null && !yaml.text().matches("true|false")) {
            yaml.fail("'" + key + "' is true or false");
        }
        return yaml != null && yaml.text().equals("true");
    }

    private static Life life(Map<String, Yaml> keys) {
        String deprecated =
                keys.containsKey("deprecated") ? keys.get("deprecated").text() : null;
        return new Life(version(keys, "since"), version(keys, "until"), deprecated);
    }

    private static @Nullable String version(Map<String, Yaml> keys, String key) {
        Yaml yaml = keys.get(key);
        if (yaml != null && !yaml.text().matches("1\\.\\d+")) {
            yaml.fail("'" + key + "' is an API version like \"1.44\"");
            return null;
        }
        return yaml == null ? null : yaml.text();
    }
}
