package dev.fairlead.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The results in Markdown: medians, in brackets the ratio to the better docker-java, and what was to be reached. */
final class Table {

    private static final ClientKind[] KINDS = ClientKind.values();

    private final Map<Scenario, Results> all = new EnumMap<>(Scenario.class);
    private final StringBuilder rows = new StringBuilder();
    private final List<String> notes = new ArrayList<>();

    void add(Scenario scenario, Results results) {
        all.put(scenario, results);
        Map<ClientKind, Integer> numbers = notes(scenario, results);
        String title = scenario.title() + ": ";
        for (Metric metric : Metric.values()) {
            if (results.has(metric)) {
                row(title + metric.title(scenario.unit()), results, metric, numbers);
                title = "";
            }
        }
        if (!title.isEmpty()) {
            // All have failed.
            row(scenario.title(), results, Metric.RATE, numbers);
        }
    }

    private void row(String title, Results results, Metric metric, Map<ClientKind, Integer> numbers) {
        rows.append("| ").append(title).append(" |");
        for (ClientKind kind : KINDS) {
            rows.append(' ').append(cell(results, kind, metric, numbers)).append(" |");
        }
        rows.append('\n');
    }

    private Map<ClientKind, Integer> notes(Scenario scenario, Results results) {
        Map<ClientKind, Integer> numbers = new EnumMap<>(ClientKind.class);
        results.failures().forEach((kind, reason) -> {
            notes.add(scenario.title() + ", " + kind.title() + ": " + reason);
            numbers.put(kind, notes.size());
        });
        return numbers;
    }

    private static String cell(Results results, ClientKind kind, Metric metric, Map<ClientKind, Integer> numbers) {
        Integer note = numbers.get(kind);
        if (note != null) {
            return "failed [" + note + "]";
        }
        OptionalDouble median = results.median(kind, metric);
        if (median.isEmpty()) {
            return "-";
        }
        boolean alone = kind.isPeer() || metric == Metric.KERNEL;
        OptionalDouble ratio = alone ? OptionalDouble.empty() : results.ratio(kind, metric);
        return number(median.getAsDouble()) + (ratio.isPresent() ? " (" + number(ratio.getAsDouble()) + ")" : "");
    }

    static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.2f", value);
    }

    boolean hasFailures() {
        return !notes.isEmpty();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(Runtime.getRuntime().availableProcessors())
                .append(" processors, Java ")
                .append(Runtime.version().feature())
                .append("; medians, in brackets the ratio to the better docker-java\n\n| |");
        for (ClientKind kind : KINDS) {
            text.append(' ').append(kind.title()).append(" |");
        }
        text.append("\n|---|").append("---|".repeat(KINDS.length)).append('\n').append(rows);
        for (int index = 0; index < notes.size(); index++) {
            text.append("\n[")
                    .append(index + 1)
                    .append("] failed: ")
                    .append(notes.get(index))
                    .append('\n');
        }
        text.append("\n| to be reached | at least | aim | ")
                .append(ClientKind.FAIRLEAD.title())
                .append(" | |\n|---|---|---|---|---|\n");
        for (Target target : Target.ALL) {
            text.append(target.row(all));
        }
        return text.toString();
    }
}
