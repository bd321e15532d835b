package dev.fairlead.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;

/**
 * A version of the Engine API, such as 1.43. Versions are ordered by their numbers: 1.9 comes before 1.40.
 *
 * @param major the number before the dot, not negative
 * @param minor the number after the dot, not negative
 */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion>, Serializable {
    /** The oldest version that Fairlead speaks: Docker 19.03. */
    public static final ApiVersion OLDEST = new ApiVersion(1, 40);

    /** The newest version that Fairlead speaks. */
    public static final ApiVersion NEWEST = new ApiVersion(1, 55);

    // More than any version will need, and no more than an int holds.
    private static final int MOST_DIGITS = 5;

    /**
     * Refuses negative numbers.
     *
     * @param major the number before the dot
     * @param minor the number after the dot
     * @throws IllegalArgumentException if a number is negative
     */
    public ApiVersion {
        if (major < 0 || minor < 0) {
            throw new IllegalArgumentException("an API version has no negative number: " + major + "." + minor);
        }
    }

    /**
     * The version with these numbers.
     *
     * @param major the number before the dot
     * @param minor the number after the dot
     * @return the version
     * @throws IllegalArgumentException if a number is negative
     */
    public static ApiVersion of(int major, int minor) {
        return new ApiVersion(major, minor);
    }

    /**
     * Reads {@code 1.43} or {@code v1.43}. Blanks around it are not accepted.
     *
     * @param text the text
     * @return the version
     * @throws IllegalArgumentException naming the text, if it is not a version
     */
    @JsonCreator
    public static ApiVersion parse(String text) {
        // By hand: each answer to a ping has one.
        int start = text.startsWith("v") ? 1 : 0;
        int dot = text.indexOf('.', start);
        int major = dot < 0 ? -1 : number(text, start, dot);
        int minor = dot < 0 ? -1 : number(text, dot + 1, text.length());
        if (major < 0 || minor < 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not an API version: expected two numbers with a dot between, such as 1.43");
        }
        return new ApiVersion(major, minor);
    }

    /** The number that stands there, or -1. */
    private static int number(String text, int from, int to) {
        if (from == to || to - from > MOST_DIGITS) {
            return -1;
        }
        int number = 0;
        for (int at = from; at < to; at++) {
            char digit = text.charAt(at);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }

    /**
     * Whether this version is the other one or a later one.
     *
     * @param other the version to compare with
     * @return true if it is
     */
    public boolean isAtLeast(ApiVersion other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(ApiVersion other) {
        int byMajor = Integer.compare(major, other.major);
        return byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
    }

    /** The version as the Engine writes it, without a {@code v}: {@code 1.43}. */
    @Override
    @JsonValue
    public String toString() {
        return major + "." + minor;
    }
}
