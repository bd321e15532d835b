package dev.fairlead;

import java.time.Duration;
import java.util.Objects;

/**
 * Waits that double: what {@link Retries} and {@link Reconnect} have in common. How much of one is left to chance, each says itself.
 *
 * @param first the first one
 * @param longest what they grow up to
 */
record Waits(Duration first, Duration longest) {

    /** Beyond so many doublings every sensible longest wait has been reached. */
    private static final int DOUBLINGS = 30;

    Waits {
        if (longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("longestWait is shorter than firstWait: " + longest + " and " + first);
        }
    }

    /**
     * A part of a wait.
     *
     * @param doublings how often it has doubled, from 0 on
     * @param part from 0 to 1
     */
    Duration after(int doublings, double part) {
        double full = first.toNanos() * Math.pow(2, Math.min(doublings, DOUBLINGS));
        return Duration.ofNanos((long) (Math.min(full, (double) longest.toNanos()) * part));
    }

    /** A setter's argument, of which a message says the name. */
    static Duration positive(Duration value, String name) {
        Objects.requireNonNull(value, name);
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is not positive: " + value);
        }
        return value;
    }
}
