package dev.fairlead.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is compared and how long, as {@code name=value}; names that are not given have the values in brackets.
 *
 * @param clients {@code clients} [all], by their names in {@link ClientKind}
 * @param scenarios {@code scenarios} [all], by their names in {@link Scenario}; {@code none} for the streams alone
 * @param runs {@code runs} [5], of which the median is shown
 * @param warmups {@code warmups} [5], not counted
 * @param millis {@code millis} [1000], the processor time of a run
 * @param streams {@code streams} [1000], how many followed logs are opened; 0 for none
 * @param recordings {@code recordings} [none], a folder for a flight recording of each client
 */
record CompareOptions(
        List<ClientKind> clients,
        List<Scenario> scenarios,
        int runs,
        int warmups,
        int millis,
        int streams,
        @Nullable Path recordings) {

    static CompareOptions parse(String... arguments) {
        CompareOptions options =
                new CompareOptions(List.of(ClientKind.values()), List.of(Scenario.values()), 5, 5, 1000, 1000, null);
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("not name=value: " + argument);
            }
            options = options.with(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return options;
    }

    private CompareOptions with(String name, String value) {
        return switch (name) {
            case "clients" ->
                new CompareOptions(
                        names(value).stream().map(ClientKind::valueOf).toList(),
                        scenarios,
                        runs,
                        warmups,
                        millis,
                        streams,
                        recordings);
            case "scenarios" ->
                new CompareOptions(
                        clients,
                        names(value).stream().map(Scenario::valueOf).toList(),
                        runs,
                        warmups,
                        millis,
                        streams,
                        recordings);
            case "runs" ->
                new CompareOptions(clients, scenarios, Integer.parseInt(value), warmups, millis, streams, recordings);
            case "warmups" ->
                new CompareOptions(clients, scenarios, runs, Integer.parseInt(value), millis, streams, recordings);
            case "millis" ->
                new CompareOptions(clients, scenarios, runs, warmups, Integer.parseInt(value), streams, recordings);
            case "streams" ->
                new CompareOptions(clients, scenarios, runs, warmups, millis, Integer.parseInt(value), recordings);
            case "recordings" -> new CompareOptions(clients, scenarios, runs, warmups, millis, streams, Path.of(value));
            default -> throw new IllegalArgumentException("unknown: " + name);
        };
    }

    private static List<String> names(String value) {
        return value.equals("none")
                ? List.of()
                : Arrays.asList(value.toUpperCase(Locale.ROOT).replace('-', '_').split(",", -1));
    }
}
