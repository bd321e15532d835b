package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairlead.core.error.EventsLost;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.EventMessage;
import dev.fairlead.testing.ChunkedAnswer;
import dev.fairlead.testing.Gate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.StepVerifier;

@Timeout(30)
final class EventsTest {

    private static final String EVENT = "{\"Type\":\"container\",\"Action\":\"start\"}\n";

    @Test
    void aSubscriberThatTakesNothingNeverStallsTheEngine() throws Exception {
        Gate written = new Gate();
        try (OnFakeEngine fake = new OnFakeEngine("1.51", config -> config.eventBuffer(4))) {
            fake.engine.on("GET", "/events", exchange -> {
                ChunkedAnswer answer = exchange.startChunked(200, Map.of("Content-Type", "application/json"));
                String many = EVENT.repeat(1000);
                for (int at = 0; at < 200; at++) {
                    answer.write(many);
                }
                written.open();
                exchange.awaitPeerClosed(OnFakeEngine.LIMIT);
            });

            // 7 MB do not fit into any socket: that all is written shows that all is read.
            StepVerifier.create(fake.docker.system().events(), 0)
                    .thenAwait()
                    .then(() -> awaitQuietly(written))
                    .thenRequest(3)
                    .expectNextCount(3)
                    .thenRequest(1)
                    .expectNextCount(1)
                    .consumeErrorWith(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(EventsLost.class, lost -> assertThat(lost.lost())
                                    .isBetween(1L, 200_000L - 4)))
                    .verify(OnFakeEngine.LIMIT);
        }
    }

    private static void awaitQuietly(Gate gate) {
        try {
            gate.await();
        } catch (Exception interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void readsEveryFormThatEnginesSend() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            fake.engine.on("GET", "/events", exchange -> exchange.startChunked(200, Map.of())
                    .write("\u001e{\"Action\":\"a\"}\n")
                    .write("{\"Action\":\"b\"}{\"Act")
                    .write("ion\":\"c\"}\r\n")
                    .end());

            assertThat(OnFakeEngine.get(fake.docker
                            .system()
                            .events()
                            .map(EventMessage::action)
                            .collectList()))
                    .containsExactly("a", "b", "c");
        }
    }

    @Test
    void aCutConnectionIsAnError() throws Exception {
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            fake.engine.on("GET", "/events", exchange -> {
                exchange.startChunked(200, Map.of()).write(EVENT);
                exchange.close();
            });

            StepVerifier.create(fake.docker.system().events())
                    .expectNextCount(1)
                    .expectError(Truncated.class)
                    .verify(OnFakeEngine.LIMIT);
        }
    }

    @Test
    void theBufferHoldsAtLeastOne() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> DockerConfig.builder().eventBuffer(0))
                .withMessageContaining("events");
    }
}
