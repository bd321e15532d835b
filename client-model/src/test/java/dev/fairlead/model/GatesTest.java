package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ModelTable.Row;
import dev.fairlead.model.Requirements.Requirement;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field, parameter and filter key that a request may hold and not every API version knows: set alone, it is reported. */
class GatesTest {
    /** The types that are the body of a request as they are, with no options around them. */
    private static final List<String> BODIES =
            List.of("AuthConfig", "ConfigSpec", "NodeSpec", "SecretSpec", "ServiceSpec", "SwarmSpec");

    private static final Pattern TYPE_NAME = Pattern.compile("[A-Z]\\w*");
    private static final Set<String> TYPES = Set.copyOf(ModelTable.types("type"));
    private static final Set<String> OPTIONS = Set.copyOf(ModelTable.types("options"));

    /** What is reported of a gate. */
    record Told(String name, String since, String until) {
        static Told of(Requirement requirement) {
            return new Told(requirement.name(), text(requirement.since()), text(requirement.until()));
        }

        private static String text(@Nullable ApiVersion version) {
            return version == null ? "" : version.toString();
        }
    }

    /** A gate, and the fields that lead to it from what is sent; the last is the gate itself. */
    record Gate(List<Row> path) {
        Row root() {
            return path.get(0);
        }

        String name() {
            return String.join(".", path.stream().map(Row::field).toList());
        }

        /** What has to be reported: what has to be set anyway, whatever the gate lies in and is one too, and the gate itself. */
        Set<Told> requirements() {
            Set<Told> requirements = new LinkedHashSet<>();
            for (Row row : ModelTable.fields(root().type())) {
                if (row.marked("required") && isGate(row)) {
                    requirements.add(new Told(row.field(), row.since(), row.until()));
                }
            }
            StringBuilder name = new StringBuilder();
            for (Row row : path) {
                name.append(name.isEmpty() ? "" : ".").append(row.field());
                if (isGate(row)) {
                    requirements.add(new Told(name.toString(), row.since(), row.until()));
                }
            }
            return requirements;
        }

        @Override
        public String toString() {
            return root().type() + " " + name();
        }
    }

    static Stream<Gate> gates() {
        Stream<String> roots = Stream.concat(OPTIONS.stream(), BODIES.stream()).sorted();
        return roots.flatMap(root -> gatesOf(root).stream());
    }

    /** Those of one type and of all types within it, each type once, by the shortest way. */
    private static List<Gate> gatesOf(String root) {
        List<Gate> gates = new ArrayList<>();
        ModelTable.rows().stream()
                .filter(row -> row.kind().equals("filter") && row.type().equals(root) && isGate(row))
                .forEach(row -> gates.add(new Gate(List.of(row))));
        Set<String> seen = new HashSet<>();
        Deque<Map.Entry<String, List<Row>>> open = new ArrayDeque<>(List.of(Map.entry(root, List.<Row>of())));
        while (!open.isEmpty()) {
            Map.Entry<String, List<Row>> next = open.remove();
            if (!seen.add(next.getKey())) {
                continue;
            }
            for (Row row : ModelTable.fields(next.getKey())) {
                List<Row> path = new ArrayList<>(next.getValue());
                path.add(row);
                if (isGate(row)) {
                    gates.add(new Gate(path));
                }
                Matcher within = TYPE_NAME.matcher(row.fieldType());
                if (within.find() && isType(within.group())) {
                    open.add(Map.entry(within.group(), path));
                }
            }
        }
        return gates;
    }

    private static boolean isGate(Row row) {
        return !row.since().isEmpty() || !row.until().isEmpty();
    }

    private static boolean isType(String name) {
        return TYPES.contains(name);
    }

    @Test
    void findsGatesOfEachSort() {
        assertThat(gates())
                .extracting(Gate::toString)
                .contains(
                        "ContainerStopOptions signal",
                        "VolumePruneOptions filters.all",
                        "ContainerCreateOptions HostConfig.Mounts.BindOptions.CreateMountpoint",
                        "ServiceSpec TaskTemplate.ContainerSpec.Privileges.Seccomp.Mode");
    }

    @ParameterizedTest
    @MethodSource("gates")
    void whatIsSetAloneIsReportedAlone(Gate gate) throws ReflectiveOperationException {
        assertThat(Requirements.of(value(gate)))
                .extracting(Told::of)
                .containsExactlyInAnyOrderElementsOf(gate.requirements());
    }

    @ParameterizedTest
    @MethodSource("gates")
    void isInForceFromItsFirstVersionToItsLast(Gate gate) throws ReflectiveOperationException {
        Requirement own = Requirements.of(value(gate)).stream()
                .filter(requirement -> requirement.name().equals(gate.name()))
                .findFirst()
                .orElseThrow();
        ApiVersion since = own.since();
        ApiVersion until = own.until();
        if (since != null) {
            assertThat(since).isGreaterThan(ApiVersion.OLDEST).isLessThanOrEqualTo(ApiVersion.NEWEST);
            assertThat(own.holdsFor(since)).isTrue();
            assertThat(own.holdsFor(ApiVersion.of(since.major(), since.minor() - 1)))
                    .isFalse();
        }
        if (until != null) {
            assertThat(until).isGreaterThanOrEqualTo(ApiVersion.OLDEST).isLessThan(ApiVersion.NEWEST);
            assertThat(own.holdsFor(until)).isTrue();
            assertThat(own.holdsFor(ApiVersion.of(until.major(), until.minor() + 1)))
                    .isFalse();
        }
    }

    private static Versioned value(Gate gate) throws ReflectiveOperationException {
        return BODIES.contains(gate.root().type()) ? body(gate) : options(gate);
    }

    private static Versioned body(Gate gate) {
        String json = Mappers.json(document(gate.path()));
        return (Versioned)
                Mappers.JACKSON_3.read(json, ModelTable.classOf(gate.root().type()));
    }

    private static Versioned options(Gate gate) throws ReflectiveOperationException {
        Row root = gate.root();
        Object builder = BuilderTest.builder(root.type());
        if (root.kind().equals("filter")) {
            Method filters = builder.getClass().getMethod("filters", Consumer.class);
            filters.invoke(builder, (Consumer<Object>) chosen -> set(chosen, root.java(), root.fieldType()));
        } else {
            Method setter = BuilderTest.setter(builder.getClass(), root.java());
            setter.invoke(builder, argument(setter.getParameterTypes()[0], gate));
        }
        return (Versioned) builder.getClass().getMethod("build").invoke(builder);
    }

    private static void set(Object filters, String name, String type) {
        try {
            Method setter = BuilderTest.setter(filters.getClass(), name);
            setter.invoke(filters, BuilderTest.one(setter.getParameterTypes()[0], type));
        } catch (ReflectiveOperationException unusable) {
            throw new IllegalStateException(unusable);
        }
    }

    /** For a setter of options: a value with nothing in it but what leads to the gate. */
    private static Object argument(Class<?> taken, Gate gate) {
        String type = gate.root().fieldType();
        String element = type.replaceAll("^(list|map)<|\\??>$", "");
        Object one = isType(element)
                ? Mappers.JACKSON_3.read(
                        Mappers.json(document(gate.path().subList(1, gate.path().size()))), ModelTable.classOf(element))
                : BuilderTest.one(element.equals("string") ? String.class : elementClass(taken, element), element);
        if (taken == List.class) {
            return List.of(one);
        }
        return taken == Map.class ? Map.of("key", one) : one;
    }

    private static Class<?> elementClass(Class<?> taken, String element) {
        return taken == List.class || taken == Map.class ? ModelTable.classOf(element) : taken;
    }

    /** The document of the fields that lead from one to the next. */
    private static Map<String, Object> document(List<Row> path) {
        if (path.isEmpty()) {
            return Map.of();
        }
        Row row = path.get(0);
        String element = row.fieldType().replaceAll("^(list|map)<|\\??>$", "");
        Object value = isType(element) ? document(path.subList(1, path.size())) : ModelTable.value(element, 0);
        if (row.fieldType().startsWith("list<")) {
            value = List.of(value);
        } else if (row.fieldType().startsWith("map<")) {
            value = Map.of("key", value);
        }
        return Map.of(row.field(), value);
    }
}
