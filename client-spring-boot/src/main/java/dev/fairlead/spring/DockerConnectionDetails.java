package dev.fairlead.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * Which Engine the application's client talks to. A bean of this type stands in place of {@code fairlead.host}, {@code fairlead.context}
 * and {@code fairlead.tls}, so that a test can point the application elsewhere.
 */
public interface DockerConnectionDetails extends ConnectionDetails {

    /** The Engine's address, as {@code DOCKER_HOST} would name it; null where a context names it or the environment does. */
    @Nullable
    String getHost();

    /** The name of a context of {@code docker}; null where a host is given or the environment names the Engine. */
    default @Nullable String getContext() {
        return null;
    }

    /** Whom to trust and who the client is, where TLS is spoken; else null. */
    default @Nullable SslBundle getSslBundle() {
        return null;
    }
}
