package dev.fairlead.samples.orchestrator;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.fairlead.samples.Spans;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a container that ended waits before it is started again: not at all after it had run well, else {@code first}, and twice as
 * long each time, up to {@code longest}.
 *
 * @param first the wait after the first failure
 * @param longest the longest wait
 * @param healthyAfter how long a container has to run for its failures to be forgotten
 */
record Backoff(Duration first, Duration longest, Duration healthyAfter) {

    /** Which part of a wait is left to chance, so that what failed together does not come back together. */
    private static final double JITTER = 0.5;

    /** Beyond 30 doublings every sensible longest wait has been reached. */
    private static final int DOUBLINGS = 30;

    Backoff {
        if (first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("restart: longest is shorter than first, or first is nothing");
        }
    }

    @JsonCreator
    static Backoff of(@Nullable String first, @Nullable String longest, @Nullable String healthyAfter) {
        return new Backoff(
                Spans.parse(first == null ? "200ms" : first),
                Spans.parse(longest == null ? "30s" : longest),
                Spans.parse(healthyAfter == null ? "10s" : healthyAfter));
    }

    /**
     * The wait before the next start.
     *
     * @param failures how often it failed in a row
     * @param random from 0 to 1
     */
    Duration waitAfter(int failures, double random) {
        if (failures == 0) {
            return Duration.ZERO;
        }
        double full = first.toNanos() * Math.pow(2, Math.min(failures - 1, DOUBLINGS));
        return Duration.ofNanos((long) (Math.min(full, (double) longest.toNanos()) * (1 - JITTER * random)));
    }
}
