package dev.fairlead;

import static dev.fairlead.SwarmUpdates.index;
import static dev.fairlead.SwarmUpdates.present;

import dev.fairlead.internal.Http;
import dev.fairlead.model.Swarm;
import dev.fairlead.model.SwarmInitOptions;
import dev.fairlead.model.SwarmJoinOptions;
import dev.fairlead.model.SwarmLeaveOptions;
import dev.fairlead.model.SwarmSpec;
import dev.fairlead.model.SwarmUnlockKey;
import dev.fairlead.model.SwarmUnlockOptions;
import dev.fairlead.model.SwarmUpdateOptions;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * The swarm that the Engine is a node of.
 *
 * <p>An Engine that is in no swarm, or is a worker and no manager, refuses most of this with
 * {@link dev.fairlead.core.error.Unavailable}; so does a manager that is locked, or that can't reach most of the others.
 */
public final class EngineSwarm {

    /** Where managers listen unless told otherwise. */
    private static final String LISTEN = "0.0.0.0:2377";

    private static final String INSPECT = "GET /swarm";

    private final Http http;

    EngineSwarm(Http http) {
        this.http = http;
    }

    /** The swarm: its settings, and the tokens that let others join. Engine operation {@code SwarmInspect}. Managers only. */
    public Mono<Swarm> inspect() {
        return http.get("/swarm").as(Swarm.class);
    }

    /**
     * Founds a swarm, which this Engine is the first manager of, listening on port 2377 of all its addresses. Engine operation
     * {@code SwarmInit}.
     *
     * @return the id of this node; fails with {@link dev.fairlead.core.error.Unavailable} when it is in a swarm already, and with
     *     {@link dev.fairlead.core.error.InvalidRequest} when it has several addresses and the options name none to advertise
     */
    public Mono<String> init() {
        return init(LISTEN, options -> {});
    }

    /**
     * As {@link #init()}, with another address to listen on, one to advertise, and settings.
     *
     * @param listenAddr address or network interface, with an optional port
     */
    public Mono<String> init(String listenAddr, Consumer<SwarmInitOptions.Builder> options) {
        return http.post("/swarm/init")
                .options(SwarmInitOptions.of(listenAddr, options))
                .patient()
                .as(String.class);
    }

    /**
     * Joins a swarm, listening on port 2377 of all addresses should this node be or become a manager. Engine operation
     * {@code SwarmJoin}. Completes when it is a member; the Engine gives up after 20 s, goes on trying in the background, and the
     * failure says so. A token that is none is an {@link dev.fairlead.core.error.EngineFailure}.
     *
     * @param token that of a worker or a manager, from {@link Swarm#joinTokens()}: it decides which of both this node is
     * @param managers addresses of managers, with their port; one that answers is enough
     */
    public Mono<Void> join(String token, List<String> managers) {
        return join(token, managers, LISTEN, options -> {});
    }

    /** As {@link #join(String, List)}, with another address to listen on, or one to advertise. */
    public Mono<Void> join(
            String token, List<String> managers, String listenAddr, Consumer<SwarmJoinOptions.Builder> options) {
        return http.post("/swarm/join")
                .options(SwarmJoinOptions.of(token, managers, listenAddr, options))
                .patient()
                .done();
    }

    /**
     * Leaves the swarm as a worker; a manager is refused with {@link dev.fairlead.core.error.Unavailable}. Engine operation
     * {@code SwarmLeave}. The tasks here are ended; managers go on listing this node, as down, until it is {@linkplain Nodes#remove
     * removed}.
     */
    public Mono<Void> leave() {
        return leave(options -> {});
    }

    /** As {@link #leave()}; as a manager too with {@code force(true)}, even if the swarm breaks by it. */
    public Mono<Void> leave(Consumer<SwarmLeaveOptions.Builder> options) {
        return http.post("/swarm/leave")
                .options(SwarmLeaveOptions.of(options))
                .patient()
                .done();
    }

    /**
     * Gives the swarm other settings. Engine operation {@code SwarmUpdate}.
     *
     * @param version the index of the version that the change starts from, from {@link Swarm#version()}
     * @param spec all the settings, those that stay included. Fails with {@link dev.fairlead.core.error.Conflict} when another
     *     change came first: {@link #updateWith(Consumer)} tries again
     */
    public Mono<Void> update(long version, SwarmSpec spec) {
        return update(version, spec, options -> {});
    }

    /** As {@link #update(long, SwarmSpec)}, with new tokens or a new unlock key. */
    public Mono<Void> update(long version, SwarmSpec spec, Consumer<SwarmUpdateOptions.Builder> options) {
        return http.post("/swarm/update")
                .options(SwarmUpdateOptions.of(version, options))
                .body(spec)
                .patient()
                .done();
    }

    /**
     * Reads the settings, changes them and writes them back; up to ten times, when others write in between.
     *
     * @param change applied to the present settings, so maybe more than once; what it leaves alone stays as it is, even what this
     *     library does not know
     */
    public Mono<Void> updateWith(Consumer<SwarmSpec.Builder> change) {
        return updateWith(change, options -> {});
    }

    /** As {@link #updateWith(Consumer)}, with new tokens or a new unlock key. */
    public Mono<Void> updateWith(Consumer<SwarmSpec.Builder> change, Consumer<SwarmUpdateOptions.Builder> options) {
        return SwarmUpdates.retried(inspect().flatMap(swarm -> {
            SwarmSpec.Builder spec = present(INSPECT, "Spec", swarm.spec()).toBuilder();
            change.accept(spec);
            return update(index(INSPECT, swarm.version()), spec.build(), options);
        }));
    }

    /**
     * The key that a manager needs after a restart, when the settings have managers locked. Engine operation
     * {@code SwarmUnlockkey}. Empty text in it when they are not.
     */
    public Mono<SwarmUnlockKey> unlockKey() {
        return http.get("/swarm/unlockkey").as(SwarmUnlockKey.class);
    }

    /**
     * Unlocks this manager after its restart. Engine operation {@code SwarmUnlock}.
     *
     * <p>Fails with {@link dev.fairlead.core.error.Conflict} when it is not locked, with
     * {@link dev.fairlead.core.error.Unauthorized} when the key is the wrong one.
     */
    public Mono<Void> unlock(String key) {
        return http.post("/swarm/unlock")
                .options(SwarmUnlockOptions.of(key, options -> {}))
                .patient()
                .done();
    }
}
