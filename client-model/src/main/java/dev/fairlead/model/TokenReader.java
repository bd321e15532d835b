package dev.fairlead.model;

import org.jspecify.annotations.Nullable;

/**
 * Reads a value without reflection: what Jackson reads by the annotations of its class, in less time, and from any parser.
 *
 * @param <T> the type of the value
 */
@FunctionalInterface
public interface TokenReader<T> {
    /**
     * Reads the value that the tokens stand at.
     *
     * @param json the tokens
     * @return the value, null for {@code null}
     */
    @Nullable
    T read(JsonTokens json);

    /**
     * The reader of a class of this package.
     *
     * @param <T> the class
     * @param type the class
     * @return the reader, or null if the class is none that an Engine's JSON holds
     */
    @SuppressWarnings("unchecked")
    static <T> @Nullable TokenReader<T> of(Class<T> type) {
        // Only what is one of this type is read by the reader of its name.
        return (TokenReader<T>) TokenReaders.of(type.getName());
    }
}
