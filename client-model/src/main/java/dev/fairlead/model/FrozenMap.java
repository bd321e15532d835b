package dev.fairlead.model;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A map that nobody can change, and that needs no copy for it: its entries lie in one array in their order, and take a fifth of what
 * those of a {@code LinkedHashMap} do.
 */
final class FrozenMap<V extends @Nullable Object> extends AbstractMap<String, V> {
    /** So many keys are found as fast without a table. */
    private static final int FEW = 8;

    private static final int[] NO_TABLE = new int[0];

    // A key, its value, the next key.
    private final @Nullable Object[] pairs;
    private final int[] table;

    private FrozenMap(@Nullable Object[] pairs, int[] table) {
        this.pairs = pairs;
        this.table = table;
    }

    @Override
    public int size() {
        return pairs.length / 2;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return find(pairs, pairs.length, table, key) >= 0;
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable V get(@Nullable Object key) {
        int at = find(pairs, pairs.length, table, key);
        return at < 0 ? null : (V) pairs[at + 1];
    }

    @Override
    public Set<Map.Entry<String, V>> entrySet() {
        return new EntrySet();
    }

    /** Where the key is, or the complement of the table's place for it, or -1 without a table. */
    private static int find(@Nullable Object[] pairs, int used, int[] table, @Nullable Object key) {
        if (!(key instanceof String text)) {
            return -1;
        }
        if (table.length == 0) {
            for (int at = 0; at < used; at += 2) {
                if (text.equals(pairs[at])) {
                    return at;
                }
            }
            return -1;
        }
        int place = place(text, table);
        while (table[place] != 0) {
            int at = table[place] - 1;
            if (text.equals(pairs[at])) {
                return at;
            }
            place = (place + 1) & (table.length - 1);
        }
        return ~place;
    }

    private static int place(String key, int[] table) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (table.length - 1);
    }

    private final class EntrySet extends AbstractSet<Map.Entry<String, V>> {
        @Override
        public Iterator<Map.Entry<String, V>> iterator() {
            return new Entries();
        }

        @Override
        public int size() {
            return pairs.length / 2;
        }
    }

    private final class Entries implements Iterator<Map.Entry<String, V>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < pairs.length;
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"})
        public Map.Entry<String, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Map.Entry<String, V> entry = new SimpleImmutableEntry<>((String) pairs[next], (V) pairs[next + 1]);
            next += 2;
            return entry;
        }
    }

    /** Gathers what will be the map. */
    static final class Maker<V> {
        private @Nullable Object[] pairs = new @Nullable Object[FEW];
        private int used;
        private int[] table = NO_TABLE;

        /** Leaves an entry without a value out. */
        void put(String key, @Nullable V value) {
            if (value != null) {
                putAny(key, value);
            }
        }

        /** A later value of the same key replaces the earlier, at the place of that. */
        void putAny(String key, @Nullable V value) {
            int at = find(pairs, used, table, key);
            if (at >= 0) {
                pairs[at + 1] = value;
                return;
            }
            if (used == pairs.length) {
                pairs = Arrays.copyOf(pairs, 2 * used);
            }
            pairs[used] = key;
            pairs[used + 1] = value;
            used += 2;
            if (used > 2 * FEW) {
                enter(used - 2);
            }
        }

        private void enter(int pair) {
            // At most half of the table is in use.
            if (used > table.length) {
                table = new int[Math.max(4 * FEW, 2 * table.length)];
                for (int at = 0; at < used; at += 2) {
                    place(at);
                }
            } else {
                place(pair);
            }
        }

        private void place(int pair) {
            if (pairs[pair] instanceof String key) {
                table[~find(pairs, used, table, key)] = pair + 1;
            }
        }

        Map<String, V> made() {
            return used == 0
                    ? Map.of()
                    : new FrozenMap<>(used == pairs.length ? pairs : Arrays.copyOf(pairs, used), table);
        }
    }
}
