package dev.fairlead.samples.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.fairlead.model.EndpointPortConfig;
import dev.fairlead.model.NetworkAttachmentConfig;
import dev.fairlead.model.Port;
import dev.fairlead.model.ServiceSpec;
import dev.fairlead.model.TaskContainerSpec;
import dev.fairlead.model.TaskSpec;
import dev.fairlead.samples.orchestrator.Settings.AtEnd;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import reactor.core.publisher.Mono;

/** What a declaration becomes in a swarm. */
class ServiceSpecsTest {

    @TempDir
    private Path folder;

    @Test
    void serviceIsWhatAContainerWouldBe() {
        ServiceSpec service = describe(
                "command: [serve, --fast], ports: ['8080:80', '53:53/udp'], network: front", ServiceSpec.builder());
        TaskSpec task = Objects.requireNonNull(service.taskTemplate());
        TaskContainerSpec container = Objects.requireNonNull(task.containerSpec());
        assertThat(container.args()).as("what an Engine calls Cmd").containsExactly("serve", "--fast");
        assertThat(container.command()).as("in place of the entry point").isEmpty();
        assertThat(task.networks()).extracting(NetworkAttachmentConfig::target).containsExactly("front");
        assertThat(Objects.requireNonNull(service.endpointSpec()).ports())
                .extracting(EndpointPortConfig::publishedPort, EndpointPortConfig::targetPort, port -> port.protocol())
                .containsExactly(
                        tuple(8080, 80, Port.tcp(80).protocol()),
                        tuple(53, 53, Port.udp(53).protocol()));
    }

    @Test
    void whatIsDeclaredNoMoreIsTakenAway() {
        ServiceSpec before = describe("command: [serve], ports: ['8080:80'], network: front", ServiceSpec.builder());
        ServiceSpec service = describe("replicas: 2", before.toBuilder());
        TaskSpec task = Objects.requireNonNull(service.taskTemplate());
        assertThat(Objects.requireNonNull(task.containerSpec()).args()).isEmpty();
        assertThat(task.networks()).isEmpty();
        assertThat(Objects.requireNonNull(service.endpointSpec()).ports()).isEmpty();
    }

    private static ServiceSpec describe(String fields, ServiceSpec.Builder service) {
        Declaration declaration = Declaration.parse("containers: [ { name: web, image: busybox, " + fields + " } ]");
        ServiceSpecs.requirePossible(declaration);
        Settings settings = new Settings(0, Duration.ofSeconds(30), AtEnd.LEAVE, Duration.ofSeconds(10));
        return new ServiceSpecs(declaration, settings, 8)
                .describe(declaration.containers().get(0), service)
                .build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ports: ['80:80', '127.0.0.1:8080:80'] | web: ports: | 127.0.0.1",
                "ports: ['[::1]:8080:80'] | web: ports: | [::1]",
                "network: none | web: network: | 'none'",
                "network: default | web: network: | 'default'",
                "network: 'container:db' | web: network: | 'container:db'",
                "network: '' | web: network: | ''",
                "engines: [one] | web: engines: | no Engine"
            })
    void whatAServiceCantHaveIsRefusedBeforeAnythingIsAsked(String fields, String place, String told)
            throws IOException {
        Path file = Files.writeString(folder.resolve("web.yaml"), """
                engines: { one: "unix:///nowhere.sock" }
                containers: [ { name: db, image: busybox }, { name: web, image: busybox, %s } ]
                """.formatted(fields));
        StringWriter error = new StringWriter();
        int code = Orchestrator.commandLine(new Orchestrator(
                        Mono.never(), new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)))
                .setErr(new PrintWriter(error))
                .execute(file.toString(), "--swarm");
        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(error.toString()).contains(place).contains(told);
    }
}
