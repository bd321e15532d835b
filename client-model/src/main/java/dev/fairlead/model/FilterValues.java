package dev.fairlead.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Filters while they are being set: keys sorted, each value of a key once. */
final class FilterValues {
    private final Map<String, Set<String>> values = new TreeMap<>();

    FilterValues(@Nullable Map<String, List<String>> initial) {
        if (initial != null) {
            initial.forEach(this::add);
        }
    }

    void add(String key, List<String> more) {
        values.computeIfAbsent(Values.required("key", key), any -> new LinkedHashSet<>())
                .addAll(Values.list(key, more));
    }

    void set(String key, String value) {
        values.remove(key);
        add(key, List.of(value));
    }

    Map<String, List<String>> asMap() {
        Map<String, List<String>> map = new TreeMap<>();
        values.forEach((key, set) -> map.put(key, new ArrayList<>(set)));
        return map;
    }
}
