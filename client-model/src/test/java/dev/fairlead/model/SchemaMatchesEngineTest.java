package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ModelTable.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Names, types and versions of all fields, against the facts of the Engine API; what differs is named and explained. */
class SchemaMatchesEngineTest {
    private static final Map<String, Map<String, Fact>> FACTS = facts();

    /** What the Engine's list of schemas says of a field; an empty version is the oldest, or the newest. */
    private record Fact(Set<String> types, String first, String last) {
        /** The same field in two schemas that follow each other, or are one to us. */
        private Fact and(Fact other) {
            Set<String> all = new LinkedHashSet<>(types);
            all.addAll(other.types);
            String earlier = first.isEmpty() || other.first.isEmpty()
                    ? ""
                    : ApiVersion.parse(first).compareTo(ApiVersion.parse(other.first)) < 0 ? first : other.first;
            String later = last.isEmpty() || other.last.isEmpty()
                    ? ""
                    : ApiVersion.parse(last).compareTo(ApiVersion.parse(other.last)) > 0 ? last : other.last;
            return new Fact(all, earlier, later);
        }
    }

    @Test
    void everyFieldIsThereWithItsTypeAndVersions() {
        Map<String, List<String>> problems = problems();
        Map<String, String> explained = ModelTable.read("/deviations.tsv")
                .collect(Collectors.toMap(cells -> cells[0] + "." + cells[1], cells -> cells[2]));

        Map<String, List<String>> unexplained = new TreeMap<>(problems);
        Set<String> unneeded = new HashSet<>(explained.keySet());
        for (String field : problems.keySet()) {
            String wholeType = field.substring(0, field.indexOf('.')) + ".*";
            String used = explained.containsKey(wholeType) ? wholeType : field;
            unneeded.remove(used);
            if (explained.containsKey(used)) {
                unexplained.remove(field);
            }
        }

        assertThat(unexplained.values())
                .as("differences that deviations.tsv does not explain")
                .isEmpty();
        assertThat(unneeded).as("explanations of what does not differ").isEmpty();
        assertThat(explained.values()).as("every deviation says why").noneMatch(String::isBlank);
    }

    private static Map<String, List<String>> problems() {
        Map<String, List<String>> problems = new TreeMap<>();
        Set<String> covered = new HashSet<>();
        for (List<Row> rows : byType().values()) {
            Row any = rows.get(0);
            Map<String, Fact> facts = new TreeMap<>();
            for (String schema : any.engine().split(",", -1)) {
                covered.add(schema);
                FACTS.getOrDefault(schema, Map.of()).forEach((field, fact) -> facts.merge(field, fact, Fact::and));
            }
            Set<String> ours = new HashSet<>();
            for (Row row : rows) {
                if (row.isField() && (row.in().isEmpty() || row.in().equals("body"))) {
                    ours.add(row.field());
                    compare(row, facts.get(row.field()), problems);
                }
            }
            facts.keySet().stream()
                    .filter(field -> !ours.contains(field))
                    .forEach(field -> tell(problems, any.type(), field, "is missing"));
        }
        FACTS.keySet().stream()
                .filter(schema -> !covered.contains(schema))
                .forEach(schema -> tell(problems, schema, "*", "has no type"));
        return problems;
    }

    private static void compare(Row row, @Nullable Fact fact, Map<String, List<String>> problems) {
        if (fact == null) {
            tell(problems, row.type(), row.field(), "is extra");
            return;
        }
        if (!row.since().equals(fact.first()) || !row.until().equals(fact.last())) {
            tell(
                    problems,
                    row.type(),
                    row.field(),
                    "is of '%s' to '%s', not '%s' to '%s'"
                            .formatted(fact.first(), fact.last(), row.since(), row.until()));
        }
        if (fact.types().stream().noneMatch(type -> fits(row.fieldType(), type))) {
            tell(problems, row.type(), row.field(), "is " + fact.types() + ", not " + row.fieldType());
        }
    }

    private static void tell(Map<String, List<String>> problems, String type, String field, String problem) {
        problems.computeIfAbsent(type + "." + field, any -> new ArrayList<>()).add(type + "." + field + " " + problem);
    }

    /** Whether a type of the schema reads what the Engine has of that type. */
    private static boolean fits(String ours, String engine) {
        if (ours.startsWith("list<") && engine.startsWith("list ")) {
            return fits(ours.substring(5, ours.length() - 1), engine.substring(5));
        }
        if (ours.startsWith("map<") && engine.startsWith("map ")) {
            return fits(ours.substring(4, ours.length() - (ours.endsWith("?>") ? 2 : 1)), engine.substring(4));
        }
        boolean named = ours.matches("[A-Z]\\w*");
        boolean isEnum = ModelTable.types("enum").contains(ours);
        return switch (engine) {
            case "string" -> isEnum || List.of("string", "instant", "bytes").contains(ours);
            case "boolean" -> ours.equals("boolean");
            case "number" -> ours.equals("double");
            case "integer" ->
                List.of(
                                "int",
                                "long",
                                "uint64",
                                "instant-seconds",
                                "instant-nanos",
                                "duration-nanos",
                                "duration-seconds")
                        .contains(ours);
            case "object" -> (named && !isEnum) || ours.equals("any");
            case "map object" -> ours.equals("set");
            case "list integer" -> ours.equals("TerminalSize");
            default ->
                !FACTS.containsKey(engine)
                        || ours.equals("Platform")
                        || engineNames(ours).contains(engine);
        };
    }

    private static Set<String> engineNames(String type) {
        return ModelTable.rows().stream()
                .filter(row -> row.type().equals(type))
                .flatMap(row -> Arrays.stream(row.engine().split(",", -1)))
                .collect(Collectors.toSet());
    }

    private static Map<String, List<Row>> byType() {
        return ModelTable.rows().stream()
                .filter(row -> row.kind().equals("type") || row.kind().equals("options"))
                .collect(Collectors.groupingBy(Row::type, TreeMap::new, Collectors.toList()));
    }

    private static Map<String, Map<String, Fact>> facts() {
        Map<String, Map<String, Fact>> facts = new HashMap<>();
        ModelTable.read("/engine-facts.tsv").forEach(cells -> {
            Fact fact = new Fact(Set.of(cells[4]), cells[2], cells[3]);
            facts.computeIfAbsent(cells[0], schema -> new TreeMap<>()).merge(cells[1], fact, Fact::and);
        });
        return facts;
    }
}
