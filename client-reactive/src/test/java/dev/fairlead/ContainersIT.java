package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.ContainerConfig;
import dev.fairlead.model.ContainerInspectResponse;
import dev.fairlead.model.ContainerListOptions;
import dev.fairlead.model.ContainerStatus;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.model.HealthStatus;
import dev.fairlead.model.HostConfig;
import dev.fairlead.model.Platform;
import dev.fairlead.model.PortSummary;
import dev.fairlead.testing.RealEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Create, list, inspect and remove. */
final class ContainersIT extends EngineTest {

    ContainersIT(RealEngine engine) {
        super(engine);
    }

    private ContainerInspectResponse inspect(String id) {
        return get(docker.containers().inspect(id));
    }

    @Test
    void createTakesWhatInspectTells() {
        String id = create(container -> container
                .name("fairlead-all")
                .hostname("box")
                .domainname("example.org")
                .user("1000:1000")
                .attachStdin(true)
                .attachStdout(true)
                .attachStderr(true)
                .exposedPorts("80/tcp")
                .tty(true)
                .openStdin(true)
                .stdinOnce(true)
                .env("A=1", "B=ü")
                .cmd("-c", "true")
                .entrypoint("sh")
                .healthcheck(check -> check.test("CMD", "true")
                        .interval(Duration.ofSeconds(7))
                        .retries(3))
                .volumes("/data")
                .workingDir("/tmp")
                .label("more", "a b")
                .stopSignal("SIGINT")
                .stopTimeout(Duration.ofSeconds(3))
                .shell("sh", "-c")
                .hostConfig(host -> host.memory(64 << 20)
                        .binds("/tmp:/host:ro")
                        .putTmpfs("/scratch", "size=1m")
                        .readonlyRootfs(true)));
        ContainerInspectResponse made = inspect("fairlead-all");
        assertThat(made.id()).isEqualTo(id);
        assertThat(made.name()).isEqualTo("/fairlead-all");
        assertThat(made.path()).isEqualTo("sh");
        assertThat(made.args()).containsExactly("-c", "true");
        assertThat(made.created())
                .isBetween(Instant.now().minusSeconds(300), Instant.now().plusSeconds(300));
        assertThat(Objects.requireNonNull(made.state()).status()).isEqualTo(ContainerStatus.CREATED);
        assertThat(Objects.requireNonNull(made.state()).startedAt()).isNull();
        ContainerConfig config = Objects.requireNonNull(made.config());
        assertThat(config.hostname()).isEqualTo("box");
        assertThat(config.domainname()).isEqualTo("example.org");
        assertThat(config.user()).isEqualTo("1000:1000");
        assertThat(List.of(config.attachStdin(), config.attachStdout(), config.attachStderr()))
                .containsOnly(true);
        assertThat(List.of(config.tty(), config.openStdin(), config.stdinOnce()))
                .containsOnly(true);
        assertThat(config.exposedPorts()).containsExactly("80/tcp");
        assertThat(config.env()).contains("A=1", "B=ü");
        assertThat(config.volumes()).containsExactly("/data");
        assertThat(config.workingDir()).isEqualTo("/tmp");
        assertThat(config.labels()).containsEntry("more", "a b");
        assertThat(config.stopSignal()).isEqualTo("SIGINT");
        assertThat(config.stopTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.shell()).containsExactly("sh", "-c");
        assertThat(Objects.requireNonNull(config.healthcheck()).interval()).isEqualTo(Duration.ofSeconds(7));
        HostConfig host = Objects.requireNonNull(made.hostConfig());
        assertThat(host.memory()).isEqualTo(64 << 20);
        assertThat(host.binds()).containsExactly("/tmp:/host:ro");
        assertThat(host.tmpfs()).containsEntry("/scratch", "size=1m");
        assertThat(host.readonlyRootfs()).isTrue();
    }

    @Test
    void createTakesThePlatformFromItsVersionOn() {
        since(41, client -> client.containers()
                .create(IMAGE, container -> marked(container).platform(Platform.parse("linux/amd64"))));
    }

    @Test
    void createReportsTheMissingImage() {
        assertThat(failure(NotFound.class, docker.containers().create("nosuch/image:9"))
                        .engineMessage())
                .contains("nosuch/image:9");
    }

    @Test
    void createReportsTheTakenName() {
        String id = create(container -> container.name("fairlead-taken"));
        assertThat(failure(Conflict.class, docker.containers().create(IMAGE, container -> marked(container)
                                .name("fairlead-taken")))
                        .engineMessage())
                .contains(id);
    }

    @Test
    void inspectMeasuresOnlyWhenAsked() {
        String id = ended("head -c 100000 /dev/zero >/file");
        assertThat(inspect(id).sizeRw()).isNull();
        ContainerInspectResponse measured = get(docker.containers().inspect(id, options -> options.size(true)));
        assertThat(measured.sizeRw()).isGreaterThanOrEqualTo(100_000);
        assertThat(measured.sizeRootFs()).isGreaterThan(Objects.requireNonNull(measured.sizeRw()));
    }

    @Test
    void inspectFindsByPrefixAndName() {
        String id = create(container -> container.name("fairlead-found"));
        assertThat(inspect(id.substring(0, 12)).id()).isEqualTo(id);
        assertThat(inspect("fairlead-found").id()).isEqualTo(id);
    }

    private List<String> list(Consumer<ContainerListOptions.Builder> options) {
        return all(docker.containers().list(options).map(ContainerSummary::id));
    }

    private List<String> filtered(Consumer<ContainerListOptions.Filters> filters) {
        return list(options -> options.all(true).filters(filters));
    }

    @Test
    void listTellsOfStoppedContainersOnlyWhenAsked() {
        String created = create("true");
        String running = idle();
        assertThat(all(docker.containers().list()))
                .extracting(ContainerSummary::id)
                .containsExactly(running);
        assertThat(list(options -> options.all(true))).containsExactly(running, created);
        assertThat(list(options -> options.limit(1))).containsExactly(running);
        assertThat(list(options -> options.limit(2))).containsExactly(running, created);
    }

    @Test
    void listTellsWhatThereIs() {
        String id = idle();
        ContainerSummary seen =
                get(docker.containers().list(options -> options.size(true)).single());
        assertThat(seen.id()).isEqualTo(id);
        assertThat(seen.names()).singleElement().asString().startsWith("/");
        assertThat(seen.image()).isEqualTo(IMAGE);
        assertThat(seen.imageId()).startsWith("sha256:");
        assertThat(seen.state()).isEqualTo(ContainerStatus.RUNNING);
        assertThat(seen.command()).startsWith("sh -c");
        assertThat(seen.created())
                .isBetween(Instant.now().minusSeconds(300), Instant.now().plusSeconds(300));
        assertThat(seen.sizeRootFs()).isPositive();
        assertThat(Objects.requireNonNull(seen.networkSettings()).networks()).containsKey("bridge");
        assertThat(get(docker.containers().list().single()).sizeRootFs()).isNull();
    }

    @Test
    void listFilters() {
        String first = create(container -> container
                .name("fairlead-first")
                .label("colour", "red & green")
                .cmd("true")
                .exposedPorts("8080/tcp")
                .volumes("/data")
                .healthcheck(check -> check.test("NONE")));
        String second = ended("exit 7");
        assertThat(filtered(which -> which.ancestor(IMAGE))).containsExactly(second, first);
        assertThat(filtered(which -> which.before(second))).containsExactly(first);
        assertThat(filtered(which -> which.since(first))).containsExactly(second);
        assertThat(filtered(which -> which.exited("7"))).containsExactly(second);
        assertThat(filtered(which -> which.health(HealthStatus.NONE))).contains(second);
        assertThat(filtered(which -> which.health(HealthStatus.HEALTHY))).isEmpty();
        assertThat(filtered(which -> which.id(first.substring(0, 20)))).containsExactly(first);
        assertThat(filtered(which -> which.isTask(true))).isEmpty();
        assertThat(filtered(which -> which.isTask(false))).containsExactly(second, first);
        assertThat(filtered(which -> which.label("colour=red & green"))).containsExactly(first);
        assertThat(filtered(which -> which.label("colour", "nosuch"))).isEmpty();
        assertThat(filtered(which -> which.name("first"))).containsExactly(first);
        assertThat(filtered(which -> which.network("bridge"))).contains(second);
        assertThat(filtered(which -> which.status(ContainerStatus.CREATED))).containsExactly(first);
        assertThat(filtered(which -> which.status(ContainerStatus.CREATED, ContainerStatus.EXITED)))
                .containsExactly(second, first);
        assertThat(filtered(which -> which.volume("/data"))).containsExactly(first);
        assertThat(filtered(which -> which.filter("name", "first"))).containsExactly(first);
    }

    @Test
    void listFiltersByThePortsOfWhatRuns() {
        String exposed = start(container -> container.cmd("sleep", "1000").exposedPorts("8080/tcp", "8081/udp"));
        String published = start(container ->
                container.cmd("sleep", "1000").exposedPorts("8082/tcp").hostConfig(host -> host.publishAllPorts(true)));
        assertThat(filtered(which -> which.expose("8081/udp"))).containsExactly(exposed);
        assertThat(filtered(which -> which.expose("8080-8082"))).containsExactly(published, exposed);
        List<PortSummary> ports =
                get(docker.containers().list(list -> list.limit(1)).single()).ports();
        assertThat(ports).isNotEmpty().allSatisfy(port -> assertThat(port.publicPort())
                .isPositive());
        assertThat(filtered(which -> which.publish(ports.get(0).publicPort() + "/tcp")))
                .containsExactly(published);
    }

    @Test
    void removeRefusesARunningContainerUnlessForced() {
        String id = idle();
        failure(Conflict.class, docker.containers().remove(id));
        done(docker.containers().remove(id, how -> how.force(true)));
        failure(NotFound.class, docker.containers().remove(id));
    }

    @Test
    void removeKeepsVolumesUnlessTold() {
        String kept = create(container -> container.volumes("/data"));
        String volume = inspect(kept).mounts().get(0).name();
        done(docker.containers().remove(kept));
        String user = create(container -> container.hostConfig(host -> host.binds(volume + ":/data")));
        assertThat(inspect(user).mounts().get(0).name()).isEqualTo(volume);
        done(docker.containers().remove(user, how -> how.volumes(true)));
    }

    @Test
    void removeTakesAwayALink() {
        String target = start(container -> container.name("fairlead-db").cmd("sleep", "1000"));
        String id =
                create(container -> container.name("fairlead-web").hostConfig(host -> host.links("fairlead-db:db")));
        assertThat(Objects.requireNonNull(inspect(id).hostConfig()).links()).isNotEmpty();
        done(docker.containers().remove("fairlead-web/db", how -> how.link(true)));
        assertThat(inspect(target).id()).isEqualTo(target);
        assertThat(Objects.requireNonNull(inspect(id).hostConfig()).links()).isEmpty();
    }
}
