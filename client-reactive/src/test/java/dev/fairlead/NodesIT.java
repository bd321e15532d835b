package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.Node;
import dev.fairlead.model.NodeAvailability;
import dev.fairlead.model.NodeListOptions;
import dev.fairlead.model.NodeMembership;
import dev.fairlead.model.NodeRole;
import dev.fairlead.model.NodeSpec;
import dev.fairlead.model.NodeState;
import dev.fairlead.testing.RealEngine;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

final class NodesIT extends SwarmTest {

    NodesIT(RealEngine engine) {
        super(engine);
    }

    /** The one node, once it has told about itself. */
    private Node self() {
        return until(
                docker.nodes().list().single(),
                node -> NodeState.READY.equals(
                        Objects.requireNonNull(node.status()).state()));
    }

    private static NodeSpec spec(Node node) {
        return Objects.requireNonNull(node.spec());
    }

    private static long index(Node node) {
        return Objects.requireNonNull(node.version()).index();
    }

    private List<String> ids(Consumer<NodeListOptions.Filters> filters) {
        return all(docker.nodes().list(list -> list.filters(filters)).map(Node::id));
    }

    @Test
    void inspectTellsOfTheMachine() {
        Node node = self();
        assertThat(get(docker.nodes().inspect(node.id())).id()).isEqualTo(node.id());
        assertThat(spec(node).role()).isEqualTo(NodeRole.MANAGER);
        assertThat(spec(node).availability()).isEqualTo(NodeAvailability.ACTIVE);
        assertThat(Objects.requireNonNull(node.managerStatus()).leader()).isTrue();
        var about = Objects.requireNonNull(node.description());
        assertThat(about.hostname()).isNotEmpty();
        assertThat(Objects.requireNonNull(about.engine()).engineVersion()).startsWith(engine.version());
        assertThat(Objects.requireNonNull(about.resources()).nanoCpus()).isPositive();
        assertThat(Objects.requireNonNull(about.platform()).os()).isEqualTo("linux");
    }

    @Test
    void listSelectsByEachFilter() {
        Node node = self();
        assertThat(all(docker.nodes().list())).hasSize(1);
        String hostname = Objects.requireNonNull(node.description()).hostname();
        assertThat(ids(which -> which.id(node.id()))).containsExactly(node.id());
        assertThat(ids(which -> which.name(hostname))).hasSize(1);
        assertThat(ids(which -> which.role(NodeRole.MANAGER))).hasSize(1);
        assertThat(ids(which -> which.role(NodeRole.WORKER))).isEmpty();
        done(docker.nodes().updateWith(node.id(), spec -> spec.label("zone", "a")));
        // An Engine forgets by an update that the node was let in.
        assertThat(ids(which -> which.membership(NodeMembership.ACCEPTED))).isEmpty();
        assertThat(ids(which -> which.membership(NodeMembership.PENDING))).hasSize(1);
        assertThat(ids(which -> which.nodeLabel("zone=a"))).hasSize(1);
        assertThat(ids(which -> which.nodeLabel("zone=b"))).isEmpty();
        assertThat(ids(which -> which.label("zone=a"))).isEmpty();
    }

    @Test
    void updateNeedsTheVersionThatIsThere() {
        Node before = self();
        NodeSpec paused =
                spec(before).toBuilder().availability(NodeAvailability.PAUSE).build();
        done(docker.nodes().updateWith(before.id(), spec -> spec.availability(NodeAvailability.DRAIN)));
        Conflict late = failure(Conflict.class, docker.nodes().update(before.id(), index(before), paused));
        assertThat(late.engineMessage()).contains("update out of sequence");
        Node now = self();
        done(docker.nodes().update(now.id(), index(now), paused));
        assertThat(spec(self()).availability()).isEqualTo(NodeAvailability.PAUSE);
        done(docker.nodes().updateWith(self().id(), spec -> spec.availability(NodeAvailability.ACTIVE)));
    }

    @Test
    void updateWithLosesNothingToOthers() {
        done(Flux.range(0, 5)
                .flatMap(
                        number -> docker.nodes().updateWith(self().id(), spec -> spec.label("label" + number, "yes")),
                        5)
                .then());
        assertThat(spec(self()).labels()).containsKeys("label0", "label1", "label2", "label3", "label4");
    }

    @Test
    void removeRefusesAManager() {
        failure(InvalidRequest.class, docker.nodes().remove(self().id()));
        failure(InvalidRequest.class, docker.nodes().remove(self().id(), how -> how.force(true)));
    }

    @Test
    void refusesWhatIsNotThere() {
        failure(NotFound.class, docker.nodes().inspect("fairlead-nosuch"));
        failure(NotFound.class, docker.nodes().remove("fairlead-nosuch"));
        failure(NotFound.class, docker.nodes().update("fairlead-nosuch", 1, spec(self())));
        assertThatIllegalArgumentException().isThrownBy(() -> docker.nodes().inspect(" "));
    }
}
