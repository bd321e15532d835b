package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ModelTable.Row;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every setter of every builder, by reflection: what goes in comes out of the accessor, and is written. */
class BuilderTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);

    static Stream<String> types() {
        return Stream.concat(ModelTable.types("type").stream(), ModelTable.types("options").stream());
    }

    static Stream<String> typesWithRequiredFields() {
        return types().filter(type -> ModelTable.fields(type).stream().anyMatch(row -> row.marked("required")));
    }

    @ParameterizedTest
    @MethodSource("types")
    void givesBackAndWritesWhatWasSet(String type) throws ReflectiveOperationException {
        for (Row row : ModelTable.fields(type)) {
            Object builder = builder(type);
            if (row.fieldType().equals("filters")) {
                continue;
            }
            Method setter = setter(builder.getClass(), row.java());
            Object wanted = argument(row, setter);
            setter.invoke(builder, wanted);

            Object value = builder.getClass().getMethod("build").invoke(builder);

            assertThat(value.getClass().getMethod(row.java()).invoke(value))
                    .as(type + "." + row.field())
                    .isEqualTo(wanted);
            if (row.in().isEmpty() || row.in().equals("body")) {
                assertThat(Mappers.tree(Mappers.JACKSON_3.write(value)).propertyNames())
                        .contains(row.field());
            } else {
                assertThat(((OperationOptions) value).parameters())
                        .extracting(RequestParameter::name)
                        .contains(row.field());
            }
            assertThat(value.toString()).contains(row.java() + (row.marked("secret") ? "=***" : "="));
        }
    }

    @ParameterizedTest
    @MethodSource("typesWithRequiredFields")
    void refusesBlankAndNullByTheNameOfTheArgument(String type) throws ReflectiveOperationException {
        List<Row> required = ModelTable.fields(type).stream()
                .filter(row -> row.marked("required"))
                .toList();
        Method start = start(type);
        for (int i = 0; i < required.size(); i++) {
            Object[] arguments = requiredArguments(type);
            String name = required.get(i).java();
            if (required.get(i).fieldType().equals("string")) {
                arguments[i] = " ";
                refuses(start, arguments, IllegalArgumentException.class, name + " is blank");
            }
            if (!start.getParameterTypes()[i].isPrimitive()) {
                arguments[i] = null;
                refuses(start, arguments, NullPointerException.class, name + " is null");
            }
        }
    }

    private static void refuses(Method method, Object[] arguments, Class<?> failure, String message) {
        assertThatThrownBy(() -> method.invoke(null, arguments))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOf(failure)
                .hasMessage(message);
    }

    private static Method start(String type) {
        return Arrays.stream(ModelTable.classOf(type).getMethods())
                .filter(method -> method.getName().equals("builder"))
                .findFirst()
                .orElseThrow();
    }

    private static Object builder(String type) throws ReflectiveOperationException {
        return start(type).invoke(null, requiredArguments(type));
    }

    private static Object[] requiredArguments(String type) throws ReflectiveOperationException {
        Class<?> builder = start(type).getReturnType();
        List<Object> arguments = new ArrayList<>();
        for (Row row : ModelTable.fields(type)) {
            if (row.marked("required")) {
                arguments.add(argument(row, setter(builder, row.java())));
            }
        }
        return arguments.toArray();
    }

    private static Method setter(Class<?> builder, String name) {
        return Arrays.stream(builder.getMethods())
                .filter(method -> method.getName().equals(name) && method.getParameterCount() == 1)
                .filter(method -> !method.isVarArgs() && method.getParameterTypes()[0] != Consumer.class)
                .findFirst()
                .orElseThrow(() -> new AssertionError(builder + " has no setter " + name));
    }

    private static Object argument(Row row, Method setter) {
        Class<?> taken = setter.getParameterTypes()[0];
        if (taken == List.class) {
            return List.of(element(row.fieldType(), "list<"));
        }
        if (taken == Map.class) {
            return Map.of("key", element(row.fieldType(), "map<"));
        }
        return one(taken, row.fieldType());
    }

    private static Object element(String type, String collection) {
        String element = type.substring(collection.length(), type.length() - (type.endsWith("?>") ? 2 : 1));
        if (element.startsWith("list<")) {
            return List.of(element(element, "list<"));
        }
        Class<?> taken =
                switch (element) {
                    case "string" -> String.class;
                    case "boolean" -> Boolean.class;
                    case "int" -> Integer.class;
                    case "long", "uint64" -> Long.class;
                    case "any" -> Object.class;
                    case "instant" -> Instant.class;
                    default -> ModelTable.classOf(element);
                };
        return one(taken, element);
    }

    private static Object one(Class<?> taken, String type) {
        if (taken == boolean.class || taken == Boolean.class) {
            return true;
        } else if (taken == int.class || taken == Integer.class) {
            return 7;
        } else if (taken == long.class || taken == Long.class) {
            return 7L;
        } else if (taken == double.class) {
            return 1.5;
        } else if (taken == byte[].class) {
            return new byte[] {1, 2};
        } else if (taken == Instant.class) {
            return TIME;
        } else if (taken == Duration.class) {
            return Duration.ofSeconds(7);
        } else if (taken == Set.class) {
            return Set.of("80/tcp");
        } else if (taken == String.class || taken == Object.class) {
            return "text";
        } else if (taken == TerminalSize.class) {
            return TerminalSize.of(24, 80);
        } else if (taken == Platform.class) {
            return Platform.of("linux", "amd64");
        } else if (ModelTable.types("enum").contains(type)) {
            return Mappers.JACKSON_3.read("\"unheard-of\"", taken);
        }
        return Mappers.JACKSON_3.read(Mappers.json(ModelTable.sample(type)), taken);
    }
}
