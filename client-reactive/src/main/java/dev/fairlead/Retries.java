package dev.fairlead;

import dev.fairlead.internal.Retrying;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Whether and how calls are made again that failed because the connection did. Immutable.
 *
 * <p>A call is made again only where that can do no harm: no byte of it was sent, as when the Engine is not there; or it may be done
 * twice, as all that only reads, and {@code tag}, {@code resize} and {@code auth}. {@code create}, {@code start}, {@code remove} and the
 * like are never made again once a byte was sent. So it goes for refused, reset and closed connections, for those that could not be made
 * in time, and for answers that were cut; never for what the Engine answered, whatever it was, nor for an answer that did not come in
 * time. Of a stream only the beginning is tried again, until its first byte may come.
 *
 * <p>Before each time it waits, twice as long as the last time at most, and of that a random part from nothing to all. All calls of a
 * client share a budget: each retry takes one from it, each call that goes well gives a tenth back. When it is empty, calls fail with
 * the first failure.
 *
 * <p>Apart from this, and always, a call that reads is sent once more when the connection it was to use had been closed at rest.
 */
public final class Retries {

    private static final Retries NONE = new Retries(new Builder().attempts(1));

    private final int attempts;
    private final Waits waits;
    private final int budget;

    private Retries(Builder builder) {
        this.attempts = builder.attempts;
        this.waits = new Waits(builder.firstWait, builder.longestWait);
        this.budget = builder.budget;
    }

    /** Each call is made once; so it is unless said otherwise. */
    public static Retries none() {
        return NONE;
    }

    /** Three attempts, waits of up to 100 ms at first and 5 s at most, and a budget of 100 retries. */
    public static Retries defaults() {
        return of(changes -> {});
    }

    /**
     * The defaults, changed.
     *
     * @throws IllegalArgumentException if the longest wait is shorter than the first
     */
    public static Retries of(Consumer<Builder> changes) {
        Builder builder = new Builder();
        changes.accept(builder);
        return new Retries(builder);
    }

    /** How often a call is made at most. */
    public int attempts() {
        return attempts;
    }

    /** How long the wait before the second attempt is at most. */
    public Duration firstWait() {
        return waits.first();
    }

    /** How long any wait is at most. */
    public Duration longestWait() {
        return waits.longest();
    }

    /** How many retries there may be at once, of all calls of a client. */
    public int budget() {
        return budget;
    }

    /** With a budget of its own. */
    Retrying start() {
        return attempts == 1
                ? Retrying.off()
                : new Retrying(
                        attempts,
                        failed -> waitAfter(failed, ThreadLocalRandom.current().nextDouble()),
                        budget);
    }

    /**
     * The wait after attempts that failed.
     *
     * @param failed how many, from 1 on
     * @param random the part of it that is waited, from 0 to 1
     */
    Duration waitAfter(int failed, double random) {
        return waits.after(failed - 1, random);
    }

    @Override
    public String toString() {
        return "Retries[attempts=" + attempts + ", firstWait=" + waits.first() + ", longestWait=" + waits.longest()
                + ", budget=" + budget + "]";
    }

    /** Collects what a {@link Retries} says. */
    public static final class Builder {

        private int attempts = 3;
        private Duration firstWait = Duration.ofMillis(100);
        private Duration longestWait = Duration.ofSeconds(5);
        private int budget = 100;

        private Builder() {}

        /** How often a call is made at most, the first time included; 3. */
        public Builder attempts(int attempts) {
            if (attempts < 1) {
                throw new IllegalArgumentException("attempts is " + attempts + ": at least 1 is needed");
            }
            this.attempts = attempts;
            return this;
        }

        /** How long the wait before the second attempt is at most; 100 ms. */
        public Builder firstWait(Duration wait) {
            this.firstWait = Waits.positive(wait, "wait");
            return this;
        }

        /** How long any wait is at most; 5 s. */
        public Builder longestWait(Duration wait) {
            this.longestWait = Waits.positive(wait, "wait");
            return this;
        }

        /** How many retries there may be at once, of all calls of a client; 100, and a million at most. */
        public Builder budget(int retries) {
            if (retries < 1 || retries > 1_000_000) {
                throw new IllegalArgumentException("retries is not from 1 to 1,000,000: " + retries);
            }
            this.budget = retries;
            return this;
        }
    }
}
