package dev.fairlead.surface;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * An operation of the Engine's API.
 *
 * @param parameters its query parameters and headers, such as {@code query all}
 */
record Operation(String name, String method, String path, String since, Set<String> parameters) {

    /** All 113: the 108 of the specification and the five that it does not list. */
    static List<Operation> all() {
        try (var resource = Operation.class.getResourceAsStream("/surface/operations.tsv")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Operation::parse)
                    .toList();
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static Operation parse(String line) {
        String[] columns = line.split("\t", -1);
        Set<String> parameters = new TreeSet<>();
        if (!columns[4].isEmpty()) {
            parameters.addAll(List.of(columns[4].split(", ")));
        }
        return new Operation(columns[0], columns[1], columns[2], columns[3], parameters);
    }

    /** The operation that a request is one of; where two fit, the one with more of its path spelled out. */
    static Optional<Operation> of(List<Operation> operations, String method, String path) {
        return operations.stream()
                .filter(operation -> operation.method.equals(method) && operation.fits(path))
                .min(Comparator.comparingLong(operation ->
                        operation.path.chars().filter(c -> c == '{').count()));
    }

    private boolean fits(String path) {
        // The names of images and plugins have slashes, in the path too.
        String argument = this.path.contains("{name}") ? ".+" : "[^/]+";
        String pattern = Pattern.compile("\\{[^}]+}")
                .splitAsStream(this.path + " ")
                .map(Pattern::quote)
                .reduce((left, right) -> left + argument + right)
                .orElseThrow();
        return (path + " ").matches(pattern);
    }
}
