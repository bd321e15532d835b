package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.EndpointMode;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.Service;
import dev.fairlead.model.ServiceListOptions;
import dev.fairlead.model.ServiceModeName;
import dev.fairlead.model.ServiceSpec;
import dev.fairlead.model.Task;
import dev.fairlead.model.TaskListOptions;
import dev.fairlead.model.TaskState;
import dev.fairlead.testing.RealEngine;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Services and their tasks. */
final class ServicesIT extends SwarmTest {

    private static final String IDLE = "trap 'exit 0' TERM; while :; do sleep 0.05; done";

    ServicesIT(RealEngine engine) {
        super(engine);
    }

    private Service inspect(String id) {
        return get(docker.services().inspect(id));
    }

    private static ServiceSpec spec(Service service) {
        return Objects.requireNonNull(service.spec());
    }

    private static long index(Service service) {
        return Objects.requireNonNull(service.version()).index();
    }

    private static Consumer<ServiceSpec.Builder> replicas(int count) {
        return spec -> spec.mode(mode -> mode.replicated(replicated -> replicated.replicas(count)));
    }

    private static long replicas(Service service) {
        return Objects.requireNonNull(
                        Objects.requireNonNull(spec(service).mode()).replicated())
                .replicas();
    }

    private List<String> names(Consumer<ServiceListOptions.Filters> filters) {
        return all(docker.services().list(list -> list.filters(filters)).map(service -> spec(service)
                .name()));
    }

    private List<String> tasks(Consumer<TaskListOptions.Filters> filters) {
        return all(docker.tasks().list(list -> list.filters(filters)).map(Task::id));
    }

    /** Waits until the one task of a service has ended well. */
    private Task awaitComplete(String service) {
        return until(
                        docker.tasks()
                                .list(list -> list.filters(which -> which.service(service)))
                                .collectList(),
                        found -> found.size() == 1 && state(found.get(0)).equals(TaskState.COMPLETE))
                .get(0);
    }

    @Test
    void createTakesWhatInspectTells() {
        String id = serve("fairlead-a", IDLE, spec -> spec.label("l", "m")
                .updateConfig(update -> update.parallelism(2).delay(Duration.ofSeconds(3)))
                .endpointSpec(end -> end.mode(EndpointMode.DNSRR)));
        Service made = inspect("fairlead-a");
        assertThat(made.id()).isEqualTo(id);
        assertThat(spec(made).name()).isEqualTo("fairlead-a");
        assertThat(spec(made).labels()).containsEntry("l", "m");
        assertThat(Objects.requireNonNull(spec(made).updateConfig()).delay()).isEqualTo(Duration.ofSeconds(3));
        assertThat(replicas(made)).isEqualTo(1);
        assertThat(made.updateStatus()).isNull();
        Service filled = get(docker.services().inspect(id, how -> how.insertDefaults(true)));
        assertThat(Objects.requireNonNull(spec(filled).rollbackConfig()).monitor())
                .isNotNull();
        failure(Conflict.class, docker.services().create(spec(made)));
        done(docker.services().remove(id));
        failure(NotFound.class, docker.services().inspect(id));
    }

    @Test
    void listSelectsByEachFilter() {
        String id = serve("fairlead-a", IDLE, spec -> {});
        serve("fairlead-b", IDLE, spec -> spec.label("b", "").mode(mode -> mode.global(everywhere -> {})));
        assertThat(names(which -> {})).containsExactlyInAnyOrder("fairlead-a", "fairlead-b");
        assertThat(names(which -> which.id(id))).containsExactly("fairlead-a");
        assertThat(names(which -> which.name("fairlead-a"))).containsExactly("fairlead-a");
        assertThat(names(which -> which.label("b"))).containsExactly("fairlead-b");
        assertThat(names(which -> which.mode(ServiceModeName.GLOBAL))).containsExactly("fairlead-b");
        awaitRunning("fairlead-a", 1);
        var counted = get(docker.services()
                .list(list -> list.status(true).filters(which -> which.id(id)))
                .single());
        assertThat(Objects.requireNonNull(counted.serviceStatus()).runningTasks())
                .isEqualTo(1);
    }

    @Test
    void scalesAndRollsBack() {
        String id = serve("fairlead-a", IDLE, replicas(1));
        awaitRunning(id, 1);
        done(docker.services().updateWith(id, replicas(3)));
        assertThat(awaitRunning(id, 3)).extracting(Task::slot).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(replicas(inspect(id))).isEqualTo(3);

        done(docker.services().rollback("fairlead-a"));
        awaitRunning(id, 1);
        assertThat(replicas(inspect(id))).isEqualTo(1);
    }

    @Test
    void rollbackNeedsAnUpdateBefore() {
        String id = serve("fairlead-a", IDLE, spec -> {});
        failure(InvalidRequest.class, docker.services().rollback(id));
    }

    @Test
    void updateNeedsTheVersionThatIsThere() {
        String id = serve("fairlead-a", IDLE, replicas(0));
        Service before = inspect(id);
        ServiceSpec labelled = spec(before).toBuilder().label("l", "m").build();
        done(docker.services().update(id, index(before), labelled));
        assertThat(spec(inspect(id))).isEqualTo(labelled);
        Conflict late = failure(Conflict.class, docker.services().update(id, index(before), spec(before)));
        assertThat(late.engineMessage()).contains("update out of sequence");
    }

    @Test
    void updateWithLosesNothingToOthers() {
        String id = serve("fairlead-a", IDLE, replicas(0));
        done(Flux.range(0, 5)
                .flatMap(number -> docker.services().updateWith(id, spec -> spec.label("label" + number, "yes")), 5)
                .then());
        assertThat(spec(inspect(id)).labels()).containsOnlyKeys("label0", "label1", "label2", "label3", "label4");
    }

    @Test
    void logsHaveBothStreamsOrTheOneAskedFor() {
        String id = serve("fairlead-a", "echo out; echo err >&2", spec -> {});
        Task task = awaitComplete(id);
        assertThat(all(docker.services().logs(id).map(Object::getClass)))
                .containsExactlyInAnyOrder(OutputFrame.Stdout.class, OutputFrame.Stderr.class);
        assertThat(text(docker.services().logs(id, options -> options.stdout(true))))
                .isEqualTo("out\n");
        assertThat(text(docker.services().logs(id, options -> options.stderr(true))))
                .isEqualTo("err\n");
        assertThat(text(docker.services()
                        .logs(id, options -> options.stdout(true).details(true).timestamps(true))))
                .contains("com.docker.swarm.task.id=" + task.id())
                .endsWith(" out\n");
        assertThat(all(docker.tasks().logs(task.id()).map(Object::getClass)))
                .containsExactlyInAnyOrder(OutputFrame.Stdout.class, OutputFrame.Stderr.class);
        assertThat(text(docker.tasks().logs(task.id(), options -> options.stderr(true))))
                .isEqualTo("err\n");
        assertThat(all(docker.tasks().logs(task.id(), options -> options.tail("1"))))
                .hasSize(1);
    }

    @Test
    void logsOfATerminalAreOneStream() {
        String id = serve(
                "fairlead-a",
                "echo out; echo err >&2",
                spec -> spec.taskTemplate(task -> task.containerSpec(container -> container.tty(true))));
        Task task = awaitComplete(id);
        assertThat(all(docker.services().logs(id).map(Object::getClass)))
                .isNotEmpty()
                .allMatch(OutputFrame.Console.class::equals);
        assertThat(text(docker.tasks().logs(task.id()))).contains("out\r\n").contains("err\r\n");
    }

    @Test
    void followedLogsGoAtTheReadersPaceAndEndWhenCancelled() {
        String id = serve("fairlead-a", "i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done", spec -> {});
        awaitRunning(id, 1);
        StepVerifier.create(
                        docker.services()
                                .logs(id, options -> options.follow(true).stdout(true))
                                .map(OutputFrame::text),
                        1)
                .expectNext("1\n")
                .thenRequest(1)
                .expectNext("2\n")
                .thenRequest(Long.MAX_VALUE)
                .thenConsumeWhile(line -> !line.equals("40\n"))
                .thenCancel()
                .verify(LIMIT);
    }

    @Test
    void tasksTellWhatTheyAreAndHowTheyGo() {
        String id = serve("fairlead-a", IDLE, spec -> {});
        Task task = awaitRunning(id, 1).get(0);
        assertThat(get(docker.tasks().inspect(task.id())).serviceId()).isEqualTo(id);
        String node = get(docker.nodes().list().single()).id();
        assertThat(task.nodeId()).isEqualTo(node);
        String container = Objects.requireNonNull(
                        Objects.requireNonNull(task.status()).containerStatus())
                .containerId();
        assertThat(get(docker.containers().inspect(container)).id()).isEqualTo(container);

        assertThat(tasks(which -> which.id(task.id()))).containsExactly(task.id());
        assertThat(tasks(which -> which.service("fairlead-a"))).containsExactly(task.id());
        assertThat(tasks(which -> which.node(node).service(id))).containsExactly(task.id());
        assertThat(tasks(which -> which.name("fairlead-a.1"))).contains(task.id());
        assertThat(tasks(which -> which.desiredState(TaskState.SHUTDOWN).service(id)))
                .isEmpty();
        assertThat(tasks(which -> which.label("nosuch"))).isEmpty();
        assertThat(all(docker.tasks().list().map(Task::id))).contains(task.id());
    }

    @Test
    void refusesWhatIsNotThere() {
        failure(NotFound.class, docker.services().inspect("fairlead-nosuch"));
        failure(NotFound.class, docker.services().remove("fairlead-nosuch"));
        failure(NotFound.class, docker.services().rollback("fairlead-nosuch"));
        failure(NotFound.class, docker.services().logs("fairlead-nosuch"));
        failure(NotFound.class, docker.tasks().inspect("fairlead-nosuch"));
        failure(NotFound.class, docker.tasks().logs("fairlead-nosuch"));
        failure(
                InvalidRequest.class,
                docker.services().create(ServiceSpec.builder().name("a b").build()));
        assertThat(get(docker.services().list().hasElements())).isFalse();
    }
}
