package dev.fairlead.core.auth;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.CredentialsFailed;
import dev.fairlead.model.AuthConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The credentials that {@code docker} would use: {@code DOCKER_AUTH_CONFIG}, then {@code config.json} of
 * {@code DOCKER_CONFIG} or {@code ~/.docker}, with its helpers. Nothing is kept: file and helpers are asked each time,
 * on the calling thread, which waits for them.
 */
public final class DockerCredentials {
    private static final String VARIABLE = "DOCKER_AUTH_CONFIG";

    private final Environment environment;
    private final Duration timeout;

    /**
     * The credentials of an environment.
     *
     * @param environment the environment
     * @param timeout how long a helper may take
     */
    public DockerCredentials(Environment environment, Duration timeout) {
        this.environment = environment;
        this.timeout = timeout;
    }

    /**
     * The credentials for a registry.
     *
     * @param host the registry's host
     * @return the credentials, or null if there are none
     * @throws CredentialsFailed if the file can't be read or a helper fails, or if the variable is malformed: {@code docker} prints a
     *     warning then, and goes on without what it says
     */
    public @Nullable AuthConfig find(String host) {
        String operation = operation(host);
        String key = RegistryAddress.keyOf(host);
        AuthConfig given = read(operation, VARIABLE, () -> variable().find(key));
        return given != null ? given : find(operation, file(operation), key);
    }

    /**
     * The credentials for all registries, of which there may be many; a helper is asked for each of its own.
     *
     * @param skipped is told of what could not be had; the others are found all the same
     * @return the credentials by the keys of the registries
     * @throws CredentialsFailed if the file can't be read
     */
    public Map<String, AuthConfig> all(Consumer<CredentialsFailed> skipped) {
        String operation = "find credentials for all registries";
        ConfigFile file = file(operation);
        Map<String, AuthConfig> all = new LinkedHashMap<>();
        String store = file.credsStore();
        if (store == null) {
            file.keys().forEach(key -> add(all, key, file, skipped));
        } else {
            orSkip(skipped, () -> {
                helper(store, operation)
                        .list()
                        .forEach(key -> orSkip(skipped, () -> {
                            AuthConfig found = helper(store, operation(key)).get(key);
                            if (found != null) {
                                all.put(key, found);
                            }
                        }));
            });
        }
        file.credHelpers().keySet().forEach(key -> add(all, key, file, skipped));
        orSkip(skipped, () -> {
            ConfigFile variable = read(operation, VARIABLE, this::variable);
            variable.keys().forEach(key -> add(all, key, variable, skipped));
        });
        return all;
    }

    private void add(Map<String, AuthConfig> all, String key, ConfigFile file, Consumer<CredentialsFailed> skipped) {
        orSkip(skipped, () -> {
            AuthConfig found = find(operation(key), file, key);
            if (found != null) {
                all.put(key, found);
            }
        });
    }

    private static void orSkip(Consumer<CredentialsFailed> skipped, Runnable search) {
        try {
            search.run();
        } catch (CredentialsFailed failure) {
            skipped.accept(failure);
        }
    }

    private @Nullable AuthConfig find(String operation, ConfigFile file, String key) {
        String helper = file.helperFor(key);
        return helper == null
                ? read(operation, "config.json", () -> file.find(key))
                : helper(helper, operation).get(key);
    }

    private CredentialHelper helper(String name, String operation) {
        return new CredentialHelper(name, operation, environment, timeout);
    }

    /** Of the variable counts what {@code docker} takes of it: credentials, and no helpers. */
    private ConfigFile variable() {
        String content = environment.variable(VARIABLE);
        return content == null
                ? ConfigFile.empty()
                : ConfigFile.parse(content.getBytes(StandardCharsets.UTF_8)).withoutHelpers();
    }

    private ConfigFile file(String operation) {
        Path path = environment.configFolder().resolve("config.json");
        byte[] content;
        try {
            content = Files.readAllBytes(path);
        } catch (NoSuchFileException none) {
            return ConfigFile.empty();
        } catch (IOException unreadable) {
            throw new CredentialsFailed(
                    operation,
                    path + " can't be read: " + unreadable.getClass().getSimpleName(),
                    "may this user read it? else let DOCKER_CONFIG name another folder");
        }
        return read(operation, path.toString(), () -> ConfigFile.parse(content));
    }

    private static <T> T read(String operation, String what, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException invalid) {
            throw new CredentialsFailed(operation, what + ": " + invalid.getMessage(), null);
        }
    }

    private static String operation(String hostOrKey) {
        return "find credentials for " + RegistryAddress.hostOf(hostOrKey);
    }

    /** Names no variable's value: it may hold secrets. */
    @Override
    public String toString() {
        return "DockerCredentials[" + environment + "]";
    }
}
