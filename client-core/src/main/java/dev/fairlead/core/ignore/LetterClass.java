package dev.fairlead.core.ignore;

import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Sets of letters: what stands in brackets, and what a backslash makes of a letter. */
final class LetterClass {

    private static final IntPredicate DIGIT = letter -> within(letter, '0', '9');
    private static final IntPredicate LOWER = letter -> within(letter, 'a', 'z');
    private static final IntPredicate ALPHA = LOWER.or(letter -> within(letter, 'A', 'Z'));
    private static final IntPredicate WORD = ALPHA.or(DIGIT).or(letter -> letter == '_');
    private static final IntPredicate SPACE = letter -> letter == ' ' || (within(letter, '\t', '\r') && letter != 0x0B);
    private static final IntPredicate GRAPH = letter -> within(letter, '!', '~');

    private static final Map<String, IntPredicate> POSIX = Map.ofEntries(
            Map.entry("alnum", ALPHA.or(DIGIT)),
            Map.entry("alpha", ALPHA),
            Map.entry("ascii", letter -> within(letter, 0, 0x7F)),
            Map.entry("blank", letter -> letter == ' ' || letter == '\t'),
            Map.entry("cntrl", letter -> within(letter, 0, 0x1F) || letter == 0x7F),
            Map.entry("digit", DIGIT),
            Map.entry("graph", GRAPH),
            Map.entry("lower", LOWER),
            Map.entry("print", GRAPH.or(letter -> letter == ' ')),
            Map.entry("punct", GRAPH.and(ALPHA.or(DIGIT).negate())),
            Map.entry("space", letter -> letter == ' ' || within(letter, '\t', '\r')),
            Map.entry("upper", ALPHA.and(LOWER.negate())),
            Map.entry("word", WORD),
            Map.entry("xdigit", DIGIT.or(letter -> within(letter, 'a', 'f') || within(letter, 'A', 'F'))));

    private LetterClass() {}

    static boolean isWord(int letter) {
        return WORD.test(letter);
    }

    /** What brackets hold, from behind the one that opens them to behind the one that closes them. */
    static IntPredicate read(Letters letters) throws BadSyntax {
        boolean negated = letters.take('^');
        IntPredicate all = letter -> false;
        boolean first = true;
        while (first || letters.peek() != ']') {
            first = false;
            all = all.or(member(letters));
        }
        letters.next();
        return negated ? all.negate() : all;
    }

    private static IntPredicate member(Letters letters) throws BadSyntax {
        if (letters.peek() == '[') {
            int start = letters.position();
            String name = letters.take("[:") ? letters.takeUntil(":]") : null;
            if (name != null) {
                return posix(name);
            }
            letters.goTo(start);
        }
        if (letters.take('\\')) {
            IntPredicate named = named(letters);
            return named == null ? range(escaped(letters), letters) : named;
        }
        return range(letters.next(), letters);
    }

    private static IntPredicate posix(String name) throws BadSyntax {
        boolean negated = name.startsWith("^");
        IntPredicate found = POSIX.get(negated ? name.substring(1) : name);
        if (found == null) {
            throw new BadSyntax("there is no class of letters [:" + name + ":]");
        }
        return negated ? found.negate() : found;
    }

    private static IntPredicate range(int low, Letters letters) throws BadSyntax {
        int dash = letters.position();
        int high = low;
        if (letters.take('-')) {
            if (letters.peekOrEnd() == ']') {
                letters.goTo(dash);
            } else {
                letters.peek();
                high = letters.take('\\') ? escaped(letters) : letters.next();
            }
        }
        if (high < low) {
            throw new BadSyntax("a range in brackets runs backwards");
        }
        int last = high;
        return letter -> within(letter, low, last);
    }

    /** The set that a letter behind a backslash stands for; null, and no step, if it stands for none. */
    static @Nullable IntPredicate named(Letters letters) throws BadSyntax {
        IntPredicate set =
                switch (letters.peek()) {
                    case 'd' -> DIGIT;
                    case 'D' -> DIGIT.negate();
                    case 's' -> SPACE;
                    case 'S' -> SPACE.negate();
                    case 'w' -> WORD;
                    case 'W' -> WORD.negate();
                    case 'p', 'P' -> category(letters);
                    default -> null;
                };
        if (set != null) {
            letters.next();
        }
        return set;
    }

    /** One of Unicode's, by its letter. Braces can't come here: they would be escaped. */
    private static IntPredicate category(Letters letters) throws BadSyntax {
        boolean negated = letters.next() == 'P';
        IntPredicate set =
                switch (letters.peek()) {
                    case 'C' ->
                        isOneOf(Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE);
                    case 'L' -> Character::isLetter;
                    case 'M' ->
                        isOneOf(Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK);
                    case 'N' ->
                        isOneOf(Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER);
                    case 'P' ->
                        isOneOf(
                                Character.DASH_PUNCTUATION,
                                Character.START_PUNCTUATION,
                                Character.END_PUNCTUATION,
                                Character.CONNECTOR_PUNCTUATION,
                                Character.OTHER_PUNCTUATION,
                                Character.INITIAL_QUOTE_PUNCTUATION,
                                Character.FINAL_QUOTE_PUNCTUATION);
                    case 'S' ->
                        isOneOf(
                                Character.MATH_SYMBOL,
                                Character.CURRENCY_SYMBOL,
                                Character.MODIFIER_SYMBOL,
                                Character.OTHER_SYMBOL);
                    case 'Z' ->
                        isOneOf(Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR);
                    default -> throw new BadSyntax("there is no category of letters of that name");
                };
        return negated ? set.negate() : set;
    }

    private static IntPredicate isOneOf(byte... types) {
        return letter -> {
            int type = Character.getType(letter);
            for (byte wanted : types) {
                if (type == wanted) {
                    return true;
                }
            }
            return false;
        };
    }

    /** The one letter that stands behind a backslash, or is written there by its number. */
    static int escaped(Letters letters) throws BadSyntax {
        int letter = letters.peek();
        letters.next();
        if (letter < 0x80 && !Character.isLetterOrDigit(letter)) {
            return letter;
        }
        return switch (letter) {
            case 'a' -> 0x07;
            case 'f' -> '\f';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'v' -> 0x0B;
            case 'x' -> hexadecimal(letters) * 16 + hexadecimal(letters);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(letter, letters);
            default -> throw new BadSyntax("a backslash before '" + Character.toString(letter) + "' means nothing");
        };
    }

    private static int hexadecimal(Letters letters) throws BadSyntax {
        int digit = letters.peek() < 0x80 ? Character.digit(letters.next(), 16) : -1;
        if (digit < 0) {
            throw new BadSyntax("two hexadecimal digits have to follow \\x");
        }
        return digit;
    }

    private static int octal(int first, Letters letters) throws BadSyntax {
        if (first != '0' && !within(letters.peekOrEnd(), '0', '7')) {
            throw new BadSyntax("a backslash before '" + (char) first + "' means nothing");
        }
        int value = first - '0';
        for (int digits = 1; digits < 3 && within(letters.peekOrEnd(), '0', '7'); digits++) {
            value = value * 8 + letters.next() - '0';
        }
        return value;
    }

    private static boolean within(int letter, int low, int high) {
        return letter >= low && letter <= high;
    }
}
