package dev.fairlead.core.ignore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of an ignore file that says something.
 *
 * @param number where it stands, counted from one
 * @param text as it stands there, trimmed
 * @param pattern what is to be matched, with a {@code !} in front where it takes back what was said before
 */
record IgnoreLine(int number, String text, String pattern) {

    /** Docker reads no longer ones. */
    private static final int LONGEST = 64 * 1024 - 1;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    static List<IgnoreLine> read(String file, String content, boolean windows) {
        List<IgnoreLine> lines = new ArrayList<>();
        String[] all = content.split("\n", -1);
        for (int index = 0; index < all.length; index++) {
            String line = all[index];
            if (isTooLong(line)) {
                throw new BadIgnorePattern(file, index + 1, line, "it is longer than " + LONGEST + " bytes");
            }
            if (index == 0 && !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK) {
                line = line.substring(1);
            }
            // Only at the very start: a comment that is indented is a pattern.
            if (!line.startsWith("#")) {
                String text = trim(line);
                if (!text.isEmpty()) {
                    lines.add(new IgnoreLine(index + 1, text, normal(text, windows)));
                }
            }
        }
        return lines;
    }

    private static boolean isTooLong(String line) {
        return line.length() > LONGEST / 3 && line.getBytes(StandardCharsets.UTF_8).length > LONGEST;
    }

    private static String normal(String text, boolean windows) {
        boolean takesBack = text.startsWith("!");
        String pattern = takesBack ? trim(text.substring(1)) : text;
        if (!pattern.isEmpty()) {
            pattern = CleanPath.of(windows ? pattern.replace('\\', '/') : pattern);
            if (pattern.length() > 1 && pattern.startsWith("/")) {
                pattern = pattern.substring(1);
            }
        }
        // Twice, as Docker does: "!/" is then no pattern, and "./!x" takes back x.
        return CleanPath.of(takesBack ? "!" + pattern : pattern);
    }

    private static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** What Unicode calls white space; Java's own notion lacks the no-break spaces and has some controls. */
    private static boolean isSpace(char letter) {
        return (letter >= '\t' && letter <= '\r')
                || letter == ' '
                || letter == '\u0085'
                || letter == '\u00A0'
                || letter == '\u1680'
                || (letter >= '\u2000' && letter <= '\u200A')
                || letter == '\u2028'
                || letter == '\u2029'
                || letter == '\u202F'
                || letter == '\u205F'
                || letter == '\u3000';
    }
}
