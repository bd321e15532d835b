package dev.fairlead.core.ignore;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which files of a folder a build leaves out, as a {@code .dockerignore} says it and {@code docker build} reads it.
 *
 * <p>Patterns are matched in their order and the last that matches decides: to leave a file out, or with {@code !} in front to take it
 * in after all. A pattern that matches a directory matches all below it. Paths are relative to the folder and have slashes.
 */
public final class IgnoreRules {

    private static final IgnoreRules NONE = new IgnoreRules(List.of());

    private final List<Rule> rules;
    private final boolean hasExceptions;
    private final boolean exceptionsArePaths;

    private IgnoreRules(List<Rule> rules) {
        this.rules = rules;
        List<Rule> exceptions = rules.stream().filter(Rule::takesBack).toList();
        this.hasExceptions = !exceptions.isEmpty();
        this.exceptionsArePaths = exceptions.stream().allMatch(Rule::isPath);
    }

    /** Leaves nothing out. */
    public static IgnoreRules none() {
        return NONE;
    }

    /**
     * The rules of a text, as a {@code .dockerignore} holds them.
     *
     * @throws BadIgnorePattern if a line is no pattern
     */
    public static IgnoreRules parse(String text) {
        return parse(text, ".dockerignore");
    }

    /**
     * As {@link #parse(String)}, for a file that has another name.
     *
     * @param file what an error calls it
     */
    public static IgnoreRules parse(String text, String file) {
        return parse(text, file, File.separatorChar == '\\');
    }

    /** On Windows a backslash separates names, elsewhere it escapes a letter. */
    static IgnoreRules parse(String text, String file, boolean windows) {
        List<Rule> rules = new ArrayList<>();
        for (IgnoreLine line : IgnoreLine.read(file, text, windows)) {
            boolean takesBack = line.pattern().startsWith("!");
            String pattern = takesBack ? line.pattern().substring(1) : line.pattern();
            try {
                if (pattern.isEmpty()) {
                    throw new BadSyntax("there is no pattern behind the exclamation mark");
                }
                rules.add(new Rule(pattern, takesBack, Glob.compile(pattern)));
            } catch (BadSyntax bad) {
                throw new BadIgnorePattern(file, line.number(), line.text(), String.valueOf(bad.getMessage()));
            }
        }
        return new IgnoreRules(List.copyOf(rules));
    }

    /** Whether a build does without that file, which may be left out for the sake of a directory above it. */
    public boolean excludes(String path) {
        Place place = top();
        for (String name : path.split("/", -1)) {
            if (place.isExcluded() && place.isSkippable()) {
                return true;
            }
            place = place.child(name);
        }
        return place.isExcluded();
    }

    /** The folder itself, which is never left out. */
    public Place top() {
        return new Place(this, "", new boolean[rules.size()], false);
    }

    /** A file or a directory on the way through a folder. */
    public static final class Place {

        private final IgnoreRules rules;
        private final String path;
        /** Which of the rules match it, or a directory above it. */
        private final boolean[] matched;

        private final boolean excluded;

        private Place(IgnoreRules rules, String path, boolean[] matched, boolean excluded) {
            this.rules = rules;
            this.path = path;
            this.matched = matched;
            this.excluded = excluded;
        }

        /** The relative path of it, empty for the folder itself. */
        public String path() {
            return path;
        }

        /** Whether it is left out. What is below it may be taken in, unless {@link #isSkippable()} says that nothing is. */
        public boolean isExcluded() {
            return excluded;
        }

        /** What has that name in this directory. */
        public Place child(String name) {
            String below = path.isEmpty() ? name : path + "/" + name;
            boolean[] matchedBelow = new boolean[matched.length];
            boolean out = false;
            for (int index = 0; index < matched.length; index++) {
                Rule rule = rules.rules.get(index);
                // A rule that could change nothing is not looked at, here and for what is below: Docker does not, and
                // it shows.
                matchedBelow[index] = matched[index]
                        || (rule.takesBack() == out && rule.matches().test(below));
                if (matchedBelow[index]) {
                    out = !rule.takesBack();
                }
            }
            return new Place(rules, below, matchedBelow, out);
        }

        /** Whether nothing below it, which is left out, is looked at: no exception begins with its path. */
        public boolean isSkippable() {
            if (!rules.hasExceptions) {
                return true;
            }
            return rules.exceptionsArePaths
                    && rules.rules.stream().filter(Rule::takesBack).noneMatch(rule -> (rule.directory() + "/")
                            .startsWith(path + "/"));
        }
    }

    /** A pattern, and what it says of the paths that it matches. */
    private record Rule(String pattern, boolean takesBack, Predicate<String> matches) {

        /** Where the paths are that it matches, if it is one. */
        String directory() {
            return without(without(pattern, "/**"), "/*");
        }

        /** Whether that is a path, and no pattern itself. */
        boolean isPath() {
            return directory().chars().noneMatch(letter -> "*[]?^\\".indexOf(letter) >= 0);
        }

        private static String without(String pattern, String end) {
            return pattern.endsWith(end) ? pattern.substring(0, pattern.length() - end.length()) : pattern;
        }
    }
}
