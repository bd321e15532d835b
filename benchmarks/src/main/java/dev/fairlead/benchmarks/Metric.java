package dev.fairlead.benchmarks;

/** What is measured. */
enum Metric {
    RATE("", true),
    CPU("CPU µs a %s", false),
    KERNEL("of it the kernel's, %%", false),
    ALLOCATED("allocated KiB a %s", false),
    P50("p50, µs", false),
    P99("p99, µs", false),
    MILLIS("ms", false),
    CPU_SECONDS("CPU s", false),
    HEAP_A_STREAM("heap KiB a stream", false),
    RSS_A_STREAM("RSS KiB a stream", false),
    AHEAD("KiB taken ahead", false),
    HEAP_NEEDED("MiB of heap", false),
    THREADS("threads added", false),
    RSS("peak RSS, MiB", false);

    private final String title;
    private final boolean moreIsBetter;

    Metric(String title, boolean moreIsBetter) {
        this.title = title;
        this.moreIsBetter = moreIsBetter;
    }

    /** What its figures are. */
    String title(String unit) {
        if (this == RATE) {
            return unit.equals("MB") ? "MB/s" : unit + "s/s";
        }
        return title.formatted(unit);
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }
}
