package dev.fairlead.benchmarks;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** How long each of some calls took. Only some runs note it: noting it costs something as well. */
final class Latencies {

    private static final int MOST = 100_000;

    private final long[] nanos = new long[MOST];
    private final AtomicInteger noted = new AtomicInteger();

    /** Notes a call that began then; those beyond the first 100,000 are left out. */
    void since(long start) {
        long taken = System.nanoTime() - start;
        int index = noted.getAndIncrement();
        if (index < MOST) {
            nanos[index] = taken;
        }
    }

    /** So much of the calls, between 0 and 1, took that many microseconds at most; 0 when there was none. */
    double micros(double share) {
        int count = Math.min(noted.get(), MOST);
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * count) - 1)] / 1e3;
    }
}
