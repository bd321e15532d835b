package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.EventMessage;
import dev.fairlead.testing.Forwarder;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A client under load whose Engine is replaced by a much older one, and that by the first again. */
@NewestEngine
final class ChangedEngineIT extends EngineTest {

    private static final int WORKERS = 8;

    ChangedEngineIT(RealEngine engine) {
        super(engine);
    }

    @Test
    @Timeout(180)
    void callsGoOnOverADowngradeAndAnUpgrade() throws Exception {
        long begin = System.nanoTime();
        try (RealEngine older = RealEngine.ofVersion("20.10");
                Forwarder forwarder = new Forwarder(engine.host());
                DockerClient client = DockerClient.create(config -> config.host(forwarder.host())
                        .retries(Retries.of(how -> how.attempts(10).longestWait(Duration.ofMillis(500)))))) {
            String newest = get(client.system().version()).apiVersion();
            assertThat(get(client.apiVersion())).hasToString(newest);

            List<EventMessage> events = new CopyOnWriteArrayList<>();
            CountDownLatch reconnected = new CountDownLatch(2);
            Disposable watching = client.system()
                    .eventSignals(options -> {}, Reconnect.of(how -> how.firstWait(Duration.ofMillis(10))
                            .longestWait(Duration.ofMillis(100))))
                    .subscribe(signal -> {
                        if (signal instanceof EventSignal.Event event) {
                            events.add(event.message());
                        } else if (signal instanceof EventSignal.Reconnected) {
                            reconnected.countDown();
                        }
                    });
            AtomicInteger calls = new AtomicInteger();
            AtomicBoolean over = new AtomicBoolean();
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            CompletableFuture<Void> load = Flux.range(0, WORKERS)
                    .flatMap(
                            worker -> client.containers()
                                    .list(list -> list.all(true))
                                    .then(client.images().list().then())
                                    .doOnSuccess(done -> calls.incrementAndGet())
                                    .onErrorResume(failure -> {
                                        failures.add(failure);
                                        return Mono.empty();
                                    })
                                    .repeat(() -> !over.get()),
                            WORKERS)
                    .then()
                    .toFuture();
            try {
                // Not before the stream of events is truly open.
                eventually(() -> {
                    create("true");
                    return !events.isEmpty();
                });
                more(calls);

                forwarder.leadTo(older.host());
                forwarder.cut();
                assertThat(get(client.system().version()).apiVersion()).isEqualTo("1.41");
                assertThat(get(client.apiVersion())).hasToString("1.41");
                assertThat(get(client.containers().create(IMAGE)).id()).isNotBlank();
                more(calls);
                eventually(() -> reconnected.getCount() < 2);

                forwarder.leadTo(engine.host());
                forwarder.cut();
                assertThat(get(client.system().version()).apiVersion()).isEqualTo(newest);
                assertThat(get(client.apiVersion())).hasToString(newest);
                more(calls);
                assertThat(reconnected.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } finally {
                over.set(true);
                load.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                watching.dispose();
            }
            assertThat(failures).isEmpty();
            Figures.add(
                    engine.version(),
                    calls + " pairs of calls over a downgrade to 1.41 and back, none failed",
                    Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    /** Waits until many more calls have been answered. */
    private static void more(AtomicInteger calls) {
        int wanted = calls.get() + 3 * WORKERS;
        eventually(() -> calls.get() >= wanted);
    }
}
