package dev.fairlead;

import dev.fairlead.internal.Http;
import dev.fairlead.model.Network;
import dev.fairlead.model.NetworkConnectOptions;
import dev.fairlead.model.NetworkCreateOptions;
import dev.fairlead.model.NetworkCreateResponse;
import dev.fairlead.model.NetworkDisconnectOptions;
import dev.fairlead.model.NetworkInspect;
import dev.fairlead.model.NetworkInspectOptions;
import dev.fairlead.model.NetworkListOptions;
import dev.fairlead.model.NetworkPruneOptions;
import dev.fairlead.model.NetworkPruneResponse;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Networks, and which containers are on them.
 *
 * <p>An {@code id} is a network's id, the beginning of one that is unique, or its name; a blank one is refused with an
 * {@link IllegalArgumentException} before anything is sent. A network that does not exist is a
 * {@link dev.fairlead.core.error.NotFound}.
 */
public final class Networks {

    private final Http http;

    Networks(Http http) {
        this.http = http;
    }

    /** All networks, those that the Engine makes itself included, so hardly ever empty. Engine operation {@code NetworkList}. */
    public Flux<Network> list() {
        return list(options -> {});
    }

    /** Networks as the options select them; empty when none is like that. Engine operation {@code NetworkList}. */
    public Flux<Network> list(Consumer<NetworkListOptions.Builder> options) {
        return http.get("/networks").options(NetworkListOptions.of(options)).list(Network.class);
    }

    /** Everything about one network, with the containers on it that run. Engine operation {@code NetworkInspect}. */
    public Mono<NetworkInspect> inspect(String id) {
        return inspect(id, options -> {});
    }

    /** As {@link #inspect(String)}, with the services of a swarm network too, or among networks of one scope only. */
    public Mono<NetworkInspect> inspect(String id, Consumer<NetworkInspectOptions.Builder> options) {
        return http.get("/networks/{id}", id)
                .options(NetworkInspectOptions.of(options))
                .as(NetworkInspect.class);
    }

    /**
     * Makes a network with the driver {@code bridge}. Engine operation {@code NetworkCreate}.
     *
     * @return its id, and what the Engine warns of; fails with {@link dev.fairlead.core.error.Conflict} when the name is taken, but for
     *     an Engine before API 1.44, which makes a second one unless the options forbid it
     */
    public Mono<NetworkCreateResponse> create(String name) {
        return create(name, options -> {});
    }

    /**
     * As {@link #create(String)}, with another driver, address ranges, labels.
     *
     * <p>Fails with {@link dev.fairlead.core.error.Forbidden} when an address range overlaps with that of another network, with
     * {@link dev.fairlead.core.error.NotFound} when the driver is not there.
     */
    public Mono<NetworkCreateResponse> create(String name, Consumer<NetworkCreateOptions.Builder> options) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name is blank");
        }
        return http.post("/networks/create")
                .options(NetworkCreateOptions.of(name, options))
                .patient()
                .as(NetworkCreateResponse.class);
    }

    /**
     * Puts a container on a network. Engine operation {@code NetworkConnect}. Completes when it is reached there, or at its next
     * start when it does not run.
     *
     * <p>Fails with {@link dev.fairlead.core.error.Forbidden} when it is on it already and runs.
     *
     * @param container its id or name
     */
    public Mono<Void> connect(String id, String container) {
        return connect(id, container, options -> {});
    }

    /** As {@link #connect(String, String)}, with an address of choice and further names. */
    public Mono<Void> connect(String id, String container, Consumer<NetworkConnectOptions.Builder> options) {
        return http.post("/networks/{id}/connect", id)
                .options(NetworkConnectOptions.of(notBlank(container), options))
                .patient()
                .done();
    }

    /**
     * Takes a container off a network. Engine operation {@code NetworkDisconnect}.
     *
     * @param container its id or name; one that is not on the network is an error, whose kind depends on the Engine
     */
    public Mono<Void> disconnect(String id, String container) {
        return disconnect(id, container, options -> {});
    }

    /** As {@link #disconnect(String, String)}, by force even if the container is gone. */
    public Mono<Void> disconnect(String id, String container, Consumer<NetworkDisconnectOptions.Builder> options) {
        return http.post("/networks/{id}/disconnect", id)
                .options(NetworkDisconnectOptions.of(notBlank(container), options))
                .patient()
                .done();
    }

    /**
     * Removes a network that no container is on. Engine operation {@code NetworkDelete}.
     *
     * <p>Fails with {@link dev.fairlead.core.error.Forbidden} when a container is on it, and for the networks that the Engine makes
     * itself.
     */
    public Mono<Void> remove(String id) {
        return http.delete("/networks/{id}", id).patient().done();
    }

    /** Removes all networks that no container is on, but for the Engine's own. Engine operation {@code NetworkPrune}. */
    public Mono<NetworkPruneResponse> prune() {
        return prune(options -> {});
    }

    /** As {@link #prune()}, only those that the options select. */
    public Mono<NetworkPruneResponse> prune(Consumer<NetworkPruneOptions.Builder> options) {
        return http.post("/networks/prune")
                .options(NetworkPruneOptions.of(options))
                .patient()
                .as(NetworkPruneResponse.class);
    }

    private static String notBlank(String container) {
        if (container.isBlank()) {
            throw new IllegalArgumentException("container is blank");
        }
        return container;
    }
}
