package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.Config;
import dev.fairlead.model.ConfigListOptions;
import dev.fairlead.model.ConfigSpec;
import dev.fairlead.model.Driver;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.TaskConfigReference;
import dev.fairlead.testing.RealEngine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

final class ConfigsIT extends SwarmTest {

    private static final byte[] VALUE = "s3cret value".getBytes(StandardCharsets.UTF_8);

    ConfigsIT(RealEngine engine) {
        super(engine);
    }

    @AfterEach
    void removeConfigs() {
        removeServices();
        done(docker.configs()
                .list()
                .map(Config::id)
                .concatMap(docker.configs()::remove)
                .then());
    }

    private Config inspect(String id) {
        return get(docker.configs().inspect(id));
    }

    private static ConfigSpec spec(Config config) {
        return Objects.requireNonNull(config.spec());
    }

    private static long index(Config config) {
        return Objects.requireNonNull(config.version()).index();
    }

    private List<String> names(Consumer<ConfigListOptions.Filters> filters) {
        return all(docker.configs().list(list -> list.filters(filters)).map(config -> spec(config)
                .name()));
    }

    @Test
    void createTakesWhatInspectTells() {
        String id = get(docker.configs().create("fairlead-a", VALUE)).id();
        Config made = inspect("fairlead-a");
        assertThat(made.id()).isEqualTo(id);
        assertThat(made.createdAt()).isNotNull();
        assertThat(spec(made).name()).isEqualTo("fairlead-a");
        assertThat(spec(made).data()).isEqualTo(VALUE);
        failure(Conflict.class, docker.configs().create("fairlead-a", VALUE));
        done(docker.configs().remove("fairlead-a"));
        failure(NotFound.class, docker.configs().inspect(id));
    }

    @Test
    void createTakesAWholeSpecification() {
        done(docker.configs()
                .create(ConfigSpec.builder("fairlead-a")
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
        failure(InvalidRequest.class, docker.configs().create("fairlead-a", new byte[0]));
    }

    @Test
    void listSelectsByEachFilter() {
        String id = get(docker.configs().create("fairlead-a", VALUE)).id();
        done(docker.configs()
                .create(ConfigSpec.builder("fairlead-b")
                        .data(VALUE)
                        .label("b", "")
                        .build()));
        assertThat(all(docker.configs().list())).hasSize(2);
        assertThat(names(which -> which.id(id))).containsExactly("fairlead-a");
        assertThat(names(which -> which.name("fairlead-a"))).containsExactly("fairlead-a");
        assertThat(names(which -> which.label("b"))).containsExactly("fairlead-b");
    }

    @Test
    void updateChangesLabelsFromTheVersionThatIsThere() {
        String id = get(docker.configs().create("fairlead-a", VALUE)).id();
        Config before = inspect(id);
        done(docker.configs()
                .update(
                        id,
                        index(before),
                        spec(before).toBuilder().label("l", "m").build()));
        assertThat(spec(inspect(id)).labels()).containsEntry("l", "m");
        Conflict late = failure(Conflict.class, docker.configs().update(id, index(before), spec(before)));
        assertThat(late.engineMessage()).contains("update out of sequence");
        failure(
                InvalidRequest.class,
                docker.configs().updateWith(id, spec -> spec.data("other".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void updateWithLosesNothingToOthers() {
        String id = get(docker.configs().create("fairlead-a", VALUE)).id();
        done(Flux.range(0, 5)
                .flatMap(number -> docker.configs().updateWith(id, spec -> spec.label("label" + number, "yes")), 5)
                .then());
        assertThat(spec(inspect(id)).labels()).containsOnlyKeys("label0", "label1", "label2", "label3", "label4");
    }

    @Test
    void reachesTheContainersOfAService() {
        String id = get(docker.configs().create("fairlead-a", VALUE)).id();
        String service = serve(
                "fairlead-reader",
                "cat /the-file",
                spec -> spec.taskTemplate(task ->
                        task.containerSpec(container -> container.configs(TaskConfigReference.builder(id, "fairlead-a")
                                .file(file ->
                                        file.name("the-file").uid("0").gid("0").mode(292))
                                .build()))));
        assertThat(until(
                        docker.services().logs(service).map(OutputFrame::text).collectList(),
                        lines -> !lines.isEmpty()))
                .containsExactly("s3cret value");
        failure(InvalidRequest.class, docker.configs().remove(id));
    }

    @Test
    void showsNoValueAsText() {
        assertThat(ConfigSpec.builder("fairlead-a").data(VALUE).build().toString())
                .doesNotContain("s3cret", "115");
    }

    @Test
    void refusesWhatIsNotThere() {
        failure(NotFound.class, docker.configs().inspect("fairlead-nosuch"));
        failure(NotFound.class, docker.configs().remove("fairlead-nosuch"));
        failure(NotFound.class, docker.configs().updateWith("fairlead-nosuch", spec -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> docker.configs().inspect(" "));
    }
}
