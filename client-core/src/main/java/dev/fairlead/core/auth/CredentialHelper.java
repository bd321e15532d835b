package dev.fairlead.core.auth;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.CredentialsFailed;
import dev.fairlead.core.json.Json;
import dev.fairlead.model.AuthConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A program {@code docker-credential-NAME} that keeps credentials, found by {@code PATH}. Asking it blocks until it has
 * answered.
 *
 * <p>Nothing that it writes is ever shown, as anything of it may be a secret; its standard error goes nowhere, however
 * much it is. When it takes too long, or the thread that waits is interrupted, it is killed with all that it started.
 */
final class CredentialHelper {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]*");
    private static final String NOT_FOUND = "credentials not found";
    /** The user's name that stands for none: the secret is an identity token. */
    private static final String TOKEN = "<token>";

    /** Far more than the list of a thousand registries. */
    private static final int LARGEST_OUTPUT = 1024 * 1024;

    private static final long LOOK_AGAIN_MILLIS = 10;

    private final String program;
    private final String operation;
    private final Environment environment;
    private final Duration timeout;

    /**
     * A helper by its name.
     *
     * @param name what {@code config.json} calls it
     * @param operation what is looked for, for error messages
     * @param environment where its program is found, and what it is started with
     * @param timeout how long it may take
     */
    CredentialHelper(String name, String operation, Environment environment, Duration timeout) {
        if (!NAME.matcher(name).matches()) {
            throw new CredentialsFailed(
                    operation,
                    "config.json names a credential helper \"" + printable(name)
                            + "\", which is the name of no program",
                    "a helper's name is what follows docker-credential-, such as pass or ecr-login");
        }
        this.program = "docker-credential-" + name;
        this.operation = operation;
        this.environment = environment;
        this.timeout = timeout;
    }

    private static String printable(String name) {
        return name.substring(0, Math.min(name.length(), 64)).replaceAll("[^ -~]", "?");
    }

    /** The credentials that it has for a registry's key, or null if it has none. */
    @Nullable
    AuthConfig get(String key) {
        Output output = run("get", key);
        if (output.exitCode != 0) {
            if (output.text().contains(NOT_FOUND)) {
                return null;
            }
            throw failed("get", output.exitCode);
        }
        JsonNode answer = answer("get", output);
        String username = text(answer, "Username");
        String secret = text(answer, "Secret");
        if (username.isEmpty() && secret.isEmpty()) {
            return null;
        }
        AuthConfig.Builder credentials = AuthConfig.builder().serverAddress(key);
        return username.equals(TOKEN)
                ? credentials.identityToken(secret).build()
                : credentials.username(username).password(secret).build();
    }

    /** The keys of all registries that it has credentials for. */
    List<String> list() {
        Output output = run("list", "unused");
        if (output.exitCode != 0) {
            throw failed("list", output.exitCode);
        }
        // Go writes null for an empty map.
        return output.text().strip().equals("null")
                ? List.of()
                : answer("list", output).properties().stream()
                        .map(Map.Entry::getKey)
                        .toList();
    }

    private CredentialsFailed failed(String action, int exitCode) {
        return new CredentialsFailed(
                operation, program + " " + action + " ended with exit code " + exitCode, byHand(action));
    }

    private JsonNode answer(String action, Output output) {
        try {
            return Json.secretObject(output.bytes);
        } catch (IllegalArgumentException notJson) {
            throw new CredentialsFailed(
                    operation,
                    program + " " + action + " answered with " + output.bytes.length + " bytes that are "
                            + notJson.getMessage(),
                    byHand(action));
        }
    }

    private String byHand(String action) {
        return "what it wrote is not shown, as it may be secret; ask it yourself: "
                + (action.equals("get") ? "echo REGISTRY | " : "") + program + " " + action;
    }

    private String text(JsonNode answer, String name) {
        JsonNode value = answer.get(name);
        if (value == null || value.isNull()) {
            return "";
        }
        if (!value.isString()) {
            throw new CredentialsFailed(
                    operation, program + " get answered with a " + name + " that is no string", byHand("get"));
        }
        return value.stringValue();
    }

    private Output run(String action, String input) {
        Process process = start(action);
        boolean ended = false;
        try {
            feed(process, input);
            byte[] bytes = read(process, action);
            ended = true;
            return new Output(process.exitValue(), bytes);
        } catch (IOException broken) {
            throw new CredentialsFailed(operation, "the output of " + program + " can't be read", byHand(action));
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new CancellationException(program + " was not waited for");
        } finally {
            if (!ended) {
                kill(process);
            }
        }
    }

    private Process start(String action) {
        ProcessBuilder builder = new ProcessBuilder(path().toString(), action)
                // Whoever is noisy there fills no pipe, and stops nobody.
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> variables = builder.environment();
        variables.clear();
        variables.putAll(environment.variables());
        try {
            return builder.start();
        } catch (IOException refused) {
            throw new CredentialsFailed(operation, path() + " can't be started: " + refused.getMessage(), null);
        }
    }

    private Path path() {
        Path found = environment.program(program);
        if (found == null) {
            throw new CredentialsFailed(
                    operation,
                    "config.json leaves it to " + program + ", which is in no folder of PATH",
                    "install it, or take it out of credsStore or credHelpers");
        }
        return found;
    }

    /** A few bytes, which any pipe holds. Whether it reads them is its own affair. */
    private static void feed(Process process, String input) {
        try (OutputStream sink = process.getOutputStream()) {
            sink.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException endedAlready) {
            // Then its output tells.
        }
    }

    /**
     * All that it writes until it ends. Not until the end of the pipe: what it has left behind, such as an agent, may hold
     * that open.
     */
    private byte[] read(Process process, String action) throws IOException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        InputStream source = process.getInputStream();
        boolean ended;
        do {
            ended = process.waitFor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            for (int there = source.available(); there > 0; there = source.available()) {
                bytes.write(source.readNBytes(Math.min(there, LARGEST_OUTPUT)));
                if (bytes.size() > LARGEST_OUTPUT) {
                    throw new CredentialsFailed(
                            operation, program + " " + action + " wrote more than a mebibyte", byHand(action));
                }
            }
            if (!ended && System.nanoTime() > end) {
                throw new CredentialsFailed(
                        operation,
                        program + " " + action + " took longer than " + timeout.toMillis() + " ms and was killed",
                        "does it wait for somebody to unlock its keys?");
            }
        } while (!ended);
        return bytes.toByteArray();
    }

    /** With all that it started: an orphan could hold what its parent held. */
    private static void kill(Process process) {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        try {
            process.getInputStream().close();
        } catch (IOException gone) {
            // It was to be closed.
        }
    }

    private static final class Output {
        private final int exitCode;
        private final byte[] bytes;

        Output(int exitCode, byte[] bytes) {
            this.exitCode = exitCode;
            this.bytes = bytes;
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
