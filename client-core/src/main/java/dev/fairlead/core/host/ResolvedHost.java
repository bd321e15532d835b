package dev.fairlead.core.host;

import dev.fairlead.core.tls.Tls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A host, why it is this one, and what the environment has it told.
 *
 * @param host the host
 * @param source where it was found, for people: {@code DOCKER_HOST}, {@code the first socket that exists}, …
 * @param tls how TLS is spoken with it; null if and only if it is not
 * @param context the name of the context that it is of, or null
 * @param headers what the environment has sent with each request
 * @param passedOver what the environment says beside, and why it does not count; for people, without secrets
 */
public record ResolvedHost(
        DockerHost host,
        String source,
        @Nullable Tls tls,
        @Nullable String context,
        CustomHeaders headers,
        List<String> passedOver) {
    /**
     * Copies the list.
     *
     * @param host the host
     * @param source where it was found, for people
     * @param tls how TLS is spoken with it; null if and only if it is not
     * @param context the name of the context that it is of, or null
     * @param headers what the environment has sent with each request
     * @param passedOver what the environment says beside, and why it does not count
     */
    public ResolvedHost {
        passedOver = List.copyOf(passedOver);
    }

    /**
     * A host of a context.
     *
     * @param host the host
     * @param source where it was found, for people
     * @param tls how TLS is spoken with it; null if and only if it is not
     * @param context the name of the context, or null
     */
    ResolvedHost(DockerHost host, String source, @Nullable Tls tls, @Nullable String context) {
        this(host, source, tls, context, CustomHeaders.NONE, List.of());
    }

    /**
     * A host that no context names.
     *
     * @param host the host
     * @param source where it was found, for people
     * @param tls how TLS is spoken with it; null if and only if it is not
     */
    public ResolvedHost(DockerHost host, String source, @Nullable Tls tls) {
        this(host, source, tls, null);
    }

    /**
     * A host that is not spoken to in TLS.
     *
     * @param host the host
     * @param source where it was found, for people
     */
    public ResolvedHost(DockerHost host, String source) {
        this(host, source, null);
    }

    /** The same, reached at this host and with these settings of TLS. */
    ResolvedHost at(DockerHost reached, @Nullable Tls spoken) {
        return new ResolvedHost(reached, source, spoken, context, headers, passedOver);
    }
}
