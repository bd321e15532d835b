package dev.fairlead.internal;

import dev.fairlead.core.auth.AuthHeaders;
import dev.fairlead.model.AuthConfig;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Where requests get credentials from, as the values of their headers. */
public final class Credentials {

    private final Function<String, Mono<AuthConfig>> one;
    private final Supplier<Mono<String>> all;

    /**
     * Credentials of a client.
     *
     * @param one finds those for a registry
     * @param all finds those for all registries, encoded
     */
    public Credentials(Function<String, Mono<AuthConfig>> one, Supplier<Mono<String>> all) {
        this.one = one;
        this.all = all;
    }

    /** Those for a registry; empty when there are none. */
    Mono<String> forRegistry(String host) {
        return Mono.defer(() -> one.apply(host)).map(AuthHeaders::encode);
    }

    /** Those for all registries; empty when there are none. */
    Mono<String> forAll() {
        return Mono.defer(all);
    }
}
