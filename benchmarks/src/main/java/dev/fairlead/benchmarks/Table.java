package dev.fairlead.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** The results in Markdown: medians, and in brackets the ratio to the better docker-java. */
final class Table {

    private static final String HEADING = "| | " + "%s |".repeat(ClientKind.values().length) + "\n|---|"
            + "---|".repeat(ClientKind.values().length) + "\n";

    private final StringBuilder rows = new StringBuilder();

    /** Adds three rows: rate, processor time, and allocation where it can be told. */
    void add(Scenario scenario, Map<ClientKind, List<Measurement>> runs) {
        String unit = scenario.unit().replace("s/s", "").replace("/s", "");
        row(scenario.title() + ": " + scenario.unit(), runs, Measurement::rate, true);
        row("CPU µs a " + unit, runs, Measurement::cpuMicros, false);
        if (!scenario.isStream()) {
            row("allocated KiB a " + unit, runs, Measurement::allocatedKib, false);
        }
    }

    /** Adds three rows: time, heap, threads. */
    void add(int streams, Map<ClientKind, List<Streams>> runs) {
        row(streams + " followed logs: ms to open", runs, Streams::millis, false);
        row("heap KiB a stream", runs, Streams::heapKib, false);
        row("threads added", runs, Streams::threads, false);
    }

    private <T> void row(String title, Map<ClientKind, List<T>> runs, ToDoubleFunction<T> value, boolean moreIsBetter) {
        OptionalDouble peer = best(runs, ClientKind::isPeer, value, moreIsBetter);
        rows.append("| ").append(title).append(" |");
        for (ClientKind kind : ClientKind.values()) {
            List<T> results = runs.get(kind);
            if (results == null) {
                rows.append(" - |");
                continue;
            }
            double median = median(results, value);
            rows.append(' ').append(number(median));
            if (peer.isPresent() && peer.getAsDouble() > 0 && !kind.isPeer()) {
                rows.append(String.format(Locale.ROOT, " (%.2f)", median / peer.getAsDouble()));
            }
            rows.append(" |");
        }
        rows.append('\n');
    }

    private static <T> OptionalDouble best(
            Map<ClientKind, List<T>> runs,
            Predicate<ClientKind> among,
            ToDoubleFunction<T> value,
            boolean moreIsBetter) {
        var medians = runs.entrySet().stream()
                .filter(each -> among.test(each.getKey()))
                .mapToDouble(each -> median(each.getValue(), value));
        return moreIsBetter ? medians.max() : medians.min();
    }

    static <T> double median(List<T> results, ToDoubleFunction<T> value) {
        double[] sorted = results.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.2f", value);
    }

    String text() {
        Object[] titles =
                List.of(ClientKind.values()).stream().map(ClientKind::title).toArray();
        return Runtime.getRuntime().availableProcessors() + " processors, Java "
                + Runtime.version().feature() + "; in brackets the ratio to the better docker-java\n\n"
                + String.format(HEADING, titles) + rows;
    }
}
