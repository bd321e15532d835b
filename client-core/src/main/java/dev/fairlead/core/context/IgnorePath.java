package dev.fairlead.core.context;

/** A path as a pattern that matches it, and nothing else. */
final class IgnorePath {

    private IgnorePath() {}

    static String escape(String path) {
        StringBuilder pattern = new StringBuilder();
        path.codePoints().forEach(letter -> {
            if (letter <= ' ') {
                // Escaped, it would be trimmed at the end all the same, or end the line.
                pattern.append('?');
            } else if ("*?[]\\!#^|{}".indexOf(letter) >= 0) {
                pattern.append('\\').appendCodePoint(letter);
            } else {
                pattern.appendCodePoint(letter);
            }
        });
        return pattern.toString();
    }
}
