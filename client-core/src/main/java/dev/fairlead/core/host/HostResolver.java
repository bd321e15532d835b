package dev.fairlead.core.host;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.ConnectionFailed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the Engine: the host that the program gives, then {@code DOCKER_HOST}, then the first socket that exists. */
public final class HostResolver {
    private static final String OPERATION = "find the Engine";

    private HostResolver() {}

    /**
     * Finds the Engine. Without an explicit host and {@code DOCKER_HOST}, it is at the first of
     * {@code /var/run/docker.sock}, {@code ~/.docker/run/docker.sock} and {@code $XDG_RUNTIME_DIR/docker.sock} that
     * exists.
     *
     * @param explicit the host that the program gives, or null; with one, the environment is not looked at
     * @param environment the environment
     * @return the host
     * @throws ConnectionFailed if no socket exists, naming those that were tried; or if the environment asks for what
     *     Fairlead does not do, such as a {@code DOCKER_CONTEXT}
     * @throws IllegalArgumentException if {@code DOCKER_HOST} is no address
     */
    public static ResolvedHost resolve(@Nullable DockerHost explicit, Environment environment) {
        if (explicit != null) {
            return new ResolvedHost(explicit, "the program");
        }
        String variable = environment.variable("DOCKER_HOST");
        if (variable != null) {
            DockerHost host = parse(variable);
            refuseTls(host, environment);
            return new ResolvedHost(host, "DOCKER_HOST");
        }
        String context = environment.variable("DOCKER_CONTEXT");
        if (context != null && !context.equals("default")) {
            throw new ConnectionFailed(
                    OPERATION,
                    "DOCKER_CONTEXT=" + context,
                    "DOCKER_CONTEXT is \"" + context + "\", and contexts are not read",
                    "set DOCKER_HOST to the context's address, or give the host in the program",
                    null);
        }
        return firstSocket(environment);
    }

    private static ResolvedHost firstSocket(Environment environment) {
        List<Path> candidates = new ArrayList<>();
        candidates.add(Path.of("/var/run/docker.sock"));
        candidates.add(environment.home().resolve(".docker/run/docker.sock"));
        String runtime = environment.variable("XDG_RUNTIME_DIR");
        if (runtime != null) {
            candidates.add(Path.of(runtime, "docker.sock"));
        }
        for (Path candidate : candidates) {
            if (environment.fileExists().test(candidate)) {
                return new ResolvedHost(new DockerHost.Unix(candidate), "the first socket that exists");
            }
        }
        String tried = candidates.stream().map(Path::toString).collect(Collectors.joining(", "));
        throw new ConnectionFailed(
                OPERATION,
                tried,
                "there is no socket of an Engine; tried " + tried,
                "is the Engine running? else set DOCKER_HOST, or give the host in the program",
                null);
    }

    private static DockerHost parse(String variable) {
        try {
            return DockerHost.parse(variable);
        } catch (IllegalArgumentException invalid) {
            throw new IllegalArgumentException("DOCKER_HOST: " + invalid.getMessage(), invalid);
        }
    }

    /** Talking in clear where TLS was asked for would be worse than an error. */
    private static void refuseTls(DockerHost host, Environment environment) {
        for (String name : List.of("DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")) {
            if (host instanceof DockerHost.Tcp && environment.variable(name) != null) {
                throw new ConnectionFailed(
                        OPERATION,
                        host.toString(),
                        name + " is set, and the environment's TLS settings are not read",
                        "unset it to speak in clear, or give the host in the program",
                        null);
            }
        }
    }
}
