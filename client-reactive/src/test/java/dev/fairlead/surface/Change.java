package dev.fairlead.surface;

import dev.fairlead.model.Requirements;
import dev.fairlead.model.Requirements.Requirement;
import dev.fairlead.model.Versioned;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something said to a builder of the model that not every API version knows.
 *
 * @param requirements what it asks of the version, by itself
 */
record Change(Consumer<Object> apply, List<Requirement> requirements) {

    /** One for each gate that the value of that builder can hold at any depth. */
    static List<Change> gated(Class<?> builder) {
        return gated(builder, Set.of());
    }

    private static List<Change> gated(Class<?> builder, Set<Class<?>> within) {
        List<Requirement> bare = requirements(builder, nothing -> {});
        Map<List<Requirement>, Change> changes = new LinkedHashMap<>();
        for (Consumer<Object> apply : all(builder, within)) {
            List<Requirement> asked = requirements(builder, apply);
            if (!asked.equals(bare)) {
                changes.putIfAbsent(asked, new Change(apply, asked));
            }
        }
        if (!bare.isEmpty()) {
            changes.putIfAbsent(bare, new Change(nothing -> {}, bare));
        }
        return List.copyOf(changes.values());
    }

    /** Each setter with a bare sample, and with each gated change of what it takes. */
    private static List<Consumer<Object>> all(Class<?> builder, Set<Class<?>> within) {
        List<Consumer<Object>> all = new ArrayList<>();
        for (Method setter : builder.getMethods()) {
            if (setter.getReturnType() != builder || setter.getParameterCount() == 0) {
                continue;
            }
            Type[] types = setter.getGenericParameterTypes();
            boolean lambda = setter.getParameterTypes()[0] == Consumer.class;
            if (lambda && setter.getName().equals("filters")) {
                Class<?> filters = Samples.argumentOf(types[0]);
                for (Method key : filters.getMethods()) {
                    if (key.getReturnType() == filters && key.getParameterCount() > 0) {
                        Consumer<Object> change = chosen -> Samples.call(key, chosen, samples(key));
                        all.add(target -> Samples.call(setter, target, change));
                    }
                }
            } else if (!lambda) {
                all.add(target -> Samples.call(setter, target, samples(setter)));
                Class<?> nested = builderWithin(types[types.length - 1]);
                if (nested != null && !within.contains(nested)) {
                    Set<Class<?>> deeper = new LinkedHashSet<>(within);
                    deeper.add(builder);
                    gated(nested, deeper)
                            .forEach(change -> all.add(target -> {
                                Object[] values = samples(setter);
                                values[values.length - 1] = wrap(types[types.length - 1], change.value(nested));
                                Samples.call(setter, target, values);
                            }));
                }
            }
        }
        return all;
    }

    /** A value with nothing but this said. */
    Object value(Class<?> builder) {
        return build(builder, apply);
    }

    private static Object build(Class<?> builder, Consumer<Object> apply) {
        for (Method start : builder.getEnclosingClass().getMethods()) {
            if (start.getName().equals("builder")) {
                Object target = Samples.call(start, null, samples(start));
                apply.accept(target);
                return Samples.call(Samples.find(builder, "build"), target);
            }
        }
        throw new IllegalArgumentException(builder + " is of no builder()");
    }

    private static List<Requirement> requirements(Class<?> builder, Consumer<Object> apply) {
        return build(builder, apply) instanceof Versioned versioned ? Requirements.of(versioned) : List.of();
    }

    private static Object[] samples(Method method) {
        return Arrays.stream(method.getGenericParameterTypes()).map(Samples::of).toArray();
    }

    /** The builder of the model's type that this is, or is a list or map of. */
    @Nullable
    static Class<?> builderWithin(Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() != Consumer.class) {
            Type[] arguments = generic.getActualTypeArguments();
            return builderWithin(arguments[arguments.length - 1]);
        }
        if (!(type instanceof Class<?> plain) || !plain.getName().startsWith("dev.fairlead.model.")) {
            return null;
        }
        return Arrays.stream(plain.getClasses())
                .filter(inner -> inner.getSimpleName().equals("Builder"))
                .findFirst()
                .orElse(null);
    }

    private static Object wrap(Type type, Object value) {
        if (!(type instanceof ParameterizedType generic)) {
            return value;
        }
        Type[] arguments = generic.getActualTypeArguments();
        Object element = wrap(arguments[arguments.length - 1], value);
        return generic.getRawType() == Map.class ? Map.of("key", element) : List.of(element);
    }
}
