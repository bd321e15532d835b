package dev.fairlead;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.error.Unavailable;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before a stream whose connection was lost is made anew, and when to give up. Immutable.
 *
 * <p>The first wait is short and each one after it is twice as long, up to the longest. Of each, a random part is left out, so that
 * a thousand streams of one Engine do not come back in the same moment. A connection that gives anything, or that
 * holds as long as the longest wait, makes the next wait a first one again; of a log that ends while its container runs, only one that
 * gives anything new.
 */
public final class Reconnect {

    private static final Reconnect DEFAULTS = new Builder().build();

    /** What an attempt that is begun shortly before the end gets all the same: an Engine that is back has to be able to answer. */
    private static final Duration LAST_ATTEMPT = Duration.ofSeconds(5);

    private final Waits waits;
    private final double jitter;
    private final @Nullable Duration giveUpAfter;

    private Reconnect(Builder builder) {
        this.waits = new Waits(builder.firstWait, builder.longestWait);
        this.jitter = builder.jitter;
        this.giveUpAfter = builder.giveUpAfter;
    }

    /** Waits 100 ms at first and 10 s at most, leaves out up to half of it, and never gives up. */
    public static Reconnect defaults() {
        return DEFAULTS;
    }

    /**
     * The defaults, changed.
     *
     * @throws IllegalArgumentException if the longest wait is shorter than the first
     */
    public static Reconnect of(Consumer<Builder> changes) {
        Builder builder = new Builder();
        changes.accept(builder);
        return builder.build();
    }

    /** How long to wait before the first attempt. */
    public Duration firstWait() {
        return waits.first();
    }

    /** How long to wait at most before an attempt. */
    public Duration longestWait() {
        return waits.longest();
    }

    /** Which part of a wait may be left out, from 0 to 1. */
    public double jitter() {
        return jitter;
    }

    /**
     * After which time without a connection the stream fails with what went wrong last; null for never. The last attempt is begun at the
     * latest when it is over, and is given 5 s, or the response time-out if that is shorter: up to so much later the stream may fail.
     */
    public @Nullable Duration giveUpAfter() {
        return giveUpAfter;
    }

    /**
     * The wait before an attempt.
     *
     * @param failures how many attempts failed since something last came; 0 before the first
     */
    Duration waitBefore(int failures) {
        return waitBefore(failures, ThreadLocalRandom.current().nextDouble());
    }

    /** As {@link #waitBefore(int)}, with the random part from 0 to 1 given. */
    Duration waitBefore(int failures, double random) {
        return waits.after(failures, 1 - jitter * random);
    }

    /**
     * The wait before an attempt, cut so that the last one is begun when it is time to give up.
     *
     * @param failures as for {@link #waitBefore(int)}
     * @param without for how long there has been no connection
     */
    Duration waitBefore(int failures, Duration without) {
        Duration wait = waitBefore(failures);
        if (giveUpAfter == null) {
            return wait;
        }
        Duration left = giveUpAfter.minus(without);
        return left.isNegative() ? Duration.ZERO : shorter(wait, left);
    }

    /**
     * How long the answer to an attempt that is begun now may take: no longer than another answer, nor much longer than until it is
     * time to give up.
     *
     * @param responseTimeout the limit for other answers; zero for none
     * @param without for how long there has been no connection
     * @return the limit; zero for none
     */
    Duration attemptLimit(Duration responseTimeout, Duration without) {
        if (giveUpAfter == null) {
            return responseTimeout;
        }
        Duration left = giveUpAfter.minus(without);
        Duration limit = left.compareTo(LAST_ATTEMPT) < 0 ? LAST_ATTEMPT : left;
        return responseTimeout.isZero() ? limit : shorter(limit, responseTimeout);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Whether it is time to give up after having been without a connection for so long. */
    boolean givesUpAfter(Duration without) {
        return giveUpAfter != null && without.compareTo(giveUpAfter) >= 0;
    }

    /** Whether this failure is of the kind that another attempt may mend: the connection's, not the request's. */
    static boolean mayMend(Throwable failure) {
        return failure instanceof ConnectionFailed || failure instanceof Truncated || failure instanceof Unavailable;
    }

    @Override
    public String toString() {
        return "Reconnect[firstWait=" + waits.first() + ", longestWait=" + waits.longest() + ", jitter=" + jitter
                + ", giveUpAfter=" + giveUpAfter + "]";
    }

    /** Collects what a {@link Reconnect} says. */
    public static final class Builder {

        private Duration firstWait = Duration.ofMillis(100);
        private Duration longestWait = Duration.ofSeconds(10);
        private double jitter = 0.5;
        private @Nullable Duration giveUpAfter;

        private Builder() {}

        /** How long to wait before the first attempt; 100 ms. */
        public Builder firstWait(Duration wait) {
            this.firstWait = Waits.positive(wait, "wait");
            return this;
        }

        /** How long to wait at most before an attempt; 10 s. */
        public Builder longestWait(Duration wait) {
            this.longestWait = Waits.positive(wait, "wait");
            return this;
        }

        /** Which part of a wait may be left out at random, from 0 to 1; 0.5. */
        public Builder jitter(double part) {
            if (!(part >= 0 && part <= 1)) {
                throw new IllegalArgumentException("part is not from 0 to 1: " + part);
            }
            this.jitter = part;
            return this;
        }

        /**
         * After which time without a connection the stream fails with what went wrong last; never unless said. See
         * {@link Reconnect#giveUpAfter()} for what becomes of an attempt that is under way then.
         */
        public Builder giveUpAfter(Duration time) {
            this.giveUpAfter = Waits.positive(time, "time");
            return this;
        }

        private Reconnect build() {
            return new Reconnect(this);
        }
    }
}
