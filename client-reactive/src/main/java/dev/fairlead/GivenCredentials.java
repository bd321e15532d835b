package dev.fairlead;

import dev.fairlead.core.auth.RegistryAddress;
import dev.fairlead.model.AuthConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Credentials that are known from the start. */
final class GivenCredentials implements RegistryCredentials {

    private final Map<String, AuthConfig> byHost = new LinkedHashMap<>();

    GivenCredentials(Map<String, AuthConfig> credentials) {
        credentials.forEach((address, given) -> {
            String host = RegistryAddress.hostOf(address);
            if (host.isBlank()) {
                throw new IllegalArgumentException("host is blank");
            }
            AuthConfig complete = given.serverAddress().isEmpty()
                    ? given.toBuilder()
                            .serverAddress(RegistryAddress.keyOf(host))
                            .build()
                    : given;
            byHost.put(host, complete);
        });
    }

    @Override
    public Mono<AuthConfig> forRegistry(String host) {
        return Mono.justOrEmpty(byHost.get(RegistryAddress.hostOf(host)));
    }

    @Override
    public Mono<Map<String, AuthConfig>> all() {
        return Mono.just(Map.copyOf(byHost));
    }

    /** The registries only. */
    @Override
    public String toString() {
        return "RegistryCredentials" + byHost.keySet();
    }
}
