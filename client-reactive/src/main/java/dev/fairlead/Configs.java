package dev.fairlead;

import static dev.fairlead.SwarmUpdates.index;
import static dev.fairlead.SwarmUpdates.present;

import dev.fairlead.internal.Http;
import dev.fairlead.model.Config;
import dev.fairlead.model.ConfigCreateResponse;
import dev.fairlead.model.ConfigListOptions;
import dev.fairlead.model.ConfigSpec;
import dev.fairlead.model.ConfigUpdateOptions;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Configs: small files that the swarm keeps and gives to its containers. Unlike secrets they can be read.
 *
 * <p>An {@code id} is a config's id, the beginning of one that is unique, or its name; a blank one is refused with an
 * {@link IllegalArgumentException} before anything is sent. A config that does not exist is a
 * {@link dev.fairlead.core.error.NotFound}; an Engine that is no manager answers {@link dev.fairlead.core.error.Unavailable}.
 */
public final class Configs {

    private static final String INSPECT = "GET /configs/{id}";

    private final Http http;

    Configs(Http http) {
        this.http = http;
    }

    /** All configs, with their values. Engine operation {@code ConfigList}. Empty when there is none. */
    public Flux<Config> list() {
        return list(options -> {});
    }

    /** Configs as the options select them. Engine operation {@code ConfigList}. */
    public Flux<Config> list(Consumer<ConfigListOptions.Builder> options) {
        return http.get("/configs").options(ConfigListOptions.of(options)).list(Config.class);
    }

    /** Everything about one config, its value included. Engine operation {@code ConfigInspect}. */
    public Mono<Config> inspect(String id) {
        return http.get("/configs/{id}", id).as(Config.class);
    }

    /**
     * Makes a config. Engine operation {@code ConfigCreate}.
     *
     * @param value what it holds, 1000 kB at most
     * @return its id; fails with {@link dev.fairlead.core.error.Conflict} when the name is taken, with
     *     {@link dev.fairlead.core.error.InvalidRequest} when the value is empty or too long
     */
    public Mono<ConfigCreateResponse> create(String name, byte[] value) {
        return create(ConfigSpec.builder(name).data(value).build());
    }

    /** As {@link #create(String, byte[])}, with labels, or as a template. */
    public Mono<ConfigCreateResponse> create(ConfigSpec spec) {
        return http.post("/configs/create").body(spec).as(ConfigCreateResponse.class);
    }

    /**
     * Gives a config other labels; nothing else of it can be changed. Engine operation {@code ConfigUpdate}.
     *
     * @param version the index of the version that the change starts from, from {@link Config#version()}
     * @param spec what was read, with other labels. Fails with {@link dev.fairlead.core.error.Conflict} when another change came
     *     first: {@link #updateWith} tries again
     */
    public Mono<Void> update(String id, long version, ConfigSpec spec) {
        return http.post("/configs/{id}/update", id)
                .options(ConfigUpdateOptions.of(version, options -> {}))
                .body(spec)
                .done();
    }

    /**
     * Reads a config, changes its labels and writes it back; up to ten times, when others write in between.
     *
     * @param change applied to what is there at present, so maybe more than once; what it leaves alone stays as it is
     */
    public Mono<Void> updateWith(String id, Consumer<ConfigSpec.Builder> change) {
        return SwarmUpdates.retried(inspect(id).flatMap(config -> {
            ConfigSpec.Builder spec = present(INSPECT, "Spec", config.spec()).toBuilder();
            change.accept(spec);
            return update(config.id(), index(INSPECT, config.version()), spec.build());
        }));
    }

    /**
     * Removes a config. Engine operation {@code ConfigDelete}. Fails with {@link dev.fairlead.core.error.InvalidRequest} while a service
     * uses it.
     */
    public Mono<Void> remove(String id) {
        return http.delete("/configs/{id}", id).done();
    }
}
