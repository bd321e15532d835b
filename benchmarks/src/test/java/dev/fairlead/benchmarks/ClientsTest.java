package dev.fairlead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each client does what is measured, in tiny sizes; how fast is not looked at. */
@Timeout(30)
final class ClientsTest {

    private static final Sizes TINY = new Sizes(1, 500);

    @TempDir
    private Path folder;

    static Stream<Arguments> clientsAndScenarios() {
        return Arrays.stream(Scenario.values())
                .filter(scenario -> scenario.way() == Scenario.Way.RATE || scenario.way() == Scenario.Way.STREAMS)
                .flatMap(scenario -> Arrays.stream(ClientKind.values()).map(kind -> Arguments.of(kind, scenario)));
    }

    @ParameterizedTest
    @MethodSource("clientsAndScenarios")
    void clientDoesAllOfTheScenario(ClientKind kind, Scenario scenario) throws Exception {
        Path socket = folder.resolve("engine.sock");
        try (FakeEngine engine = FakeEngine.start(socket)) {
            Measurement measured = Worker.run(kind, socket, scenario, TINY);
            assertThat(Measurement.parse(measured.toLine())).isEqualTo(measured);
            assertThat(measured.values())
                    .containsKey(scenario.way() == Scenario.Way.RATE ? Metric.RATE : Metric.MILLIS);
            assertThat(engine.requests()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void engineGetsAllOfAnUpload(ClientKind kind) throws Exception {
        Path socket = folder.resolve("engine.sock");
        try (FakeEngine engine = FakeEngine.start(socket);
                Client client = kind.create(socket)) {
            client.upload(1 << 20);
            assertThat(engine.bodies()).isEqualTo(1 << 20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientKeepsFollowedLogsOpen(ClientKind kind) throws Exception {
        Path socket = folder.resolve("engine.sock");
        try (FakeEngine engine = FakeEngine.start(socket);
                Client client = kind.create(socket)) {
            client.follow(5);
            assertThat(engine.connections()).isGreaterThanOrEqualTo(5);
            client.unfollow();
        }
    }

    @Test
    void observedClientIsObserved() throws Exception {
        Path socket = folder.resolve("engine.sock");
        MeterRegistry registry = new SimpleMeterRegistry();
        try (FakeEngine engine = FakeEngine.start(socket);
                Client client = FairleadClient.observed(socket, registry)) {
            client.pings(7, 2, null);
            client.stats(3);
            assertThat(engine.requests()).isPositive();
            assertThat(registry.get("fairlead.exchange")
                            .tag("operation", "GET /_ping")
                            .timer()
                            .count())
                    .isEqualTo(7);
            assertThat(registry.get("fairlead.streams.items").functionCounter().count())
                    .isEqualTo(3);
        }
    }

    @Test
    void slowConsumersAreToldApart() throws Exception {
        Path socket = folder.resolve("engine.sock");
        try (FakeEngine engine = FakeEngine.start(socket);
                Client client = ClientKind.FAIRLEAD.create(socket)) {
            assertThat(SlowConsumer.kibAhead(client, socket)).isBetween(0.0, 1024.0);
            assertThat(engine.connections()).isGreaterThanOrEqualTo(2);
        }
    }
}
