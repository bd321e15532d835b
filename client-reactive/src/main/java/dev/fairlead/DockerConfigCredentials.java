package dev.fairlead;

import dev.fairlead.core.Environment;
import dev.fairlead.core.auth.DockerCredentials;
import dev.fairlead.core.auth.RegistryAddress;
import dev.fairlead.model.AuthConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.Logger;
import reactor.util.Loggers;

/** Those that {@code docker} would use. Files and helpers are waited for on threads that may wait. */
final class DockerConfigCredentials implements RegistryCredentials {

    private static final Logger LOG = Loggers.getLogger(DockerConfigCredentials.class);

    /** Its nanoseconds are counted in a long. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private final DockerCredentials credentials;

    DockerConfigCredentials(Environment environment, Duration helperTimeout) {
        if (helperTimeout.isNegative() || helperTimeout.isZero() || helperTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("helperTimeout is not between nothing and a day: " + helperTimeout);
        }
        this.credentials = new DockerCredentials(environment, helperTimeout);
    }

    @Override
    public Mono<AuthConfig> forRegistry(String host) {
        return waiting(Mono.defer(() -> Mono.justOrEmpty(credentials.find(RegistryAddress.hostOf(host)))));
    }

    /** What can't be had is left out, as the build may not need it. */
    @Override
    public Mono<Map<String, AuthConfig>> all() {
        return waiting(Mono.fromSupplier(() -> {
            Map<String, AuthConfig> byHost = new LinkedHashMap<>();
            credentials
                    .all(skipped -> LOG.warn("Left out: {}", skipped.getMessage()))
                    .forEach((key, found) -> add(byHost, key, found));
            return byHost;
        }));
    }

    /** Under the key of a registry its credentials are kept, under others of its host what else there is, such as Docker Hub's tokens. */
    private static void add(Map<String, AuthConfig> byHost, String key, AuthConfig found) {
        String host = RegistryAddress.hostOf(key);
        if (key.equals(RegistryAddress.keyOf(host))) {
            byHost.put(host, found);
        } else {
            byHost.putIfAbsent(host, found);
        }
    }

    /** A search that is cancelled is interrupted, and whoever cancelled it hears no more of it. */
    private static <T> Mono<T> waiting(Mono<T> search) {
        return search.onErrorComplete(CancellationException.class).subscribeOn(Schedulers.boundedElastic());
    }

    @Override
    public String toString() {
        return "RegistryCredentials[as docker has them]";
    }
}
