package dev.fairlead.core.host;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.tls.Tls;
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
     * As {@link #resolve(DockerHost, Tls, Environment)}, without settings of TLS from the program.
     *
     * @param explicit the host that the program gives, or null
     * @param environment the environment
     * @return the host
     * @throws ConnectionFailed if there is none, or the environment asks for what Fairlead does not do
     * @throws IllegalArgumentException if {@code DOCKER_HOST} is no address
     */
    public static ResolvedHost resolve(@Nullable DockerHost explicit, Environment environment) {
        return resolve(explicit, null, environment);
    }

    /**
     * Finds the Engine, and how TLS is spoken with it. Without an explicit host and {@code DOCKER_HOST}, it is at the first of
     * {@code /var/run/docker.sock}, {@code ~/.docker/run/docker.sock} and {@code $XDG_RUNTIME_DIR/docker.sock} that
     * exists. Reads no file.
     *
     * @param explicit the host that the program gives, or null; with one, the environment is not looked at
     * @param tls the settings of TLS that the program gives, or null; without a host of its own too, those of the environment count:
     *     {@link Tls#ofEnvironment}
     * @param environment the environment
     * @return the host
     * @throws ConnectionFailed if no socket exists, naming those that were tried; or if the environment asks for what
     *     Fairlead does not do, such as a {@code DOCKER_CONTEXT}
     * @throws IllegalArgumentException if {@code DOCKER_HOST} is no address, or if the program gives settings of TLS for a host that
     *     is not reached by TCP
     */
    public static ResolvedHost resolve(@Nullable DockerHost explicit, @Nullable Tls tls, Environment environment) {
        ResolvedHost found =
                explicit != null ? new ResolvedHost(explicit, "the program", tls) : fromEnvironment(tls, environment);
        if (found.host() instanceof DockerHost.Tcp tcp) {
            return secured(tcp, found.source(), found.tls());
        }
        if (tls != null) {
            throw new IllegalArgumentException("tls: it is spoken with tcp:// hosts, and the Engine is " + found.host()
                    + ", by " + found.source());
        }
        return new ResolvedHost(found.host(), found.source());
    }

    private static ResolvedHost secured(DockerHost.Tcp host, String source, @Nullable Tls tls) {
        if (tls == null) {
            return new ResolvedHost(host, source, host.secure() ? Tls.builder().build() : null);
        }
        return new ResolvedHost(new DockerHost.Tcp(host.host(), host.port(), host.basePath(), true), source, tls);
    }

    private static ResolvedHost fromEnvironment(@Nullable Tls explicit, Environment environment) {
        String variable = environment.variable("DOCKER_HOST");
        if (variable != null) {
            Tls tls = explicit != null ? explicit : Tls.ofEnvironment(environment);
            return new ResolvedHost(parse(variable, tls != null), "DOCKER_HOST", tls);
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

    private static DockerHost parse(String variable, boolean tls) {
        try {
            return DockerHost.parse(variable, tls);
        } catch (IllegalArgumentException invalid) {
            throw new IllegalArgumentException("DOCKER_HOST: " + invalid.getMessage(), invalid);
        }
    }
}
