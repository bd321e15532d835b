package dev.fairlead.core.ignore;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which paths a pattern matches: {@code *} and {@code ?} within one name, {@code **} across any number of them, {@code [...]} one of
 * several letters, {@code \} the next letter as it is.
 *
 * <p>Docker makes a regular expression of the pattern and escapes only some of the letters that mean something in one, so that
 * {@code |}, {@code ^}, <code>{2}</code> or {@code \d} do too; people's files are read by that, and so it is kept. The expression is
 * matched without going back, in a time that grows with pattern and path alone.
 */
final class Glob {

    /** How much there is to compare. */
    private enum Kind {
        EXACT,
        PREFIX,
        SUFFIX,
        EXPRESSION
    }

    private final int[] pattern;
    private final StringBuilder expression = new StringBuilder("^");
    private Kind kind = Kind.EXACT;

    private Glob(String pattern) {
        this.pattern = pattern.codePoints().toArray();
    }

    static Predicate<String> compile(String pattern) throws BadSyntax {
        GlobSyntax.check(pattern);
        Glob glob = new Glob(pattern);
        glob.translate();
        return switch (glob.kind) {
            case EXACT -> pattern::equals;
            case PREFIX -> startsWith(pattern.substring(0, pattern.length() - 2));
            case SUFFIX -> endsWith(pattern.substring(2));
            case EXPRESSION -> Expression.parse(glob.expression.append('$').toString())::isFoundIn;
        };
    }

    private static Predicate<String> startsWith(String prefix) {
        return path -> path.startsWith(prefix);
    }

    private static Predicate<String> endsWith(String suffix) {
        @Nullable String whole = suffix.startsWith("/") ? suffix.substring(1) : null;
        return path -> path.endsWith(suffix) || path.equals(whole);
    }

    private void translate() {
        int at = 0;
        while (at < pattern.length) {
            boolean first = at == 0;
            int letter = pattern[at++];
            switch (letter) {
                case '*' -> {
                    if (isAt(at, '*')) {
                        at++;
                        at = isAt(at, '/') ? at + 1 : at;
                        manyNames(at == pattern.length, first);
                    } else {
                        expression("[^/]*");
                    }
                }
                case '?' -> expression("[^/]");
                case '.', '+', '(', ')', '$' -> expression.append('\\').append((char) letter);
                case '\\' -> {
                    expression("\\");
                    expression.appendCodePoint(pattern[at++]);
                }
                case '[', ']' -> expression(Character.toString(letter));
                default -> expression.appendCodePoint(letter);
            }
        }
    }

    private void manyNames(boolean last, boolean first) {
        if (!last) {
            expression("(.*/)?");
        } else if (kind == Kind.EXACT) {
            kind = Kind.PREFIX;
        } else {
            expression(".*");
        }
        if (first) {
            kind = Kind.SUFFIX;
        }
    }

    private void expression(String part) {
        expression.append(part);
        kind = Kind.EXPRESSION;
    }

    private boolean isAt(int at, int letter) {
        return at < pattern.length && pattern[at] == letter;
    }
}
