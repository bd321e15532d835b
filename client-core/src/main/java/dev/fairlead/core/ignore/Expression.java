package dev.fairlead.core.ignore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Reads a regular expression as Go does, as far as a pattern can become one. */
final class Expression {

    /** Of a repetition: as many as one likes. */
    static final int UNBOUNDED = -1;

    private static final int MOST_REPEATS = 1000;
    private static final int TOO_LARGE = 100_000_000;

    private final Letters letters;

    private Expression(String text) {
        this.letters = new Letters(text);
    }

    static Matcher parse(String expression) throws BadSyntax {
        return Matcher.compile(new Expression(expression).alternatives());
    }

    /** A part of an expression. */
    sealed interface Node {
        /** One letter out of some. */
        record One(IntPredicate letters) implements Node {}

        /** A place, of no length. */
        record At(Place place) implements Node {}

        /** One after the other. */
        record Sequence(List<Node> parts) implements Node {}

        /** One of them. */
        record Either(List<Node> parts) implements Node {}

        /** Some times over; the most may be {@link #UNBOUNDED}. */
        record Repeat(Node part, int least, int most) implements Node {}
    }

    /** Where something is looked for. */
    enum Place {
        BEGIN,
        END,
        WORD_BOUNDARY,
        NO_WORD_BOUNDARY
    }

    private Node alternatives() throws BadSyntax {
        List<Node> parts = new ArrayList<>();
        parts.add(sequence());
        while (letters.take('|')) {
            parts.add(sequence());
        }
        return parts.size() == 1 ? parts.get(0) : new Node.Either(parts);
    }

    private Node sequence() throws BadSyntax {
        List<Node> parts = new ArrayList<>();
        while (!letters.isAtEnd() && letters.peek() != '|' && letters.peek() != ')') {
            int letter = letters.next();
            switch (letter) {
                case '(' -> {
                    parts.add(alternatives());
                    letters.next();
                }
                case '*' -> repeat(parts, 0, UNBOUNDED);
                case '?' -> repeat(parts, 0, 1);
                case '{' -> braces(parts);
                case '.' -> parts.add(new Node.One(other -> other != '\n'));
                case '^' -> parts.add(new Node.At(Place.BEGIN));
                case '$' -> parts.add(new Node.At(Place.END));
                case '[' -> parts.add(new Node.One(LetterClass.read(letters)));
                case '\\' -> backslash(parts);
                default -> parts.add(one(letter));
            }
        }
        return new Node.Sequence(parts);
    }

    private void backslash(List<Node> parts) throws BadSyntax {
        switch (letters.peek()) {
            case 'A' -> place(parts, Place.BEGIN);
            case 'z' -> place(parts, Place.END);
            case 'b' -> place(parts, Place.WORD_BOUNDARY);
            case 'B' -> place(parts, Place.NO_WORD_BOUNDARY);
            case 'Q' -> {
                letters.next();
                quoted(parts);
            }
            default -> {
                IntPredicate named = LetterClass.named(letters);
                parts.add(named == null ? one(LetterClass.escaped(letters)) : new Node.One(named));
            }
        }
    }

    private void place(List<Node> parts, Place place) {
        letters.next();
        parts.add(new Node.At(place));
    }

    /** Everything up to the sign that ends it. */
    private void quoted(List<Node> parts) {
        while (!letters.isAtEnd()) {
            if (letters.take("\\E")) {
                return;
            }
            parts.add(one(letters.next()));
        }
    }

    private static Node one(int letter) {
        return new Node.One(other -> other == letter);
    }

    private static void repeat(List<Node> parts, int least, int most) throws BadSyntax {
        int last = parts.size() - 1;
        if (last < 0) {
            throw new BadSyntax("nothing is there to be repeated");
        }
        if (parts.get(last) instanceof Node.Repeat) {
            throw new BadSyntax("a repetition is repeated");
        }
        parts.set(last, new Node.Repeat(parts.get(last), least, most));
    }

    /** A number of repetitions, or else the brace stands for itself. */
    private void braces(List<Node> parts) throws BadSyntax {
        int start = letters.position();
        int least = number();
        int most = least;
        if (least >= 0 && letters.take(',')) {
            most = letters.peekOrEnd() == '}' ? UNBOUNDED : number();
            if (most == UNBOUNDED && letters.peekOrEnd() != '}') {
                least = -1;
            }
        }
        if (least < 0 || !letters.take('}')) {
            letters.goTo(start);
            parts.add(one('{'));
            return;
        }
        if (least > MOST_REPEATS || most > MOST_REPEATS || (most >= 0 && least > most)) {
            throw new BadSyntax("the numbers of repetitions are not in order, or above " + MOST_REPEATS);
        }
        repeat(parts, least, most);
    }

    /** Decimal and without leading zeros; -1 if there is none. */
    private int number() {
        int start = letters.position();
        int value = 0;
        while (isDigit(letters.peekOrEnd())) {
            value = Math.min(TOO_LARGE, value * 10 + letters.next() - '0');
        }
        int length = letters.position() - start;
        return length == 0 || (length > 1 && letters.at(start) == '0') ? -1 : value;
    }

    private static boolean isDigit(int letter) {
        return letter >= '0' && letter <= '9';
    }
}
