package dev.fairlead;

import static dev.fairlead.SwarmUpdates.index;
import static dev.fairlead.SwarmUpdates.present;

import dev.fairlead.internal.Http;
import dev.fairlead.model.Node;
import dev.fairlead.model.NodeListOptions;
import dev.fairlead.model.NodeRemoveOptions;
import dev.fairlead.model.NodeSpec;
import dev.fairlead.model.NodeUpdateOptions;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The machines of the swarm, as its managers see them.
 *
 * <p>An {@code id} is a node's id, the beginning of one that is unique, or its host name; a
 * blank one is refused with an {@link IllegalArgumentException} before anything is sent. A node that does not exist is a
 * {@link dev.fairlead.core.error.NotFound}; an Engine that is no manager answers {@link dev.fairlead.core.error.Unavailable}.
 */
public final class Nodes {

    private static final String INSPECT = "GET /nodes/{id}";

    private final Http http;

    Nodes(Http http) {
        this.http = http;
    }

    /** All nodes, those that are down included. Engine operation {@code NodeList}. */
    public Flux<Node> list() {
        return list(options -> {});
    }

    /** Nodes as the options select them; empty when none is like that. Engine operation {@code NodeList}. */
    public Flux<Node> list(Consumer<NodeListOptions.Builder> options) {
        return http.get("/nodes").options(NodeListOptions.of(options)).list(Node.class);
    }

    /** Everything about one node. Engine operation {@code NodeInspect}. */
    public Mono<Node> inspect(String id) {
        return http.get("/nodes/{id}", id).as(Node.class);
    }

    /**
     * Gives a node other labels, another role or availability. Engine operation {@code NodeUpdate}. Completes when managers know; the
     * node follows later.
     *
     * @param version the index of the version that the change starts from, from {@link Node#version()}
     * @param spec all that can be set, what stays included. Fails with {@link dev.fairlead.core.error.Conflict} when another
     *     change came first, maybe one of the node's own: {@link #updateWith} tries again
     */
    public Mono<Void> update(String id, long version, NodeSpec spec) {
        return http.post("/nodes/{id}/update", id)
                .options(NodeUpdateOptions.of(version, options -> {}))
                .body(spec)
                .done();
    }

    /**
     * Reads what is set about a node, changes it and writes it back; up to ten times, when others write in between.
     *
     * @param change applied to what is set at present, so maybe more than once; what it leaves alone stays as it is
     */
    public Mono<Void> updateWith(String id, Consumer<NodeSpec.Builder> change) {
        return SwarmUpdates.retried(inspect(id).flatMap(node -> {
            NodeSpec.Builder spec = present(INSPECT, "Spec", node.spec()).toBuilder();
            change.accept(spec);
            return update(node.id(), index(INSPECT, node.version()), spec.build());
        }));
    }

    /**
     * Takes a node that is down off the list. Engine operation {@code NodeDelete}. Fails with
     * {@link dev.fairlead.core.error.InvalidRequest} when it is a manager, or still there.
     */
    public Mono<Void> remove(String id) {
        return remove(id, options -> {});
    }

    /** As {@link #remove(String)}; one that is still there too with {@code force(true)}. */
    public Mono<Void> remove(String id, Consumer<NodeRemoveOptions.Builder> options) {
        return http.delete("/nodes/{id}", id)
                .options(NodeRemoveOptions.of(options))
                .done();
    }
}
