package dev.fairlead;

import dev.fairlead.model.AuthConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** One's credentials, and where it has none, another's. */
final class FirstCredentials implements RegistryCredentials {

    private final RegistryCredentials first;
    private final RegistryCredentials second;

    FirstCredentials(RegistryCredentials first, RegistryCredentials second) {
        this.first = first;
        this.second = Objects.requireNonNull(second, "others");
    }

    @Override
    public Mono<AuthConfig> forRegistry(String host) {
        return first.forRegistry(host).switchIfEmpty(Mono.defer(() -> second.forRegistry(host)));
    }

    @Override
    public Mono<Map<String, AuthConfig>> all() {
        return first.all()
                .defaultIfEmpty(Map.of())
                .zipWith(second.all().defaultIfEmpty(Map.of()), (winning, others) -> {
                    Map<String, AuthConfig> all = new LinkedHashMap<>(others);
                    all.putAll(winning);
                    return all;
                });
    }

    @Override
    public String toString() {
        return first + ", else " + second;
    }
}
