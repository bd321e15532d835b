package dev.fairlead.core.ignore;

import dev.fairlead.core.ignore.Expression.Node;
import dev.fairlead.core.ignore.Expression.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Follows all ways through an expression at once, each state at most once a letter: no expression and no path makes it slower than
 * their lengths multiplied.
 */
final class Matcher {

    /** Far above what people write, and far below what would fill the memory: Go refuses some more. */
    private static final int MOST_STEPS = 1 << 20;

    /** One step of an expression. */
    private sealed interface Step {
        /** Goes on to the next step if the letter is among these. */
        record Take(IntPredicate letters) implements Step {}

        /** Goes on to the next step if this is such a place. */
        record Look(Place place) implements Step {}

        /** Goes on to both. */
        record Fork(int first, int second) implements Step {}

        /** Goes on elsewhere. */
        record Jump(int to) implements Step {}

        /** Has found it. */
        record Found() implements Step {}
    }

    private final List<Step> steps = new ArrayList<>();

    private Matcher() {}

    static Matcher compile(Node node) throws BadSyntax {
        Matcher matcher = new Matcher();
        matcher.add(node);
        matcher.add(new Step.Found());
        return matcher;
    }

    private int add(Step step) throws BadSyntax {
        if (steps.size() >= MOST_STEPS) {
            throw new BadSyntax("it is too large");
        }
        steps.add(step);
        return steps.size() - 1;
    }

    private void add(Node node) throws BadSyntax {
        if (node instanceof Node.One one) {
            add(new Step.Take(one.letters()));
        } else if (node instanceof Node.At at) {
            add(new Step.Look(at.place()));
        } else if (node instanceof Node.Sequence sequence) {
            for (Node part : sequence.parts()) {
                add(part);
            }
        } else if (node instanceof Node.Either either) {
            addEither(either);
        } else if (node instanceof Node.Repeat repeat) {
            addRepeat(repeat);
        }
    }

    private void addEither(Node.Either either) throws BadSyntax {
        List<Integer> ends = new ArrayList<>();
        int last = either.parts().size() - 1;
        for (int index = 0; index < last; index++) {
            int fork = add(new Step.Fork(0, 0));
            add(either.parts().get(index));
            ends.add(add(new Step.Jump(0)));
            steps.set(fork, new Step.Fork(fork + 1, steps.size()));
        }
        add(either.parts().get(last));
        ends.forEach(end -> steps.set(end, new Step.Jump(steps.size())));
    }

    private void addRepeat(Node.Repeat repeat) throws BadSyntax {
        for (int times = 0; times < repeat.least(); times++) {
            add(repeat.part());
        }
        if (repeat.most() == Expression.UNBOUNDED) {
            int fork = add(new Step.Fork(0, 0));
            add(repeat.part());
            add(new Step.Jump(fork));
            steps.set(fork, new Step.Fork(fork + 1, steps.size()));
        }
        for (int times = repeat.least(); times < repeat.most(); times++) {
            int fork = add(new Step.Fork(0, 0));
            add(repeat.part());
            steps.set(fork, new Step.Fork(fork + 1, steps.size()));
        }
    }

    /** Whether any part of the text matches; what begins and ends a pattern ties it to the text's begin and end. */
    boolean isFoundIn(String text) {
        return new Search(steps, text).finds();
    }

    /** One text, and the ways that are under way in it. */
    private static final class Search {

        private final List<Step> steps;
        private final int[] letters;
        private final int[] ways;
        /** The place, counted from one, at which each step was reached last. */
        private final int[] reached;

        private int[] current;
        private int[] following;

        Search(List<Step> steps, String text) {
            int size = steps.size();
            this.steps = steps;
            this.letters = text.codePoints().toArray();
            // Each step is left at most two ways.
            this.ways = new int[2 * size + 1];
            this.reached = new int[size];
            this.current = new int[size];
            this.following = new int[size];
        }

        boolean finds() {
            int count = 0;
            for (int at = 0; at <= letters.length; at++) {
                count = follow(0, at, current, count);
                if (count >= 0 && at < letters.length) {
                    count = take(at, count);
                }
                if (count < 0) {
                    return true;
                }
            }
            return false;
        }

        /** Goes over one letter from all current steps; their number afterwards, or -1 when it was found. */
        private int take(int at, int count) {
            int next = 0;
            for (int index = 0; index < count && next >= 0; index++) {
                int step = current[index];
                if (steps.get(step) instanceof Step.Take take && take.letters().test(letters[at])) {
                    next = follow(step + 1, at + 1, following, next);
                }
            }
            int[] done = current;
            current = following;
            following = done;
            return next;
        }

        /** Adds the steps that take a letter and are reached from there without one; -1 when it was found. */
        private int follow(int from, int at, int[] target, int count) {
            int added = count;
            int waiting = 0;
            ways[waiting++] = from;
            while (waiting > 0) {
                int step = ways[--waiting];
                if (reached[step] == at + 1) {
                    continue;
                }
                reached[step] = at + 1;
                Step what = steps.get(step);
                if (what instanceof Step.Found) {
                    return -1;
                } else if (what instanceof Step.Take) {
                    target[added++] = step;
                } else if (what instanceof Step.Jump jump) {
                    ways[waiting++] = jump.to();
                } else if (what instanceof Step.Fork fork) {
                    ways[waiting++] = fork.second();
                    ways[waiting++] = fork.first();
                } else if (what instanceof Step.Look look && isAt(look.place(), at)) {
                    ways[waiting++] = step + 1;
                }
            }
            return added;
        }

        private boolean isAt(Place place, int at) {
            return switch (place) {
                case BEGIN -> at == 0;
                case END -> at == letters.length;
                case WORD_BOUNDARY -> isBoundary(at);
                case NO_WORD_BOUNDARY -> !isBoundary(at);
            };
        }

        private boolean isBoundary(int at) {
            boolean before = at > 0 && LetterClass.isWord(letters[at - 1]);
            boolean after = at < letters.length && LetterClass.isWord(letters[at]);
            return before != after;
        }
    }
}
