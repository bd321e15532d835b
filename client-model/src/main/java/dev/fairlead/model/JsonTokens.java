package dev.fairlead.model;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A JSON text that is read token by token: what a {@link TokenReader} takes from whichever parser there is. It stands at a value, and
 * every method reads that one: the first of the text, or what {@link #nextMember()} or {@link #nextElement()} went on to.
 *
 * <p>A value of another kind than the one that is asked for is refused by an unchecked exception of the parser's choice; none is made to
 * fit.
 */
public interface JsonTokens {
    /**
     * Goes into an object.
     *
     * @return false if there is {@code null} instead
     */
    boolean object();

    /**
     * Goes on to the value of the next member; that of the one before has been read.
     *
     * @return the member's name, or null at the end of the object
     */
    @Nullable
    String nextMember();

    /**
     * Goes into an array.
     *
     * @return false if there is {@code null} instead
     */
    boolean array();

    /**
     * Goes on to the next element; the one before has been read.
     *
     * @return false at the end of the array
     */
    boolean nextElement();

    /**
     * A string.
     *
     * @return the string, null for {@code null}
     */
    @Nullable
    String string();

    /**
     * A truth value.
     *
     * @return the value, null for {@code null}
     */
    @Nullable
    Boolean bool();

    /**
     * A whole number of 32 bits.
     *
     * @return the number, null for {@code null}
     */
    @Nullable
    Integer int32();

    /**
     * A whole number of 64 bits.
     *
     * @return the number, null for {@code null}
     */
    @Nullable
    Long int64();

    /**
     * A whole number of any length.
     *
     * @return the number, null for {@code null}
     */
    @Nullable
    BigInteger integer();

    /**
     * A number, whole or not.
     *
     * @return the number, null for {@code null}
     */
    @Nullable
    Double float64();

    /**
     * Bytes as a string in Base64.
     *
     * @return the bytes, null for {@code null}
     */
    byte @Nullable [] bytes();

    /**
     * Any value.
     *
     * @return a {@code Map} or {@code List} of such values, {@code String}, {@code Boolean}, {@code Integer}, {@code Long}, {@code
     *     BigInteger}, {@code Double}, or null for {@code null}
     */
    @Nullable
    Object any();

    /** Reads any value and drops it. */
    void skip();
}
