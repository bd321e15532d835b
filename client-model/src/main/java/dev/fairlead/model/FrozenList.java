package dev.fairlead.model;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** A list that nobody can change, and that needs no copy for it. */
final class FrozenList<E> extends AbstractList<E> implements RandomAccess {
    private final @Nullable Object[] elements;

    private FrozenList(@Nullable Object[] elements) {
        this.elements = elements;
    }

    @Override
    @SuppressWarnings("unchecked")
    public E get(int index) {
        return (E) elements[index];
    }

    @Override
    public int size() {
        return elements.length;
    }

    @Override
    public @Nullable Object[] toArray() {
        return Arrays.copyOf(elements, elements.length, Object[].class);
    }

    /** Gathers what will be the list. */
    static final class Maker<E> {
        private static final int FEW = 4;
        private @Nullable Object[] elements = new @Nullable Object[FEW];
        private int size;

        /** Leaves null out. */
        void add(@Nullable E element) {
            if (element != null) {
                addAny(element);
            }
        }

        void addAny(@Nullable E element) {
            if (size == elements.length) {
                elements = Arrays.copyOf(elements, 2 * size);
            }
            elements[size++] = element;
        }

        List<E> made() {
            return size == 0
                    ? List.of()
                    : new FrozenList<>(size == elements.length ? elements : Arrays.copyOf(elements, size));
        }
    }
}
