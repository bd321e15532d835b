package dev.fairlead.model;

import java.util.Comparator;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of the Engine API, such as 1.43. Ordered by number: 1.9 comes before 1.10.
 *
 * @param major the number before the dot, not negative
 * @param minor the number after the dot, not negative
 */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /** The oldest version this client speaks. */
    public static final ApiVersion OLDEST = new ApiVersion(1, 40);

    /** The newest version this client knows. */
    public static final ApiVersion NEWEST = new ApiVersion(1, 55);

    private static final Pattern TEXT = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})");
    private static final Comparator<ApiVersion> ORDER =
            Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

    /**
     * Refuses negative numbers.
     *
     * @param major the number before the dot
     * @param minor the number after the dot
     */
    public ApiVersion {
        if (major < 0 || minor < 0) {
            throw new IllegalArgumentException("no API version: " + major + "." + minor);
        }
    }

    /**
     * The version of these numbers.
     *
     * @param major the number before the dot
     * @param minor the number after the dot
     * @return the version
     */
    public static ApiVersion of(int major, int minor) {
        return new ApiVersion(major, minor);
    }

    /**
     * Reads a version.
     *
     * @param text such as {@code 1.43} or {@code v1.43}
     * @return the version
     * @throws IllegalArgumentException when the text is anything else; its message holds the text
     */
    public static ApiVersion parse(String text) {
        Matcher matcher = TEXT.matcher(Objects.requireNonNull(text, "text is null"));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an API version: '" + text + "'");
        }
        return new ApiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    @Override
    public int compareTo(ApiVersion other) {
        return ORDER.compare(this, other);
    }

    /** As the Engine writes it: {@code 1.43}. */
    @Override
    public String toString() {
        return major + "." + minor;
    }
}
