package dev.fairlead.core.ignore;

/**
 * Whether a pattern is well formed as a shell's: each bracket closed and with something in it, and something behind each backslash. A
 * pattern has to be that, and the expression that is made from it has to be one as well.
 */
final class GlobSyntax {

    private final int[] pattern;
    private int at;

    private GlobSyntax(String pattern) {
        this.pattern = pattern.codePoints().toArray();
    }

    static void check(String pattern) throws BadSyntax {
        new GlobSyntax(pattern).check();
    }

    private void check() throws BadSyntax {
        while (at < pattern.length) {
            int letter = pattern[at++];
            if (letter == '\\') {
                escaped();
            } else if (letter == '[') {
                brackets();
            }
        }
    }

    private void escaped() throws BadSyntax {
        if (at == pattern.length) {
            throw new BadSyntax("nothing follows the last backslash");
        }
        at++;
    }

    private void brackets() throws BadSyntax {
        if (at < pattern.length && pattern[at] == '^') {
            at++;
        }
        boolean first = true;
        while (first || peek() != ']') {
            first = false;
            bound();
            if (peek() == '-') {
                at++;
                bound();
            }
        }
        at++;
    }

    private void bound() throws BadSyntax {
        int letter = peek();
        if (letter == '-' || letter == ']') {
            throw new BadSyntax("in brackets stands '" + (char) letter + "' where a letter has to be");
        }
        at++;
        if (letter == '\\') {
            peek();
            at++;
        }
    }

    private int peek() throws BadSyntax {
        if (at >= pattern.length) {
            throw new BadSyntax("a '[' is not closed");
        }
        return pattern[at];
    }
}
