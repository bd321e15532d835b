package dev.fairlead;

import dev.fairlead.model.Service;
import dev.fairlead.model.ServiceCreateResponse;
import dev.fairlead.model.ServiceSpec;
import dev.fairlead.model.Task;
import dev.fairlead.model.TaskRestartCondition;
import dev.fairlead.model.TaskState;
import dev.fairlead.model.TaskStatus;
import dev.fairlead.testing.RealEngine;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import reactor.core.publisher.Mono;

/** What the tests share that need a swarm, here of one Engine: founded before the first of a class, left after the last. */
abstract class SwarmTest extends EngineTest {

    SwarmTest(RealEngine engine) {
        super(engine);
    }

    @BeforeAll
    final void found() {
        get(docker.swarm().init());
    }

    @AfterAll
    final void leave() {
        // The base class has closed the client of the tests already.
        try (DockerClient last = client(config -> {})) {
            done(last.swarm().leave(how -> how.force(true)));
        }
    }

    @AfterEach
    final void removeServices() {
        done(docker.services()
                .list()
                .map(Service::id)
                .concatMap(docker.services()::remove)
                .then());
    }

    /** The id of a new service that runs a shell. */
    final String serve(String name, String shell, Consumer<ServiceSpec.Builder> more) {
        ServiceSpec.Builder spec = ServiceSpec.builder().name(name).taskTemplate(task -> task.containerSpec(container ->
                        container.image(IMAGE).command("sh", "-c", shell).stopGracePeriod(Duration.ZERO))
                .restartPolicy(restart -> restart.condition(TaskRestartCondition.NONE)));
        more.accept(spec);
        return get(docker.services().create(spec.build()).map(ServiceCreateResponse::id));
    }

    static TaskState state(Task task) {
        TaskStatus status = task.status();
        TaskState state = status == null ? null : status.state();
        return state == null ? TaskState.NEW : state;
    }

    /** Asks again and again until the answer is as wanted, which is emitted. */
    static <T> T until(Mono<T> question, Predicate<T> wanted) {
        return get(question.filter(wanted).repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(50))));
    }

    /** Waits until as many tasks of the service run, and no more. */
    final List<Task> awaitRunning(String service, int count) {
        return until(
                docker.tasks()
                        .list(list ->
                                list.filters(which -> which.service(service).desiredState(TaskState.RUNNING)))
                        .filter(task -> state(task).equals(TaskState.RUNNING))
                        .collectList(),
                tasks -> tasks.size() == count);
    }
}
