package dev.fairlead.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What one scenario gave: the runs of each client, or why it failed. */
final class Results {

    private final Map<ClientKind, List<Measurement>> runs = new EnumMap<>(ClientKind.class);
    private final Map<ClientKind, String> failures = new EnumMap<>(ClientKind.class);

    void add(ClientKind kind, Measurement run) {
        runs.computeIfAbsent(kind, unused -> new ArrayList<>()).add(run);
    }

    /** The client's other runs count no more. */
    void fail(ClientKind kind, String reason) {
        failures.putIfAbsent(kind, reason);
    }

    boolean hasFailed(ClientKind kind) {
        return failures.containsKey(kind);
    }

    Map<ClientKind, String> failures() {
        return failures;
    }

    boolean has(Metric metric) {
        return runs.values().stream().flatMap(List::stream).anyMatch(run -> run.values()
                .containsKey(metric));
    }

    /** The median; empty for a client that has failed or was not asked. */
    OptionalDouble median(ClientKind kind, Metric metric) {
        if (hasFailed(kind)) {
            return OptionalDouble.empty();
        }
        double[] sorted = runs.getOrDefault(kind, List.of()).stream()
                .map(Measurement::values)
                .filter(values -> values.containsKey(metric))
                .mapToDouble(values -> values.getOrDefault(metric, 0.0))
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }

    /** To the better docker-java; empty where there is none, or it has nothing of it. */
    OptionalDouble ratio(ClientKind kind, Metric metric) {
        double[] peers = List.of(ClientKind.values()).stream()
                .filter(ClientKind::isPeer)
                .map(peer -> median(peer, metric))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .sorted()
                .toArray();
        OptionalDouble own = median(kind, metric);
        if (peers.length == 0 || own.isEmpty()) {
            return OptionalDouble.empty();
        }
        double best = metric.moreIsBetter() ? peers[peers.length - 1] : peers[0];
        return best > 0 ? OptionalDouble.of(own.getAsDouble() / best) : OptionalDouble.empty();
    }
}
