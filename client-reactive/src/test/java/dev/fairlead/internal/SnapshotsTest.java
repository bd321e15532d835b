package dev.fairlead.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.CreateImageInfo;
import dev.fairlead.model.ProgressDetail;
import dev.fairlead.model.TransferMessage;
import dev.fairlead.model.TransferProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** Snapshots as they are asked for: never an old one, always the last one. */
@Timeout(60)
final class SnapshotsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TestPublisher<TransferMessage> messages = TestPublisher.create();

    private static TransferMessage downloaded(long bytes) {
        return CreateImageInfo.builder()
                .id("a")
                .status("Downloading")
                .progressDetail(
                        ProgressDetail.builder().current(bytes).total(1_000_000).build())
                .build();
    }

    private Flux<Long> done() {
        return new Snapshots(messages.flux()).map(TransferProgress::done);
    }

    @Test
    void givesEachToAReaderThatIsFast() {
        StepVerifier.create(done())
                .then(() -> messages.next(downloaded(1)))
                .expectNext(1L)
                .then(() -> messages.next(downloaded(2)))
                .expectNext(2L)
                .then(messages::complete)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void asksForAllAndGivesASlowReaderTheNewest() {
        StepVerifier.create(done(), 0)
                .then(() -> messages.assertMinRequested(Long.MAX_VALUE))
                .then(() -> messages.next(downloaded(1), downloaded(2), downloaded(3)))
                .thenRequest(1)
                .expectNext(3L)
                .thenRequest(1)
                .then(() -> messages.next(downloaded(4)))
                .expectNext(4L)
                .then(() -> messages.next(downloaded(5)).next(downloaded(6)))
                .then(messages::complete)
                .thenRequest(1)
                .expectNext(6L)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void theLastOneWaitsForItsReader() {
        StepVerifier.create(done(), 0)
                .then(() -> messages.next(downloaded(7)).complete())
                .expectNoEvent(Duration.ofMillis(50))
                .thenRequest(1)
                .expectNext(7L)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void completesWithoutDemandWhenNothingIsNew() {
        StepVerifier.create(done(), 1)
                .then(() -> messages.next(downloaded(7)))
                .expectNext(7L)
                .then(messages::complete)
                .expectComplete()
                .verify(LIMIT);
        TestPublisher<TransferMessage> silent = TestPublisher.create();
        StepVerifier.create(new Snapshots(silent.flux()), 0)
                .then(silent::complete)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void anErrorDoesNotWait() {
        StepVerifier.create(done(), 0)
                .then(() -> messages.next(downloaded(7)).error(new IllegalStateException("broken")))
                .expectErrorMessage("broken")
                .verify(LIMIT);
    }

    @Test
    void cancelReachesTheSource() {
        StepVerifier.create(done(), 1)
                .then(() -> messages.next(downloaded(7)))
                .expectNext(7L)
                .thenCancel()
                .verify(LIMIT);
        messages.assertCancelled();
    }

    /** One thread tells, another asks, as fast as both can. */
    @Test
    void neverGoesBackAndNeverEndsEarly() throws InterruptedException {
        long last = 200_000;
        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch end = new CountDownLatch(1);
        Flux<TransferMessage> source =
                Flux.range(1, (int) last).map(SnapshotsTest::downloaded).publishOn(Schedulers.parallel());
        new Snapshots(source).map(TransferProgress::done).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(1);
            }

            @Override
            protected void hookOnNext(Long done) {
                seen.add(done);
                Objects.requireNonNull(upstream());
                Schedulers.boundedElastic().schedule(() -> request(1));
            }

            @Override
            protected void hookFinally(reactor.core.publisher.SignalType how) {
                end.countDown();
            }
        });

        assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).isSorted().doesNotHaveDuplicates().endsWith(last);
    }
}
