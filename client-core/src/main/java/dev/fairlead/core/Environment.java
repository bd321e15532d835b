package dev.fairlead.core;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the process finds around itself, as a value: nothing in Fairlead reads the real environment behind a caller's
 * back.
 *
 * @param variables the environment variables
 * @param home the user's home directory
 * @param fileExists whether there is a file, a socket included, at a path
 */
public record Environment(Map<String, String> variables, Path home, Predicate<Path> fileExists) {
    /**
     * Copies the variables.
     *
     * @param variables the environment variables
     * @param home the user's home directory
     * @param fileExists whether there is a file, a socket included, at a path
     */
    public Environment {
        variables = Map.copyOf(variables);
    }

    /**
     * The environment of this process, as it is now.
     *
     * @return the environment
     */
    public static Environment ofProcess() {
        return new Environment(System.getenv(), Path.of(System.getProperty("user.home", "/")), Files::exists);
    }

    /**
     * The value of a variable. One that is set to nothing is as good as unset, as in Docker's own tools.
     *
     * @param name the variable's name
     * @return its value, or null if it is unset or empty
     */
    public @Nullable String variable(String name) {
        String value = variables.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** The names of the variables only: values may be secrets. */
    @Override
    public String toString() {
        return "Environment[variables=" + variables.keySet() + ", home=" + home + "]";
    }
}
