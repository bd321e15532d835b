package dev.fairlead.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.json.JsonMapper;

/** One source, and readers of each kind. */
class SharedStreamsTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final TestPublisher<Integer> source = TestPublisher.create();
    private final SharedStreams<Integer> streams =
            new SharedStreams<>("number", 2, new Json(JsonMapper.shared()), id -> source.flux());

    @Test
    void whoStallsLosesTheOldestAndSeesIt() {
        StepVerifier.create(streams.of("c").map(SharedStreamsTest::shown), 0)
                .then(() -> StepVerifier.create(streams.of("c"))
                        .then(() ->
                                source.next(0, IntStream.range(1, 500).boxed().toArray(Integer[]::new)))
                        .expectNextCount(500)
                        .thenCancel()
                        .verify(LIMIT))
                .thenRequest(1)
                // 128 may wait, and the newest did.
                .expectNext("number 372: 372")
                .thenRequest(200)
                .expectNextCount(127)
                .then(source::complete)
                .expectNext("end null: \"\"")
                .verifyComplete();
        source.assertMaxRequested(Long.MAX_VALUE);
        assertThat(source.subscribeCount()).isOne();
    }

    @Test
    void whoComesLaterGetsTheLatestAtOnce() {
        StepVerifier.create(streams.of("c"))
                .then(() -> source.next(1, 2, 3))
                .expectNextCount(3)
                .then(() -> StepVerifier.create(streams.of("c").map(SharedStreamsTest::shown))
                        .expectNext("number 1: 2", "number 2: 3")
                        .thenCancel()
                        .verify(LIMIT))
                .thenCancel()
                .verify(LIMIT);
    }

    @Test
    void failureIsTheLastEventOfAll() {
        StepVerifier.create(streams.of("c").map(ServerSentEvent::data))
                .then(() -> source.error(new IllegalStateException("gone")))
                .expectNext("{\"message\":\"gone\",\"hint\":null}")
                .verifyComplete();
    }

    @Test
    void whatEndsTakesNoOtherWithIt() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try {
            List<Sinks.Many<Integer>> opened = new ArrayList<>();
            List<Disposable> readers = new ArrayList<>();
            AtomicReference<Runnable> atTheEnd = new AtomicReference<>();
            SharedStreams<Integer> shared = new SharedStreams<>(
                    "number",
                    2,
                    new Json(JsonMapper.shared()),
                    id -> Flux.defer(() -> {
                        opened.add(Sinks.many().unicast().onBackpressureBuffer());
                        return opened.get(opened.size() - 1).asFlux().doOnCancel(() -> atTheEnd.getAndSet(() -> {})
                                .run());
                    }));
            atTheEnd.set(() -> readers.add(shared.of("c").subscribe()));
            shared.of("c").subscribe().dispose();
            time.advanceTimeBy(LIMIT);
            assertThat(opened).as("begun anew by one who came as it ended").hasSize(2);
            readers.add(shared.of("c").subscribe());
            assertThat(opened).as("of those who came afterwards").hasSize(3);
            opened.get(1).emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
            assertThat(readers.get(0).isDisposed()).as("has seen its end").isTrue();
            readers.add(shared.of("c").subscribe());
            assertThat(opened).hasSize(3);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    private static String shown(ServerSentEvent<String> event) {
        return event.event() + " " + event.id() + ": " + event.data();
    }
}
