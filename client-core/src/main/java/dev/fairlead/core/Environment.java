package dev.fairlead.core;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
     * The environment of this process, as it is now. Home is where {@code HOME} says, as for {@code docker}, else where the JDK
     * says; on Windows only the latter.
     *
     * @return the environment
     */
    public static Environment ofProcess() {
        return ofProcess(System.getenv(), System.getProperty("user.home", "/"), File.separatorChar == '\\');
    }

    static Environment ofProcess(Map<String, String> variables, String userHome, boolean windows) {
        String home = windows ? "" : variables.getOrDefault("HOME", "");
        return new Environment(variables, Path.of(home.isEmpty() ? userHome : home), Files::exists);
    }

    /**
     * The folder of {@code config.json} and of the contexts.
     *
     * @return {@code DOCKER_CONFIG}, else {@code .docker} in the home directory
     */
    public Path configFolder() {
        String folder = variable("DOCKER_CONFIG");
        return folder == null ? home.resolve(".docker") : Path.of(folder);
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

    /**
     * A program that {@code PATH} leads to. A folder there that is not absolute is passed over: what lies in the folder
     * where somebody works is not theirs to run.
     *
     * @param name the program's name, without a folder, and without the ending that Windows gives programs
     * @return its path, or null if no folder has it
     */
    public @Nullable Path program(String name) {
        List<String> endings = File.separatorChar == '\\' ? List.of(".exe", ".cmd", ".bat") : List.of("");
        for (String folder : path().split(File.pathSeparator, -1)) {
            for (String ending : endings) {
                Path candidate = folder.isEmpty() ? null : Path.of(folder, name + ending);
                if (candidate != null
                        && candidate.isAbsolute()
                        && Files.isRegularFile(candidate)
                        && Files.isExecutable(candidate)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    /** Windows writes the name of this variable in any case. */
    private String path() {
        return variables.entrySet().stream()
                .filter(variable -> variable.getKey().equalsIgnoreCase("PATH"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    /** The names of the variables only: values may be secrets. */
    @Override
    public String toString() {
        return "Environment[variables=" + variables.keySet() + ", home=" + home + "]";
    }
}
