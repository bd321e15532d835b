package dev.fairlead.core.ignore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The cases of {@code ignore/table.txt}. */
final class IgnoreTable {

    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9A-F]{4})");

    private IgnoreTable() {}

    /**
     * Rules, and what they say.
     *
     * @param rules the text of an ignore file
     * @param excluded whether each path is left out
     */
    record Case(String rules, Map<String, Boolean> excluded) {
        @Override
        public String toString() {
            return rules.replace("\n", " ⏎ ");
        }
    }

    static List<Case> read() throws IOException {
        List<Case> cases = new ArrayList<>();
        StringBuilder rules = new StringBuilder();
        Map<String, Boolean> paths = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("src/test/resources/ignore/table.txt"), StandardCharsets.UTF_8)) {
            if (line.startsWith("= ")) {
                if (!paths.isEmpty()) {
                    cases.add(new Case(rules.toString(), paths));
                    rules = new StringBuilder();
                    paths = new LinkedHashMap<>();
                }
                rules.append(unescaped(line.substring(2))).append('\n');
            } else if (line.startsWith("- ") || line.startsWith("+ ")) {
                paths.put(unescaped(line.substring(2)), line.startsWith("-"));
            }
        }
        cases.add(new Case(rules.toString(), paths));
        return cases;
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(
                        Character.toString(Integer.parseInt(found.group(1), 16))));
    }
}
