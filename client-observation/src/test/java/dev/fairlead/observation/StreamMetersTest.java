package dev.fairlead.observation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.DockerClient;
import dev.fairlead.EventSignal;
import dev.fairlead.Reconnect;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks;

/** What meters say of streams while they go on, and when they are over. */
@Timeout(60)
final class StreamMetersTest {

    private static final String OPERATION = "GET /containers/{id}/stats";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double gauge() {
        return gauge("fairlead.streams.open");
    }

    private double gauge(String name) {
        return registry.get(name).tag("operation", OPERATION).gauge().value();
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
        assertThat(registry.getMeters()).hasSize(6);
        assertThat(registry.getMetersAsString()).doesNotContain("secret-id").doesNotContain("_ping");
    }

    /** Takes one value, and the rest when it is told to. */
    private static final class Stalling extends BaseSubscriber<Object> {

        final CountDownLatch one = new CountDownLatch(1);
        final CountDownLatch over = new CountDownLatch(1);

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnNext(Object value) {
            one.countDown();
        }

        @Override
        protected void hookFinally(SignalType how) {
            over.countDown();
        }
    }

    @Test
    void showsWhatIsReadAheadOfAStalledSubscriber() throws Exception {
        try (StubEngine engine = new StubEngine();
                DockerClient docker = engine.client(config -> config.filter(StreamMeters.of(registry)))) {
            Stalling reader = new Stalling();
            docker.containers().stats("x").subscribe(reader);
            engine.feed("{}\n".repeat(1000));
            assertThat(reader.one.await(20, TimeUnit.SECONDS)).isTrue();
            // Noted when the read that brought the first value has been dealt with.
            long limit = System.nanoTime() + StubEngine.LIMIT.toNanos();
            while (gauge("fairlead.streams.ahead") == 0) {
                assertThat(System.nanoTime()).as("nothing is read ahead").isLessThan(limit);
                Thread.onSpinWait();
            }
            assertThat(gauge("fairlead.streams.ahead")).isBetween(1.0, 3000.0 - 2);
            assertThat(counter("fairlead.streams.items")).isEqualTo(1);
            reader.requestUnbounded();
            engine.samples.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
            assertThat(reader.over.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(gauge("fairlead.streams.ahead")).isZero();
            assertThat(counter("fairlead.streams.received")).isEqualTo(3000);
        }
    }

    @Test
    void countsTheGapsOfStreamsThatResume() {
        try (StubEngine engine = new StubEngine();
                DockerClient docker = engine.client(config -> config.filter(StreamMeters.of(registry)))) {
            assertThat(docker.system()
                            .eventSignals(events -> {}, Reconnect.of(waits -> waits.firstWait(Duration.ofMillis(1))))
                            .takeUntil(EventSignal.Gap.class::isInstance)
                            .collectList()
                            .block(StubEngine.LIMIT))
                    .hasAtLeastOneElementOfType(EventSignal.Reconnected.class);
            assertThat(registry.get("fairlead.streams.gaps")
                            .tag("operation", "GET /events")
                            .tag("engine", engine.host())
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
        }
    }
}
