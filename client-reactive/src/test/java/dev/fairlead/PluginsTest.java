package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.model.Plugin;
import dev.fairlead.model.PluginPrivilege;
import dev.fairlead.model.TransferMessage;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Request;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent for plugins of a registry, with credentials too; the answers have the form of an Engine's. */
@Timeout(30)
final class PluginsTest {

    private static final String REMOTE = "registry.example:5000/a/b:1";

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private static final PluginPrivilege NETWORK = PluginPrivilege.builder()
            .name("network")
            .description("permissions to access a network")
            .value("host")
            .build();

    private static final String NETWORK_JSON =
            "[{\"Description\":\"permissions to access a network\",\"Name\":\"network\",\"Value\":[\"host\"]}]";

    private FakeEngine engine;
    private DockerClient docker;

    @BeforeEach
    void start() throws IOException {
        engine = FakeEngine.tcp();
        docker = DockerClient.create(config -> config.host(engine.host()));
    }

    @AfterEach
    void stop() throws Exception {
        docker.close();
        engine.close();
    }

    private Request only(String method, String path) {
        assertThat(engine.requests(method, path)).hasSize(1);
        return engine.requests(method, path).get(0);
    }

    private static List<String> statuses(Transfer<Plugin> transfer) {
        return EngineTest.all(transfer.messages()).stream()
                .map(TransferMessage::status)
                .toList();
    }

    @Test
    void privilegesAreWhatThePluginAsksFor() {
        engine.on("GET", "/plugins/privileges", exchange -> exchange.answer(200, JSON, NETWORK_JSON));
        assertThat(EngineTest.all(docker.plugins().privileges(REMOTE, options -> options.registryAuth("e30="))))
                .containsExactly(NETWORK);
        Request asked = only("GET", "/plugins/privileges");
        assertThat(asked.query("remote")).contains(REMOTE);
        assertThat(asked.header("X-Registry-Auth")).contains("e30=");
    }

    @Test
    void pullSendsWhatWasGranted() {
        engine.on(
                "POST",
                "/plugins/pull",
                exchange -> exchange.answer(
                        200, JSON, "{\"status\":\"Pulling\",\"id\":\"x\"}\r\n{\"status\":\"Done\"}\r\n"));
        assertThat(statuses(docker.plugins().pull(REMOTE, List.of(NETWORK), options -> options.name("mine:1")
                        .registryAuth("e30="))))
                .containsExactly("Pulling", "Done");
        Request asked = only("POST", "/plugins/pull");
        assertThat(asked.query("remote")).contains(REMOTE);
        assertThat(asked.query("name")).contains("mine:1");
        assertThat(asked.header("X-Registry-Auth")).contains("e30=");
        assertThat(asked.bodyText()).isEqualTo(NETWORK_JSON);
    }

    @Test
    void pullGrantsNothingByItself() {
        engine.on(
                "POST",
                "/plugins/pull",
                exchange -> exchange.answer(
                        200,
                        JSON,
                        "{\"errorDetail\":{\"message\":\"incorrect privileges\"},\"error\":\"incorrect privileges\"}\r\n"));
        StreamFailed failure =
                EngineTest.failure(StreamFailed.class, docker.plugins().pull(REMOTE, List.of()));
        assertThat(failure.engineMessage()).isEqualTo("incorrect privileges");
        assertThat(failure.operation()).isEqualTo("POST /plugins/pull");
        assertThat(only("POST", "/plugins/pull").bodyText()).isEqualTo("[]");
    }

    @Test
    void upgradeSendsWhatWasGranted() {
        engine.on("POST", "/plugins/a/*/upgrade", exchange -> exchange.answer(200, JSON, "{\"status\":\"Done\"}\r\n"));
        assertThat(statuses(docker.plugins()
                        .upgrade("a/b:0", REMOTE, List.of(NETWORK), options -> options.registryAuth("e30="))))
                .containsExactly("Done");
        Request asked = only("POST", "/plugins/a/*/upgrade");
        assertThat(asked.query("remote")).contains(REMOTE);
        assertThat(asked.header("X-Registry-Auth")).contains("e30=");
        assertThat(asked.bodyText()).isEqualTo(NETWORK_JSON);
    }

    @Test
    void pushTellsHowItGoesAndFails() {
        engine.on(
                "POST",
                "/plugins/a/*/push",
                exchange -> exchange.answer(
                        200,
                        JSON,
                        "{\"status\":\"Preparing\"}\r\n{\"errorDetail\":{\"message\":\"denied\"},\"error\":\"denied\"}\r\n"));
        assertThat(EngineTest.failure(
                        StreamFailed.class, docker.plugins().push("a/b:0", options -> options.registryAuth("e30="))))
                .hasMessageContaining("POST /plugins/{name}/push")
                .hasMessageContaining("denied");
        assertThat(only("POST", "/plugins/a/*/push").header("X-Registry-Auth")).contains("e30=");
    }

    @Test
    void namesAnOperationAsTheEngineDoes() {
        assertThat(EngineTest.failure(
                                dev.fairlead.core.error.NotFound.class,
                                docker.plugins().inspect("a/b"))
                        .operation())
                .isEqualTo("GET /plugins/{name}/json");
    }
}
