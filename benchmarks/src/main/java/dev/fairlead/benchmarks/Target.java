package dev.fairlead.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What Fairlead's native transport is to reach.
 *
 * @param isRatio whether the figures are ratios to the better docker-java
 * @param atLeast what has to be reached
 * @param aim what is aimed for
 */
record Target(Scenario scenario, Metric metric, boolean isRatio, double atLeast, double aim) {

    static final List<Target> ALL = List.of(
            ratio(Scenario.PING_1, Metric.RATE, 1.2, 1.7),
            ratio(Scenario.PING_64, Metric.RATE, 3, 6),
            ratio(Scenario.PING_64, Metric.CPU, 0.4, 0.15),
            ratio(Scenario.PING_512, Metric.RATE, 3, 6),
            ratio(Scenario.PING_512, Metric.CPU, 0.4, 0.15),
            ratio(Scenario.INSPECT_64, Metric.RATE, 3, 5),
            ratio(Scenario.LIST_1000, Metric.RATE, 2, 3),
            ratio(Scenario.LIST_10000, Metric.RATE, 2, 3),
            ratio(Scenario.LIST_HEAP, Metric.HEAP_NEEDED, 0.5, 0.5),
            ratio(Scenario.LOGS_128, Metric.RATE, 1.5, 2),
            ratio(Scenario.LOGS_16K, Metric.RATE, 2, 3),
            ratio(Scenario.EVENTS, Metric.RATE, 2, 4),
            ratio(Scenario.STATS, Metric.RATE, 3, 4),
            ratio(Scenario.PULL, Metric.RATE, 2, 4),
            ratio(Scenario.UPLOAD, Metric.RATE, 1.2, 2),
            ratio(Scenario.DOWNLOAD, Metric.RATE, 1, 1.3),
            ratio(Scenario.ECHO, Metric.RATE, 4, 8),
            ratio(Scenario.STREAMS_1000, Metric.MILLIS, 0.25, 0.1),
            figure(Scenario.STREAMS_1000, Metric.HEAP_A_STREAM, 6, 2),
            figure(Scenario.STREAMS_1000, Metric.THREADS, 0, 0),
            figure(Scenario.STREAMS_10000, Metric.MILLIS, 4000, 2000),
            figure(Scenario.STREAMS_10000, Metric.RSS_A_STREAM, 12, 6),
            figure(Scenario.SLOW, Metric.AHEAD, 512, 256),
            ratio(Scenario.START, Metric.MILLIS, 1, 0.6),
            ratio(Scenario.START, Metric.RSS, 1, 0.6),
            ratio(Scenario.PING_1, Metric.ALLOCATED, 0.5, 0.2),
            ratio(Scenario.INSPECT_1, Metric.ALLOCATED, 0.5, 0.2));

    private static Target ratio(Scenario scenario, Metric metric, double atLeast, double aim) {
        return new Target(scenario, metric, true, atLeast, aim);
    }

    private static Target figure(Scenario scenario, Metric metric, double atLeast, double aim) {
        return new Target(scenario, metric, false, atLeast, aim);
    }

    /** A row of Markdown: what is wanted, what was reached, and whether that is enough. */
    String row(Map<Scenario, Results> all) {
        Results results = all.get(scenario);
        OptionalDouble reached = OptionalDouble.empty();
        if (results != null) {
            reached =
                    isRatio ? results.ratio(ClientKind.FAIRLEAD, metric) : results.median(ClientKind.FAIRLEAD, metric);
        }
        return "| %s: %s | %s | %s | %s | %s |%n"
                .formatted(
                        scenario.title(),
                        metric.title(scenario.unit()),
                        text(atLeast),
                        text(aim),
                        reached.isPresent() ? text(reached.getAsDouble()) : "-",
                        reached.isPresent() ? verdict(reached.getAsDouble()) : "not measured");
    }

    private String verdict(double reached) {
        if (isReached(reached, aim)) {
            return "aim";
        }
        return isReached(reached, atLeast) ? "at least" : "missed";
    }

    private boolean isReached(double reached, double wanted) {
        return metric.moreIsBetter() ? reached >= wanted : reached <= wanted;
    }

    private String text(double number) {
        String text = Table.number(number);
        return isRatio ? text + "x" : text;
    }
}
