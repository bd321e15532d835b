package dev.fairlead.core.host;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.ContextFailed;
import dev.fairlead.core.tls.Tls;
import org.jspecify.annotations.Nullable;

/**
 * Finds the Engine in {@code docker}'s own order: the host or the context that the program gives, {@code DOCKER_HOST},
 * {@code DOCKER_CONTEXT}, the {@code currentContext} of {@code config.json}, then the usual places.
 */
public final class HostResolver {
    static final String OPERATION = "find the Engine";

    private HostResolver() {}

    /**
     * As {@link #resolve(DockerHost, String, Tls, Environment)}, without a context and settings of TLS from the program.
     *
     * @param explicit the host that the program gives, or null
     * @param environment the environment
     * @return the host
     * @throws ConnectionFailed if there is none
     * @throws ContextFailed if a context is named and can't be read
     * @throws IllegalArgumentException if {@code DOCKER_HOST} is no address
     */
    public static ResolvedHost resolve(@Nullable DockerHost explicit, Environment environment) {
        return resolve(explicit, null, null, environment);
    }

    /**
     * Finds the Engine, how TLS is spoken with it, and which headers the environment has sent to it. The usual places are the first of
     * {@code /var/run/docker.sock}, {@code ~/.docker/run/docker.sock}, {@code ~/.docker/desktop/docker.sock} and
     * {@code $XDG_RUNTIME_DIR/docker.sock} that exists, and {@code //./pipe/docker_engine} on Windows; where
     * {@code DOCKER_TLS_VERIFY} or {@code DOCKER_TLS} asks for TLS, it is {@code localhost:2376} as for {@code docker}.
     *
     * <p>Reads {@code config.json} and a context's {@code meta.json} where they count, which blocks for a moment, and no certificate.
     *
     * @param explicit the host that the program gives, or null; with one, the environment is not looked at
     * @param context the context that the program names, or null; {@code default} leaves it to {@code DOCKER_HOST} and the usual places
     * @param tls the settings of TLS that the program gives, or null; without a host of its own too, those of the context or of the
     *     environment count: {@link Tls#ofEnvironment}
     * @param environment the environment
     * @return the host
     * @throws ConnectionFailed if no socket exists, naming those that were tried
     * @throws ContextFailed if a context is named and missing or damaged, or {@code config.json} is damaged where it may name one
     * @throws IllegalArgumentException if {@code DOCKER_HOST} is no address, if what is to be sent is no header, if the program gives
     *     host and context, or if it gives settings of TLS for a host that is not reached by TCP
     */
    public static ResolvedHost resolve(
            @Nullable DockerHost explicit, @Nullable String context, @Nullable Tls tls, Environment environment) {
        if (explicit != null && context != null) {
            throw new IllegalArgumentException("context: a host is given as well, and one of them has to be enough");
        }
        ResolvedHost found = explicit != null
                ? new ResolvedHost(explicit, "the program", tls)
                : new HostSearch(environment, tls).find(context);
        if (found.host() instanceof DockerHost.Tcp tcp) {
            return secured(tcp, found);
        }
        if (tls != null) {
            throw new IllegalArgumentException("tls: it is spoken with tcp:// hosts, and the Engine is " + found.host()
                    + ", by " + found.source());
        }
        return found.at(found.host(), null);
    }

    private static ResolvedHost secured(DockerHost.Tcp host, ResolvedHost found) {
        if (found.tls() == null) {
            return found.at(host, host.secure() ? Tls.builder().build() : null);
        }
        return found.at(new DockerHost.Tcp(host.host(), host.port(), host.basePath(), true), found.tls());
    }
}
