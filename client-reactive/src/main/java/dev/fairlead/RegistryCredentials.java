package dev.fairlead;

import dev.fairlead.core.Environment;
import dev.fairlead.core.auth.AuthHeaders;
import dev.fairlead.core.auth.RegistryAddress;
import dev.fairlead.core.error.CredentialsFailed;
import dev.fairlead.model.AuthConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Credentials for registries. Set by {@link DockerConfig.Builder#credentials}, they are looked for when an operation needs a registry,
 * unless its own options bring some as {@code registryAuth}.
 *
 * <p>They are looked for each time, and nothing of them is kept in between. When the registry refuses them, or refuses to do without,
 * they are looked for once more, and if there are others by then, the operation is tried again with those, once: so a token that has
 * expired costs nothing but time, and a wrong password is not sent twice.
 *
 * <p>Where they can't be had, {@link CredentialsFailed}, the Engine is asked without, as {@code docker} does: most images need none.
 * If it refuses, the operation fails with that error, with the Engine's refusal as its cause. Any other error here is the operation's.
 *
 * <p>No secret of theirs is in a message, a log or a {@code toString} of this library.
 */
@FunctionalInterface
public interface RegistryCredentials {

    /**
     * The credentials for a registry.
     *
     * @param host the registry as the names of images have it: with its port where it has one; {@code docker.io} for Docker Hub
     * @return the credentials when subscribed to, empty for none. Must not block the thread that subscribes
     */
    Mono<AuthConfig> forRegistry(String host);

    /**
     * The credentials for all registries, for builds: nobody knows beforehand which of them they pull from. A build is not tried again.
     *
     * @return the credentials by the registries' hosts, as {@link #forRegistry} takes them. None unless it is overridden
     */
    default Mono<Map<String, AuthConfig>> all() {
        return Mono.just(Map.of());
    }

    /**
     * These, and where they have none, others.
     *
     * @param others asked only for what is not here
     */
    default RegistryCredentials or(RegistryCredentials others) {
        return new FirstCredentials(this, others);
    }

    /** No credentials: every registry is asked as anybody. */
    static RegistryCredentials none() {
        return of(Map.of());
    }

    /**
     * Credentials that are known already.
     *
     * @param credentials by the registries' hosts, with a port where there is one; Docker Hub's is {@code docker.io}. A scheme and a path
     *     around a host do no harm
     */
    static RegistryCredentials of(Map<String, AuthConfig> credentials) {
        return new GivenCredentials(credentials);
    }

    /** A user and a password, or an access token in its place, for one registry. */
    static RegistryCredentials basic(String host, String user, String password) {
        return of(Map.of(
                host, AuthConfig.builder().username(user).password(password).build()));
    }

    /** A token for one registry, which gave it at a login. */
    static RegistryCredentials identityToken(String host, String token) {
        return of(Map.of(host, AuthConfig.builder().identityToken(token).build()));
    }

    /**
     * Those that {@code docker} would use, and a {@link DockerClient} for which nothing else is set: {@code DOCKER_AUTH_CONFIG}, then
     * {@code config.json} in {@code DOCKER_CONFIG} or {@code ~/.docker}: the registry's helper in {@code credHelpers}, else
     * {@code credsStore}, else {@code auths}.
     *
     * <p>File and helpers are asked each time anew, off the event loops: what {@code docker login} changes counts from the next operation
     * on. A helper that takes more than 30 seconds, or whose operation is cancelled, is killed with all that it started.
     */
    static RegistryCredentials fromDockerConfig() {
        return fromDockerConfig(Duration.ofSeconds(30));
    }

    /**
     * As {@link #fromDockerConfig()}, with another limit.
     *
     * @param helperTimeout how long a helper may take for one answer
     */
    static RegistryCredentials fromDockerConfig(Duration helperTimeout) {
        return new DockerConfigCredentials(Environment.ofProcess(), helperTimeout);
    }

    /**
     * Credentials as the options of an operation take them in {@code registryAuth}.
     *
     * @return JSON in base64 for URLs, which is as secret as the credentials are
     */
    static String encode(AuthConfig credentials) {
        return AuthHeaders.encode(credentials);
    }

    /** By the keys that the Engine knows registries by. */
    static String encode(Map<String, AuthConfig> credentials) {
        Map<String, AuthConfig> byKey = new LinkedHashMap<>();
        credentials.forEach((host, found) -> byKey.put(RegistryAddress.keyOf(RegistryAddress.hostOf(host)), found));
        return AuthHeaders.encode(byKey);
    }
}
