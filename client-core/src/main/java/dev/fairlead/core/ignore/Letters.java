package dev.fairlead.core.ignore;

import org.jspecify.annotations.Nullable;

/** A text that is read letter by letter. */
final class Letters {

    static final int END = -1;

    private final int[] letters;
    private int at;

    Letters(String text) {
        this.letters = text.codePoints().toArray();
    }

    boolean isAtEnd() {
        return at >= letters.length;
    }

    int peek() throws BadSyntax {
        if (isAtEnd()) {
            throw new BadSyntax("it ends too early");
        }
        return letters[at];
    }

    int peekOrEnd() {
        return isAtEnd() ? END : letters[at];
    }

    int next() {
        return letters[at++];
    }

    boolean take(char letter) {
        return take(Character.toString(letter));
    }

    /** Goes over the text if it is there. */
    boolean take(String text) {
        if (!isNext(text)) {
            return false;
        }
        at += text.length();
        return true;
    }

    private boolean isNext(String ascii) {
        if (letters.length - at < ascii.length()) {
            return false;
        }
        for (int index = 0; index < ascii.length(); index++) {
            if (letters[at + index] != ascii.charAt(index)) {
                return false;
            }
        }
        return true;
    }

    /** What stands between here and that text, which is gone over too; null, and no step, if it does not come. */
    @Nullable
    String takeUntil(String end) {
        int start = at;
        StringBuilder between = new StringBuilder();
        while (!isAtEnd()) {
            if (take(end)) {
                return between.toString();
            }
            between.appendCodePoint(next());
        }
        at = start;
        return null;
    }

    int at(int position) {
        return letters[position];
    }

    int position() {
        return at;
    }

    void goTo(int position) {
        at = position;
    }
}
