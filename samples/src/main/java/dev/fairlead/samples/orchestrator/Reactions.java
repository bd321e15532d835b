package dev.fairlead.samples.orchestrator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How soon it was decided what to do about a container that ended: of the last thousand. */
final class Reactions {

    private static final int KEPT = 1_000;

    private final Deque<Duration> latest = new ArrayDeque<>();
    private long all;

    /** From when it happened, by the Engine's clock, to now. */
    void add(@Nullable Instant happened, Instant now) {
        all++;
        if (happened != null) {
            latest.add(Duration.between(happened, now));
            if (latest.size() > KEPT) {
                latest.remove();
            }
        }
    }

    void report(String engine, Consumer<Report> reports) {
        if (!latest.isEmpty()) {
            long p99 = latest.stream()
                    .sorted()
                    .skip(latest.size() * 99L / 100)
                    .findFirst()
                    .orElseThrow()
                    .toMillis();
            reports.accept(new Report.Happened(
                    engine + ": " + all + " ended and were started again, decided within " + p99 + " ms (p99)"));
        }
    }
}
