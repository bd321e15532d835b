package dev.fairlead.benchmarks;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One run.
 *
 * @param values what was measured
 */
record Measurement(Map<Metric, Double> values) {

    String toLine() {
        return values.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(" "));
    }

    static Measurement parse(String line) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        for (String value : line.split(" ", -1)) {
            int equals = value.indexOf('=');
            values.put(Metric.valueOf(value.substring(0, equals)), Double.valueOf(value.substring(equals + 1)));
        }
        return new Measurement(values);
    }
}
