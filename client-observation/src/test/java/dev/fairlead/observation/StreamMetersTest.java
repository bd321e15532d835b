package dev.fairlead.observation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.DockerClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Sinks;

/** What meters say of streams while they go on, and when they are over. */
@Timeout(60)
final class StreamMetersTest {

    private static final String OPERATION = "GET /containers/{id}/stats";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double gauge() {
        return registry.get("fairlead.streams.open")
                .tag("operation", OPERATION)
                .gauge()
                .value();
    }

    private double counter(String name) {
        return registry.get(name).tag("operation", OPERATION).functionCounter().count();
    }

    @Test
    void countsOpenStreamsAndWhatTheyMove() throws Exception {
        CountDownLatch samples = new CountDownLatch(3);
        CountDownLatch over = new CountDownLatch(1);
        try (StubEngine engine = new StubEngine();
                DockerClient docker = engine.client(config -> config.filter(StreamMeters.of(registry)))) {
            var unused = docker.containers()
                    .stats("secret-id")
                    .doOnTerminate(over::countDown)
                    .subscribe(stats -> samples.countDown(), failure -> {});
            engine.feed("{}\n{}\n", "{}\n");
            assertThat(samples.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(gauge()).isEqualTo(1);
            assertThat(counter("fairlead.streams.items")).isEqualTo(3);
            engine.samples.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
            assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(gauge()).isZero();
            assertThat(counter("fairlead.streams.items")).isEqualTo(3);
            assertThat(counter("fairlead.streams.received")).isEqualTo(9);
            assertThat(counter("fairlead.streams.sent")).isZero();
            assertThat(registry.get("fairlead.streams.open").gauge().getId().getTag("engine"))
                    .isEqualTo(engine.host());
        }
        // Calls of the pool are no streams.
        assertThat(registry.getMeters()).hasSize(4);
        assertThat(registry.getMetersAsString()).doesNotContain("secret-id").doesNotContain("_ping");
    }
}
