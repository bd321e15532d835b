package dev.fairlead;

import static dev.fairlead.SwarmUpdates.index;
import static dev.fairlead.SwarmUpdates.present;

import dev.fairlead.internal.Http;
import dev.fairlead.model.Secret;
import dev.fairlead.model.SecretCreateResponse;
import dev.fairlead.model.SecretListOptions;
import dev.fairlead.model.SecretSpec;
import dev.fairlead.model.SecretUpdateOptions;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Secrets: what containers of the swarm are given in a file in memory, and what no answer ever shows again.
 *
 * <p>An {@code id} is a secret's id, the beginning of one that is unique, or its name; a blank one is refused with an
 * {@link IllegalArgumentException} before anything is sent. A secret that does not exist is a
 * {@link dev.fairlead.core.error.NotFound}; an Engine that is no manager answers {@link dev.fairlead.core.error.Unavailable}.
 */
public final class Secrets {

    private static final String INSPECT = "GET /secrets/{id}";

    private final Http http;

    Secrets(Http http) {
        this.http = http;
    }

    /** All secrets, without their values. Engine operation {@code SecretList}. Empty when there is none. */
    public Flux<Secret> list() {
        return list(options -> {});
    }

    /** Secrets as the options select them. Engine operation {@code SecretList}. */
    public Flux<Secret> list(Consumer<SecretListOptions.Builder> options) {
        return http.get("/secrets").options(SecretListOptions.of(options)).list(Secret.class);
    }

    /** Everything about one secret, but for its value. Engine operation {@code SecretInspect}. */
    public Mono<Secret> inspect(String id) {
        return http.get("/secrets/{id}", id).as(Secret.class);
    }

    /**
     * Makes a secret. Engine operation {@code SecretCreate}.
     *
     * @param value what it holds, 500 kB at most
     * @return its id; fails with {@link dev.fairlead.core.error.Conflict} when the name is taken, with
     *     {@link dev.fairlead.core.error.InvalidRequest} when the value is empty or too long
     */
    public Mono<SecretCreateResponse> create(String name, byte[] value) {
        return create(SecretSpec.builder(name).data(value).build());
    }

    /** As {@link #create(String, byte[])}, with labels, a driver that supplies the value. */
    public Mono<SecretCreateResponse> create(SecretSpec spec) {
        return http.post("/secrets/create").body(spec).as(SecretCreateResponse.class);
    }

    /**
     * Gives a secret other labels; nothing else of it can be changed. Engine operation {@code SecretUpdate}.
     *
     * @param version the index of the version that the change starts from, from {@link Secret#version()}
     * @param spec what was read, with other labels. Fails with {@link dev.fairlead.core.error.Conflict} when another change came
     *     first: {@link #updateWith} tries again
     */
    public Mono<Void> update(String id, long version, SecretSpec spec) {
        return http.post("/secrets/{id}/update", id)
                .options(SecretUpdateOptions.of(version, options -> {}))
                .body(spec)
                .done();
    }

    /**
     * Reads a secret, changes its labels and writes it back; up to ten times, when others write in between.
     *
     * @param change applied to what is there at present, so maybe more than once; what it leaves alone stays as it is
     */
    public Mono<Void> updateWith(String id, Consumer<SecretSpec.Builder> change) {
        return SwarmUpdates.retried(inspect(id).flatMap(secret -> {
            SecretSpec.Builder spec = present(INSPECT, "Spec", secret.spec()).toBuilder();
            change.accept(spec);
            return update(secret.id(), index(INSPECT, secret.version()), spec.build());
        }));
    }

    /**
     * Removes a secret. Engine operation {@code SecretDelete}. Fails with {@link dev.fairlead.core.error.InvalidRequest} while a service
     * uses it.
     */
    public Mono<Void> remove(String id) {
        return http.delete("/secrets/{id}", id).done();
    }
}
