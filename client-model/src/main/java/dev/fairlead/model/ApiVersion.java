package dev.fairlead.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    // Five digits are more than any version will need and can't overflow.
    private static final Pattern TEXT = Pattern.compile("v?(\\d{1,5})\\.(\\d{1,5})");

    /**
     * Refuses negative numbers.
     *
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
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not an API version: expected two numbers with a dot between, such as 1.43");
        }
        return new ApiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
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
