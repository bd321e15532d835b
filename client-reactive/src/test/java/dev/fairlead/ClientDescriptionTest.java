package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.Environment;
import dev.fairlead.model.ApiVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientDescriptionTest {

    @TempDir
    Path home;

    private final Map<String, String> variables = new HashMap<>();

    @Test
    void tellsTheProgramsChoice() {
        ClientDescription description = describe(config ->
                config.host("tcp://h:1").apiVersion(ApiVersion.of(1, 44)).header("Authorization", "s3cret"));
        assertThat(description.source()).isEqualTo("the program");
        assertThat(description.context()).isNull();
        assertThat(description.tls()).isEqualTo("off");
        assertThat(description.tlsMaterial()).isNull();
        assertThat(description.headers()).containsExactly("Authorization", "User-Agent");
        assertThat(description.toString())
                .isEqualTo("host: tcp://h:1 (the program)\nTLS: off\nAPI version: 1.44 (the program)\n"
                        + "headers: Authorization, User-Agent\nconfig folder: " + home.resolve(".docker"));
    }

    @Test
    void tellsTheEnvironmentsChoiceAndWhatItPassedOver() {
        variables.put("DOCKER_HOST", "tcp://h:1");
        variables.put("DOCKER_CONTEXT", "prod");
        variables.put("DOCKER_API_VERSION", "v1.43");
        variables.put("DOCKER_CUSTOM_HEADERS", "X-Token=s3cret,authorization=theirs");
        ClientDescription description = describe(config -> config.header("Authorization", "mine"));
        assertThat(description.toString())
                .contains("host: tcp://h:1 (DOCKER_HOST)")
                .contains("API version: 1.43 (DOCKER_API_VERSION)")
                .contains("X-Token")
                .contains("passed over: DOCKER_CONTEXT: DOCKER_HOST comes before it")
                .doesNotContain("s3cret");
        assertThat(description.headers()).hasSize(3);
    }

    @Test
    void tellsThatTheVersionIsNotKnownYet() {
        ClientDescription description = describe(config -> config.host("tcp://h:1"));
        assertThat(description.apiVersion()).isNull();
        assertThat(description.toString()).contains("API version: not known yet (negotiation)");
    }

    @Test
    void tellsWhomTlsMakesSureOf() throws IOException {
        assertThat(describe(config -> config.host("https://h")))
                .returns("server verified", ClientDescription::tls)
                .returns("ca=the JDK's authorities", ClientDescription::tlsMaterial);
        variables.put("DOCKER_HOST", "tcp://h");
        variables.put(
                "DOCKER_CERT_PATH", Files.createDirectory(home.resolve("certs")).toString());
        assertThat(describe(config -> {}))
                .returns("on, not verified", ClientDescription::tls)
                .returns("nothing", ClientDescription::tlsMaterial);
    }

    private ClientDescription describe(Consumer<DockerConfig.Builder> more) {
        DockerConfig.Builder config = DockerConfig.builder();
        more.accept(config);
        try (DockerClient client =
                DockerClient.create(config.build(), new Environment(variables, home, path -> false))) {
            return client.describe();
        }
    }
}
