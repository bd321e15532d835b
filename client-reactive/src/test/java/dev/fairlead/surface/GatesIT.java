package dev.fairlead.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairlead.DockerClient;
import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.testing.OnRealEngine;
import dev.fairlead.testing.RealEngine;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

/** On an Engine of an earlier version, all that it does not know is refused. */
@OnRealEngine
@Timeout(120)
class GatesIT {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Test
    void whatTheVersionDoesNotKnowIsRefused(RealEngine engine) {
        Map<String, String> wrong = new TreeMap<>();
        int refused = 0;
        try (DockerClient docker = DockerClient.create(config -> config.host(engine.host()))) {
            ApiVersion version = Objects.requireNonNull(docker.apiVersion().block(LIMIT));
            // With an address where nobody is, whatever is sent fails otherwise.
            DockerClient nowhere = DockerClient.create(
                    config -> config.host("unix:///nonexistent/docker.sock").apiVersion(version));
            for (GatedCall call : GatedCall.all()) {
                // What is changed by updateWith is known only when it was read, which takes a swarm.
                boolean readsFirst = call.method().method().getName().startsWith("updateWith");
                if (readsFirst || call.refused(version).isEmpty()) {
                    continue;
                }
                try {
                    var unused = Flux.from(call.on(docker)).take(1).blockLast(LIMIT);
                    wrong.put(call.toString(), "done");
                } catch (UnsupportedByEngine expected) {
                    refused++;
                    assertThatExceptionOfType(UnsupportedByEngine.class)
                            .as("sent before it was refused: " + call)
                            .isThrownBy(() -> Flux.from(call.on(nowhere)).blockLast(LIMIT));
                    assertThat(expected.inUse()).isEqualTo(version);
                } catch (RuntimeException other) {
                    wrong.put(call.toString(), other.toString());
                }
            }
        }
        assertThat(wrong).as("not refused").isEmpty();
        assertThat(refused).isPositive();
    }
}
