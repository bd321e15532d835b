package dev.fairlead.samples.orchestrator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How soon it was decided what to do about a container that ended: of the last thousand. */
final class Reactions {

    private static final int KEPT = 1_000;

    private final Deque<Duration> latest = new ArrayDeque<>();
    private long all;

    /** How long ago it happened, by the Engine's clock, in words; counted. */
    String add(@Nullable Instant happened, Instant now) {
        all++;
        if (happened == null) {
            return "at an unknown time";
        }
        Duration since = Duration.between(happened, now);
        latest.add(since);
        if (latest.size() > KEPT) {
            latest.remove();
        }
        return since.toMillis() + " ms ago";
    }

    void report(String engine, Consumer<Report> reports) {
        if (!latest.isEmpty()) {
            List<Duration> sorted = latest.stream().sorted().toList();
            reports.accept(new Report.Happened(engine + ": " + all + " ended and were started again, decided within "
                    + percentile(sorted, 50) + " ms (p50), " + percentile(sorted, 99) + " ms (p99)"));
        }
    }

    private static long percentile(List<Duration> sorted, int percent) {
        return sorted.get(sorted.size() * percent / 100).toMillis();
    }
}
