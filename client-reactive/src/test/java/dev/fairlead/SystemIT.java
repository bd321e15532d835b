package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.EnginePing;
import dev.fairlead.model.SystemInfo;
import dev.fairlead.model.SystemVersion;
import dev.fairlead.testing.RealEngine;
import org.junit.jupiter.api.Test;

final class SystemIT extends EngineTest {

    SystemIT(RealEngine engine) {
        super(engine);
    }

    @Test
    void pingTellsTheVersionByBothMethods() {
        EnginePing ping = get(docker.system().ping());
        assertThat(ping.apiVersion()).isNotNull().isGreaterThan(ApiVersion.OLDEST);
        assertThat(ping.osType()).isEqualTo("linux");
        assertThat(get(docker.system().pingHead())).isEqualTo(ping);
    }

    @Test
    void negotiatesTheNewestVersionThatBothKnow() {
        ApiVersion newest = ApiVersion.parse(get(docker.system().version()).apiVersion());
        assertThat(get(docker.apiVersion()))
                .isEqualTo(newest.isAtLeast(ApiVersion.NEWEST) ? ApiVersion.NEWEST : newest);
    }

    @Test
    void versionNamesTheEngineAndItsParts() {
        SystemVersion version = get(docker.system().version());
        assertThat(version.version()).startsWith(engine.version().substring(0, 3));
        assertThat(version.os()).isEqualTo("linux");
        assertThat(version.components()).extracting("name").contains("Engine", "containerd", "runc");
        assertThat(version.minApiVersion()).isNotEmpty();
    }

    @Test
    void infoCountsContainers() {
        String running = idle();
        SystemInfo info = get(docker.system().info());
        assertThat(info.containersRunning()).isPositive();
        assertThat(info.containers()).isGreaterThanOrEqualTo(info.containersRunning());
        assertThat(info.images()).isPositive();
        assertThat(info.serverVersion()).startsWith(engine.version().substring(0, 3));
        assertThat(info.systemTime()).isNotNull();
        assertThat(info.ncpu()).isPositive();
        assertThat(info.memTotal()).isPositive();
        assertThat(info.runtimes()).containsKey("runc");
        done(docker.containers().remove(running, how -> how.force(true)));
    }

    @Test
    void aChosenVersionIsNotNegotiated() {
        try (DockerClient chosen = client(config -> config.apiVersion(ApiVersion.of(1, 41)))) {
            assertThat(get(chosen.apiVersion())).isEqualTo(ApiVersion.of(1, 41));
            assertThat(all(chosen.containers().list())).isEmpty();
        }
    }

    @Test
    void aVersionThatIsTooNewIsRefusedByTheEngine() {
        try (DockerClient chosen = client(config -> config.apiVersion(ApiVersion.of(1, 99)))) {
            assertThat(failure(InvalidRequest.class, chosen.system().info()).engineMessage())
                    .contains("1.99");
        }
    }

    @Test
    void aClosedClientSaysSo() {
        DockerClient closed = client(config -> {});
        assertThat(get(closed.system().ping()).osType()).isEqualTo("linux");
        closed.close();
        assertThat(failure(ClientClosed.class, closed.system().ping())).hasMessageContaining("closed");
        assertThat(failure(ClientClosed.class, closed.containers().logs("x"))).hasMessageContaining("closed");
    }
}
