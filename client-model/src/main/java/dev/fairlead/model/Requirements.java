package dev.fairlead.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what a value asks of an Engine's API version. Not safe for use by several threads. */
public final class Requirements {
    private static final String EACH = "*";

    private final List<Requirement> collected = new ArrayList<>();
    private final List<String> around = new ArrayList<>();

    /** Starts with nothing collected. */
    public Requirements() {}

    /**
     * Something set that not every Engine knows.
     *
     * @param name its JSON name, after those of the values it lies in: {@code HostConfig.Annotations}
     * @param place the JSON names on the way to it, the last one its own; {@code *} stands for the elements of a list or
     *     a map
     * @param since the first version that knows it, null when all from the oldest on do
     * @param until the last version that knows it, null when the newest still does
     */
    public record Requirement(
            String name,
            List<String> place,
            @Nullable ApiVersion since,
            @Nullable ApiVersion until) {
        /**
         * Copies the list.
         *
         * @param name its JSON name
         * @param place the JSON names on the way to it
         * @param since the first version that knows it
         * @param until the last version that knows it
         */
        public Requirement {
            place = List.copyOf(place);
        }

        /**
         * Whether an Engine of this version knows the thing.
         *
         * @param version the version in use
         * @return false when it is too old or too new
         */
        public boolean holdsFor(ApiVersion version) {
            return (since == null || version.compareTo(since) >= 0) && (until == null || version.compareTo(until) <= 0);
        }
    }

    /**
     * All that a value asks for.
     *
     * @param value options or any other value
     * @return in the order of its fields, empty when every Engine will do
     */
    public static List<Requirement> of(Versioned value) {
        Requirements requirements = new Requirements();
        value.requirements(requirements);
        return requirements.list();
    }

    /**
     * Adds one.
     *
     * @param name the JSON name of what is set
     * @param since the first version that knows it
     * @param until the last version that knows it
     */
    public void add(String name, @Nullable ApiVersion since, @Nullable ApiVersion until) {
        List<String> place = new ArrayList<>(around);
        place.add(name);
        List<String> names = place.stream().filter(part -> !part.equals(EACH)).toList();
        collected.add(new Requirement(String.join(".", names), place, since, until));
    }

    /**
     * Adds what the values of a field ask for, their names after its own.
     *
     * @param name the JSON name of the field
     * @param value a value, or a list or map of values at any depth; null and anything else asks for nothing
     */
    public void within(String name, @Nullable Object value) {
        inside(name, value);
    }

    /**
     * What has been collected.
     *
     * @return in the order of adding, each once
     */
    public List<Requirement> list() {
        return collected.isEmpty() ? List.of() : collected.stream().distinct().toList();
    }

    private void inside(String name, @Nullable Object value) {
        if (value != null) {
            around.add(name);
            descend(value);
            around.remove(around.size() - 1);
        }
    }

    private void descend(Object value) {
        if (value instanceof Versioned versioned) {
            versioned.requirements(this);
        } else if (value instanceof Iterable<?> values) {
            values.forEach(element -> inside(EACH, element));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(element -> inside(EACH, element));
        }
    }
}
