package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.Driver;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.Secret;
import dev.fairlead.model.SecretListOptions;
import dev.fairlead.model.SecretSpec;
import dev.fairlead.model.TaskSecretReference;
import dev.fairlead.testing.RealEngine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

final class SecretsIT extends SwarmTest {

    private static final byte[] VALUE = "s3cret value".getBytes(StandardCharsets.UTF_8);

    SecretsIT(RealEngine engine) {
        super(engine);
    }

    @AfterEach
    void removeSecrets() {
        removeServices();
        done(docker.secrets()
                .list()
                .map(Secret::id)
                .concatMap(docker.secrets()::remove)
                .then());
    }

    private Secret inspect(String id) {
        return get(docker.secrets().inspect(id));
    }

    private static SecretSpec spec(Secret secret) {
        return Objects.requireNonNull(secret.spec());
    }

    private static long index(Secret secret) {
        return Objects.requireNonNull(secret.version()).index();
    }

    private List<String> names(Consumer<SecretListOptions.Filters> filters) {
        return all(docker.secrets().list(list -> list.filters(filters)).map(secret -> spec(secret)
                .name()));
    }

    @Test
    void createTakesWhatInspectTells() {
        String id = get(docker.secrets().create("fairlead-a", VALUE)).id();
        Secret made = inspect("fairlead-a");
        assertThat(made.id()).isEqualTo(id);
        assertThat(made.createdAt()).isNotNull();
        assertThat(spec(made).name()).isEqualTo("fairlead-a");
        assertThat(spec(made).data()).isEmpty();
        failure(Conflict.class, docker.secrets().create("fairlead-a", VALUE));
        done(docker.secrets().remove("fairlead-a"));
        failure(NotFound.class, docker.secrets().inspect(id));
    }

    @Test
    void createTakesAWholeSpecification() {
        done(docker.secrets()
                .create(SecretSpec.builder("fairlead-a")
                        .data(VALUE)
                        .label("l", "m")
                        .templating(Driver.builder("golang").build())
                        .build()));
        assertThat(spec(inspect("fairlead-a")).labels()).containsEntry("l", "m");
        assertThat(Objects.requireNonNull(spec(inspect("fairlead-a")).templating())
                        .name())
                .isEqualTo("golang");
    }

    @Test
    void createRefusesAnEmptyValue() {
        failure(InvalidRequest.class, docker.secrets().create("fairlead-a", new byte[0]));
    }

    @Test
    void listSelectsByEachFilter() {
        String id = get(docker.secrets().create("fairlead-a", VALUE)).id();
        done(docker.secrets()
                .create(SecretSpec.builder("fairlead-b")
                        .data(VALUE)
                        .label("b", "")
                        .build()));
        assertThat(all(docker.secrets().list())).hasSize(2);
        assertThat(names(which -> which.id(id))).containsExactly("fairlead-a");
        assertThat(names(which -> which.name("fairlead-a"))).containsExactly("fairlead-a");
        assertThat(names(which -> which.label("b"))).containsExactly("fairlead-b");
        assertThat(names(which -> which.names("fairlead-a"))).containsExactly("fairlead-a");
        assertThat(names(which -> which.names("fairlead-"))).isEmpty();
    }

    @Test
    void updateChangesLabelsFromTheVersionThatIsThere() {
        String id = get(docker.secrets().create("fairlead-a", VALUE)).id();
        Secret before = inspect(id);
        done(docker.secrets()
                .update(
                        id,
                        index(before),
                        spec(before).toBuilder().label("l", "m").build()));
        assertThat(spec(inspect(id)).labels()).containsEntry("l", "m");
        Conflict late = failure(Conflict.class, docker.secrets().update(id, index(before), spec(before)));
        assertThat(late.engineMessage()).contains("update out of sequence");
        failure(
                InvalidRequest.class,
                docker.secrets().updateWith(id, spec -> spec.data("other".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void updateWithLosesNothingToOthers() {
        String id = get(docker.secrets().create("fairlead-a", VALUE)).id();
        done(Flux.range(0, 5)
                .flatMap(number -> docker.secrets().updateWith(id, spec -> spec.label("label" + number, "yes")), 5)
                .then());
        assertThat(spec(inspect(id)).labels()).containsOnlyKeys("label0", "label1", "label2", "label3", "label4");
    }

    @Test
    void reachesTheContainersOfAService() {
        String id = get(docker.secrets().create("fairlead-a", VALUE)).id();
        String service = serve(
                "fairlead-reader",
                "cat /run/secrets/the-file",
                spec -> spec.taskTemplate(task ->
                        task.containerSpec(container -> container.secrets(TaskSecretReference.builder(id, "fairlead-a")
                                .file(file ->
                                        file.name("the-file").uid("0").gid("0").mode(292))
                                .build()))));
        assertThat(until(
                        docker.services().logs(service).map(OutputFrame::text).collectList(),
                        lines -> !lines.isEmpty()))
                .containsExactly("s3cret value");
        failure(InvalidRequest.class, docker.secrets().remove(id));
    }

    @Test
    void showsNoValueAsText() {
        assertThat(SecretSpec.builder("fairlead-a").data(VALUE).build().toString())
                .doesNotContain("s3cret", "115");
    }

    @Test
    void refusesWhatIsNotThere() {
        failure(NotFound.class, docker.secrets().inspect("fairlead-nosuch"));
        failure(NotFound.class, docker.secrets().remove("fairlead-nosuch"));
        failure(NotFound.class, docker.secrets().updateWith("fairlead-nosuch", spec -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> docker.secrets().inspect(" "));
    }
}
