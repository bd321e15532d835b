package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.CredentialsFailed;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.AuthConfig;
import dev.fairlead.model.Service;
import dev.fairlead.model.ServiceCreateResponse;
import dev.fairlead.model.ServiceSpec;
import dev.fairlead.model.Task;
import dev.fairlead.model.TaskRestartCondition;
import dev.fairlead.model.TaskState;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services whose image is in a registry that wants a password. */
@NewestEngine
final class ServiceCredentialsIT extends SwarmTest {

    @TempDir
    Path folder = Path.of("");

    ServiceCredentialsIT(RealEngine engine) {
        super(engine);
    }

    @AfterEach
    void removeImages() {
        // Their tasks end some time after the services.
        done(docker.services()
                .list()
                .map(Service::id)
                .concatMap(docker.services()::remove)
                .then());
        done(docker.images()
                .list()
                .flatMapIterable(image -> Stream.of(image.repoTags(), image.repoDigests())
                        .flatMap(List::stream)
                        .filter(name -> name.contains("/served"))
                        .toList())
                .concatMap(name ->
                        docker.images().remove(name, how -> how.force(true)).onErrorComplete(NotFound.class))
                .then());
    }

    private static ServiceSpec service(String image) {
        return ServiceSpec.builder()
                .name("fairlead-private")
                .taskTemplate(task -> task.containerSpec(container -> container
                                .image(image)
                                .command("sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.05; done")
                                .stopGracePeriod(Duration.ZERO))
                        .restartPolicy(restart -> restart.condition(TaskRestartCondition.NONE)))
                .build();
    }

    private static String image(Task task) {
        return Objects.requireNonNull(Objects.requireNonNull(task.spec()).containerSpec())
                .image();
    }

    @Test
    void nodesPullWithThem() throws IOException {
        PrivateRegistry registry = new PrivateRegistry(folder, PrivateRegistry.start(engine));
        registry.loggedIn(PrivateRegistry.PASSWORD);
        try (DockerClient client = client(config -> config.credentials(registry.credentials()))) {
            for (String tag : List.of("1", "2")) {
                String name = registry.host() + "/served:" + tag;
                done(docker.images().tag(IMAGE, name));
                done(client.images().push(name).result().then());
                done(docker.images().remove(name).then());
            }
            String id = get(client.services()
                    .create(service(registry.host() + "/served:1"))
                    .map(ServiceCreateResponse::id));
            List<Task> first = awaitRunning(id, 1);
            assertThat(image(first.get(0))).startsWith(registry.host() + "/served:1");

            // The swarm goes on with what it keeps, and the task with its work.
            registry.loggedIn("of no use");
            done(client.services().updateWith(id, spec -> spec.label("a", "b")));
            assertThat(awaitRunning(id, 1))
                    .extracting(Task::id)
                    .containsExactly(first.get(0).id());

            registry.loggedIn(PrivateRegistry.PASSWORD);
            done(client.services()
                    .updateWith(
                            id,
                            spec -> spec.taskTemplate(task ->
                                    task.containerSpec(container -> container.image(registry.host() + "/served:2")))));
            until(
                    docker.tasks()
                            .list(list -> list.filters(which -> which.service(id)))
                            .collectList(),
                    tasks -> tasks.stream()
                            .anyMatch(task -> image(task).contains("/served:2")
                                    && state(task).equals(TaskState.RUNNING)));

            registry.config("{'credsStore': 'nosuch'}");
            failure(CredentialsFailed.class, client.services().create(service(registry.host() + "/served:1")));
        }
    }

    @Test
    void otherCredentialsAloneReplaceNoTask() {
        String id = serve("fairlead-kept", "trap 'exit 0' TERM; while :; do sleep 0.05; done", spec -> {});
        String first = awaitRunning(id, 1).get(0).id();
        String auth = RegistryCredentials.encode(
                AuthConfig.builder().username("x").password("y").build());

        done(docker.services().updateWith(id, spec -> {}, how -> how.registryAuth(auth)));
        done(docker.services().updateWith(id, spec -> spec.mode(mode -> mode.replicated(it -> it.replicas(2)))));

        assertThat(awaitRunning(id, 2)).extracting(Task::id).contains(first);
        assertThat(all(docker.tasks().list(list -> list.filters(which -> which.service(id)))))
                .hasSize(2);
    }
}
