package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.Unavailable;
import dev.fairlead.model.JoinTokens;
import dev.fairlead.model.Node;
import dev.fairlead.model.NodeAvailability;
import dev.fairlead.model.NodeRole;
import dev.fairlead.model.NodeState;
import dev.fairlead.model.ServiceSpec;
import dev.fairlead.model.Task;
import dev.fairlead.model.TaskState;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A swarm of three Engines, each in a network of its own: a manager and two workers. */
@NewestEngine
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
final class ThreeEngineSwarmIT {

    private static final String SHELL =
            "echo \"slot $SLOT on $NODE\"; trap 'exit 0' TERM; while :; do sleep 0.05; done";

    private final List<RealEngine> engines = new ArrayList<>();
    private final List<DockerClient> clients = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();

    @BeforeEach
    void join() throws IOException {
        for (int number = 0; number < 3; number++) {
            RealEngine engine = RealEngine.another();
            engines.add(engine);
            clients.add(DockerClient.create(config -> config.host(engine.host())));
        }
        List<String> addresses = RealEngine.link(engines);
        // Reports each second, so that a silent node is missed after three.
        ids.add(EngineTest.get(manager().swarm().init("0.0.0.0:2377", swarm -> swarm.advertiseAddr(addresses.get(0))
                .spec(spec -> spec.dispatcher(reports -> reports.heartbeatPeriod(Duration.ofSeconds(1)))))));
        JoinTokens tokens = Objects.requireNonNull(
                EngineTest.get(manager().swarm().inspect()).joinTokens());
        for (int number = 1; number < 3; number++) {
            String address = addresses.get(number);
            EngineTest.done(clients.get(number)
                    .swarm()
                    .join(
                            tokens.worker(),
                            List.of(addresses.get(0) + ":2377"),
                            "0.0.0.0:2377",
                            how -> how.advertiseAddr(address)));
            ids.add(Objects.requireNonNull(
                            EngineTest.get(clients.get(number).system().info()).swarm())
                    .nodeId());
        }
        SwarmTest.until(
                manager()
                        .nodes()
                        .list()
                        .filter(node -> state(node).equals(NodeState.READY))
                        .count(),
                ready -> ready == 3);
    }

    @AfterEach
    void close() {
        clients.forEach(DockerClient::close);
        engines.forEach(RealEngine::close);
    }

    private DockerClient manager() {
        return clients.get(0);
    }

    private static NodeState state(Node node) {
        return Objects.requireNonNull(Objects.requireNonNull(node.status()).state());
    }

    private String serve(int replicas) {
        return EngineTest.get(manager()
                        .services()
                        .create(ServiceSpec.builder()
                                .name("fairlead")
                                .taskTemplate(task -> task.containerSpec(container -> container
                                        .image(EngineTest.IMAGE)
                                        .command("sh", "-c", SHELL)
                                        .env("SLOT={{.Task.Slot}}", "NODE={{.Node.ID}}")
                                        .stopGracePeriod(Duration.ZERO)))
                                .mode(mode -> mode.replicated(replicated -> replicated.replicas(replicas)))
                                .build()))
                .id();
    }

    private List<Task> awaitRunning(String service, Set<String> nodes) {
        return SwarmTest.until(
                manager()
                        .tasks()
                        .list(list ->
                                list.filters(which -> which.service(service).desiredState(TaskState.RUNNING)))
                        .filter(task -> SwarmTest.state(task).equals(TaskState.RUNNING))
                        .collectList(),
                tasks -> tasks.size() == 3
                        && tasks.stream()
                                .map(Task::nodeId)
                                .collect(Collectors.toSet())
                                .equals(nodes));
    }

    @Test
    void tasksMoveFromAnEngineThatEnds() {
        String service = serve(1);
        EngineTest.done(manager()
                .services()
                .updateWith(service, spec -> spec.mode(mode -> mode.replicated(tasks -> tasks.replicas(3)))));
        awaitRunning(service, Set.copyOf(ids));
        assertThat(EngineTest.text(manager().services().logs(service)).lines())
                .hasSize(3)
                .allMatch(line -> line.matches("slot [123] on [a-z0-9]{25}"))
                .anyMatch(line -> line.endsWith(ids.get(2)));

        engines.get(2).close();
        List<Task> moved = awaitRunning(service, Set.of(ids.get(0), ids.get(1)));
        assertThat(moved).extracting(Task::slot).containsExactlyInAnyOrder(1, 2, 3);
        Node gone = EngineTest.get(manager().nodes().inspect(ids.get(2)));
        assertThat(state(gone)).isEqualTo(NodeState.DOWN);
        EngineTest.done(manager().nodes().remove(gone.id()));
        assertThat(EngineTest.all(manager()
                        .nodes()
                        .list(list -> list.filters(which -> which.role(NodeRole.WORKER)))
                        .map(Node::id)))
                .containsExactly(ids.get(1));
    }

    @Test
    void tasksMoveFromADrainedNode() {
        String service = serve(3);
        awaitRunning(service, Set.copyOf(ids));
        EngineTest.done(manager().nodes().updateWith(ids.get(1), spec -> spec.availability(NodeAvailability.DRAIN)));
        awaitRunning(service, Set.of(ids.get(0), ids.get(2)));

        // What a worker may not be asked, and may do by itself.
        EngineTest.failure(Unavailable.class, clients.get(1).nodes().list());
        EngineTest.done(clients.get(1).swarm().leave());
        SwarmTest.until(
                manager().nodes().inspect(ids.get(1)), node -> state(node).equals(NodeState.DOWN));
    }
}
