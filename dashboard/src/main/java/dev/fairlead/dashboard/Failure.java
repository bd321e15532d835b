package dev.fairlead.dashboard;

import dev.fairlead.core.error.DockerException;
import org.jspecify.annotations.Nullable;

/**
 * Why something did not work.
 *
 * @param message the Engine's own words where there are any
 * @param hint what might be done about it, or null
 */
record Failure(String message, @Nullable String hint) {

    static Failure of(Throwable failure) {
        if (failure instanceof DockerException docker) {
            String words = docker.engineMessage();
            return new Failure(words.isBlank() ? sentence(docker) : words, docker.hint());
        }
        return new Failure(sentence(failure), null);
    }

    private static String sentence(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
