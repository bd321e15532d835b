package dev.fairlead.core.ignore;

/** A line of an ignore file that is no pattern. Nothing is built by rules that can't be read. */
public final class BadIgnorePattern extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Counted from one. */
    private final int line;

    /** As it stands in the file, without what surrounds it. */
    private final String pattern;

    BadIgnorePattern(String file, int line, String pattern, String reason) {
        super(file + ", line " + line + ": " + shortened(pattern) + ": " + reason);
        this.line = line;
        this.pattern = pattern;
    }

    private static String shortened(String pattern) {
        return pattern.length() <= 200 ? pattern : pattern.substring(0, 200) + "…";
    }

    /** The number of the line, counted from one. */
    public int line() {
        return line;
    }

    /** The pattern as it stands there. */
    public String pattern() {
        return pattern;
    }
}
