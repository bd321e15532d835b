package dev.fairlead.model;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the generated classes share: checks of arguments, copies, and conversions between wire and Java. */
final class Values {
    /** The first second of year 1, by which Go and Docker say that there is no time. */
    static final long ZERO_TIME_SECONDS = -62_135_596_800L;

    private static final long NANOS = 1_000_000_000L;
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    private Values() {}

    static <T> T given(String argument, @Nullable T value) {
        if (value == null) {
            throw new NullPointerException(argument + " is null");
        }
        return value;
    }

    static String required(String argument, @Nullable String value) {
        String text = given(argument, value);
        if (text.isBlank()) {
            throw new IllegalArgumentException(argument + " is blank");
        }
        return text;
    }

    static <T> List<T> list(String argument, @Nullable Collection<T> values) {
        List<T> copy = new ArrayList<>(given(argument, values));
        for (int i = 0; i < copy.size(); i++) {
            given(argument + "[" + i + "]", copy.get(i));
        }
        return copy;
    }

    static <V> Map<String, V> map(String argument, @Nullable Map<String, V> values) {
        Map<String, V> copy = new LinkedHashMap<>(given(argument, values));
        copy.forEach((key, value) -> given(argument + "[" + given("a key of " + argument, key) + "]", value));
        return copy;
    }

    static <V extends @Nullable Object> Map<String, V> mapWithNulls(String argument, @Nullable Map<String, V> values) {
        Map<String, V> copy = new LinkedHashMap<>(given(argument, values));
        copy.keySet().forEach(key -> given("a key of " + argument, key));
        return copy;
    }

    /** A set as the Engine writes it: an object whose keys matter. */
    static Map<String, Object> set(String argument, @Nullable Collection<String> values) {
        Map<String, Object> object = new LinkedHashMap<>();
        list(argument, values).forEach(value -> object.put(value, Map.of()));
        return object;
    }

    static <V extends @Nullable Object> @Nullable Map<String, V> copy(@Nullable Map<String, V> map) {
        return map == null ? null : new LinkedHashMap<>(map);
    }

    /** The same lists and maps, at any depth, so that nobody can change them. */
    @SuppressWarnings("unchecked")
    static <T> @Nullable T frozen(@Nullable T value) {
        if (value instanceof FrozenList || value instanceof FrozenMap) {
            return value;
        }
        if (value instanceof List<?> list) {
            if (list.isEmpty()) {
                return (T) List.of();
            }
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            for (Object element : list) {
                copy.add(frozen(element));
            }
            return (T) Collections.unmodifiableList(copy);
        }
        if (value instanceof Map<?, ?> map) {
            if (map.isEmpty()) {
                return (T) Map.of();
            }
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>(map.size() * 4 / 3 + 1);
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                copy.put(entry.getKey(), frozen(entry.getValue()));
            }
            return (T) Collections.unmodifiableMap(copy);
        }
        return value;
    }

    static @Nullable List<String> strings(JsonTokens json) {
        if (!json.array()) {
            return null;
        }
        FrozenList.Maker<String> list = new FrozenList.Maker<>();
        while (json.nextElement()) {
            list.add(json.string());
        }
        return list.made();
    }

    static @Nullable Map<String, String> stringMap(JsonTokens json) {
        if (!json.object()) {
            return null;
        }
        FrozenMap.Maker<String> map = new FrozenMap.Maker<>();
        for (String key = json.nextMember(); key != null; key = json.nextMember()) {
            map.put(key, json.string());
        }
        return map.made();
    }

    /** An object whose keys matter. */
    static @Nullable Map<String, Object> keys(JsonTokens json) {
        if (!json.object()) {
            return null;
        }
        FrozenMap.Maker<Object> map = new FrozenMap.Maker<>();
        for (String key = json.nextMember(); key != null; key = json.nextMember()) {
            map.putAny(key, frozen(json.any()));
        }
        return map.made();
    }

    @SuppressWarnings(
            "NullAway") // What the Engine says may be null: that is not for a type to tell that holds anything.
    static void readUnknown(Map<String, Object> unknownFields, String name, JsonTokens json) {
        unknownFields.put(name, json.any());
    }

    static Map<String, Object> unknown(Map<String, Object> fields) {
        Map<String, Object> frozen = fields.isEmpty() ? null : frozen(fields);
        return frozen == null ? Map.of() : frozen;
    }

    static <A, B> List<B> each(List<A> values, Function<A, B> conversion) {
        List<B> converted = new ArrayList<>(values.size());
        values.forEach(value -> converted.add(conversion.apply(value)));
        return Collections.unmodifiableList(converted);
    }

    static <A, B> Map<String, B> each(Map<String, A> values, Function<A, B> conversion) {
        Map<String, B> converted = new LinkedHashMap<>();
        values.forEach((key, value) -> converted.put(key, conversion.apply(value)));
        return Collections.unmodifiableMap(converted);
    }

    static long clamped(BigInteger value) {
        return value.min(LARGEST).longValue();
    }

    static @Nullable Instant fromSeconds(long seconds) {
        return seconds == ZERO_TIME_SECONDS ? null : Instant.ofEpochSecond(seconds);
    }

    static Instant fromNanos(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }

    static long toNanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
    }

    /** Whole seconds; a part of one counts as one, lest half a second of patience become none. */
    static long toSeconds(Duration duration) {
        return duration.getSeconds() + (duration.getNano() > 0 ? 1 : 0);
    }

    /** A time as a query parameter: {@code seconds} or {@code seconds.nanoseconds}. */
    static String secondsText(Instant instant) {
        return instant.getNano() == 0
                ? String.valueOf(instant.getEpochSecond())
                : String.format(Locale.ROOT, "%d.%09d", instant.getEpochSecond(), instant.getNano());
    }
}
