package dev.fairlead.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is compared and how long: {@code --quick}, names of scenarios as in {@link Scenario} [all], and {@code name=value}, with in
 * brackets what is taken without and what with {@code --quick}.
 *
 * <ul>
 *   <li>{@code clients} [all]: by their names in {@link ClientKind}
 *   <li>{@code runs} [5, 2]: of which the median is shown
 *   <li>{@code warmups} [3, 1]: not counted
 *   <li>{@code millis} [1000, 200]: the processor time of a run at least
 *   <li>{@code mebibytes} [1024, 64]: how long streams of bytes are
 *   <li>{@code divisor} [1, 1]: of all other numbers
 *   <li>{@code limit} [180, 60]: the seconds a client has for a run
 *   <li>{@code engine} [a fake one]: the Unix socket of a real Engine, with a container {@code measured}; it has answers to pings, inspects
 *       and the cold start
 *   <li>{@code recordings} [none]: a folder for a flight recording of each client in each scenario
 * </ul>
 */
final class CompareOptions {

    private List<ClientKind> clients = List.of(ClientKind.values());
    private final List<Scenario> scenarios = new ArrayList<>();
    private int runs = 5;
    private int warmups = 3;
    private int millis = 1000;
    private int mebibytes = 1024;
    private int divisor = 1;
    private int limit = 180;
    private @Nullable Path engine;
    private @Nullable Path recordings;

    private CompareOptions() {}

    static CompareOptions parse(String... arguments) {
        CompareOptions options = new CompareOptions();
        if (Arrays.asList(arguments).contains("--quick")) {
            options.beQuick();
        }
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals >= 0) {
                options.set(argument.substring(0, equals), argument.substring(equals + 1));
            } else if (!argument.equals("--quick")) {
                options.scenarios.add(Scenario.valueOf(name(argument)));
            }
        }
        return options;
    }

    private void beQuick() {
        runs = 2;
        warmups = 1;
        millis = 200;
        mebibytes = 64;
        limit = 60;
    }

    private void set(String name, String value) {
        switch (name) {
            case "clients" ->
                clients = Stream.of(value.split(",", -1))
                        .map(each -> ClientKind.valueOf(name(each)))
                        .toList();
            case "runs" -> runs = Integer.parseInt(value);
            case "warmups" -> warmups = Integer.parseInt(value);
            case "millis" -> millis = Integer.parseInt(value);
            case "mebibytes" -> mebibytes = Integer.parseInt(value);
            case "divisor" -> divisor = Integer.parseInt(value);
            case "limit" -> limit = Integer.parseInt(value);
            case "engine" -> engine = Path.of(value);
            case "recordings" -> recordings = Path.of(value);
            default -> throw new IllegalArgumentException("unknown: " + name);
        }
    }

    private static String name(String value) {
        return value.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    List<ClientKind> clients() {
        return clients;
    }

    List<Scenario> scenarios() {
        return scenarios.isEmpty() ? List.of(Scenario.values()) : scenarios;
    }

    int runs() {
        return runs;
    }

    int warmups() {
        return warmups;
    }

    int millis() {
        return millis;
    }

    Sizes sizes() {
        return new Sizes(mebibytes, divisor);
    }

    int limitSeconds() {
        return limit;
    }

    /** The socket of a real Engine; null for the fake one. */
    @Nullable
    Path engine() {
        return engine;
    }

    @Nullable
    Path recordings() {
        return recordings;
    }
}
