package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.RandomAccess;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lists and maps of what was read: those of the JDK, but smaller and unchangeable. */
class FrozenTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 100})
    void aListHoldsWhatWasAddedButNull(int size) {
        FrozenList.Maker<String> maker = new FrozenList.Maker<>();
        List<String> model = new ArrayList<>();
        for (int at = 0; at < size; at++) {
            maker.add("e" + at);
            maker.add(null);
            model.add("e" + at);
        }
        List<String> list = maker.made();
        assertThat(list).isEqualTo(model).hasSameHashCodeAs(model).hasToString(model.toString());
        assertThat(list.toArray()).isEqualTo(model.toArray());
        assertThat(list).isInstanceOf(RandomAccess.class);
        assertThat(Values.<List<String>>frozen(list)).isSameAs(list);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> list.get(size));
        refuses(() -> list.add("more"));
        if (size > 0) {
            refuses(() -> list.set(0, "other"));
            refuses(() -> list.remove(0));
            refuses(list::clear);
            Iterator<String> each = list.iterator();
            each.next();
            refuses(each::remove);
            list.toArray()[0] = "other";
            assertThat(list.get(0)).isEqualTo("e0");
        }
    }

    @Test
    void aListHoldsNullWhereItIsMeant() {
        FrozenList.Maker<String> maker = new FrozenList.Maker<>();
        maker.addAny(null);
        maker.addAny("a");
        assertThat(maker.made()).containsExactly(null, "a");
    }

    /** Sizes on both sides of those at which there is a table, and at which it grows; keys that come again, keys of one hash. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 8, 9, 10, 15, 16, 17, 31, 32, 33, 64, 65, 1000})
    void aMapAgreesWithThatOfTheJdk(int size) {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            FrozenMap.Maker<Integer> maker = new FrozenMap.Maker<>();
            Map<String, @Nullable Integer> model = new LinkedHashMap<>();
            while (model.size() < size) {
                String key = seed % 2 == 0 ? "k" + random.nextInt(2 * size) : collision(random, size);
                Integer value = random.nextInt(10) == 0 ? null : random.nextInt();
                maker.putAny(key, value);
                model.put(key, value);
            }
            agrees(maker.made(), model);
        }
    }

    /** {@code Aa} and {@code BB} have one hash, and so has every text that is made of as many of them. */
    private static String collision(Random random, int size) {
        StringBuilder key = new StringBuilder();
        for (int bit = 0; bit < Integer.toBinaryString(size).length(); bit++) {
            key.append(random.nextBoolean() ? "Aa" : "BB");
        }
        return key.toString();
    }

    private static void agrees(Map<String, Integer> map, Map<String, @Nullable Integer> model) {
        assertThat(map).isEqualTo(model).hasSameHashCodeAs(model).hasToString(model.toString());
        assertThat(model).isEqualTo(map);
        assertThat(map.size()).isEqualTo(model.size());
        assertThat(new ArrayList<>(map.keySet())).isEqualTo(new ArrayList<>(model.keySet()));
        assertThat(new ArrayList<>(map.values())).isEqualTo(new ArrayList<>(model.values()));
        model.forEach((key, value) -> {
            assertThat(map.containsKey(key)).isTrue();
            assertThat(map.get(key)).isEqualTo(value);
            // Another string of the same characters.
            assertThat(map.get(String.valueOf(key.toCharArray()))).isEqualTo(value);
        });
        assertThat(map.containsKey("none")).isFalse();
        assertThat(map.get("none")).isNull();
        assertThat(Values.<Map<String, Integer>>frozen(map)).isSameAs(map);
        refuses(() -> map.put("none", 1));
        if (!map.isEmpty()) {
            refuses(map::clear);
            refuses(() -> map.remove(map.keySet().iterator().next()));
            refuses(() -> map.entrySet().iterator().next().setValue(1));
        }
    }

    @Test
    void anEntryWithoutAValueIsLeftOutUnlessItIsMeant() {
        FrozenMap.Maker<String> maker = new FrozenMap.Maker<>();
        maker.put("a", "1");
        maker.put("a", null);
        maker.put("b", null);
        assertThat(maker.made()).isEqualTo(Map.of("a", "1"));
    }

    private static void refuses(ThrowingCallable change) {
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(change);
    }
}
