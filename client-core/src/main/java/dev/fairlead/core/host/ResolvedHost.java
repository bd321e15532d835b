package dev.fairlead.core.host;

import dev.fairlead.core.tls.Tls;
import org.jspecify.annotations.Nullable;

/**
 * A host, and why it is this one.
 *
 * @param host the host
 * @param source where it was found, for people: {@code DOCKER_HOST}, {@code the default socket}, …
 * @param tls how TLS is spoken with it; null if and only if it is not
 */
public record ResolvedHost(
        DockerHost host, String source, @Nullable Tls tls) {
    /**
     * A host that is not spoken to in TLS.
     *
     * @param host the host
     * @param source where it was found, for people
     */
    public ResolvedHost(DockerHost host, String source) {
        this(host, source, null);
    }
}
