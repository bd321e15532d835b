package dev.fairlead.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** Demand that comes from outside. */
class AskedTest {

    private final AtomicLong requested = new AtomicLong();
    private final TestPublisher<Integer> source = TestPublisher.create();
    private final Sinks.Many<Integer> asks = Sinks.many().unicast().onBackpressureBuffer();
    private final Flux<Integer> given = Asked.of(source.flux().doOnRequest(requested::addAndGet), asks.asFlux(), 5);

    @Test
    void asksForWhatWasAskedForAndNoMore() {
        StepVerifier.create(given)
                .then(() -> assertThat(requested).hasValue(0))
                .then(() -> asks.tryEmitNext(2).orThrow())
                .then(() -> assertThat(requested).hasValue(2))
                .then(() -> source.next(1, 2))
                .expectNext(1, 2)
                .then(() -> asks.tryEmitNext(3).orThrow())
                .then(() -> assertThat(requested).hasValue(5))
                .then(source::complete)
                .verifyComplete();
    }

    @Test
    void endsWithItsReaderAndLetsGoOfTheSource() {
        StepVerifier.create(given).then(() -> asks.tryEmitComplete().orThrow()).verifyComplete();
        source.assertCancelled();
    }

    @Test
    void cancelLetsGoOfBoth() {
        StepVerifier.create(given).thenCancel().verify();
        source.assertCancelled();
        assertThat(asks.currentSubscriberCount()).isZero();
    }

    @Test
    void refusesToOweMoreThanItMay() {
        StepVerifier.create(given)
                .then(() -> asks.tryEmitNext(3).orThrow())
                .then(() -> asks.tryEmitNext(3).orThrow())
                .verifyErrorMessage("more than 5 asked for");
        source.assertCancelled();
    }

    @Test
    void whatTheSocketHasNotTakenIsStillOwed() {
        StepVerifier.create(given, 0)
                .then(() -> asks.tryEmitNext(5).orThrow())
                .then(() -> source.next(1, 2, 3, 4, 5))
                .then(() -> asks.tryEmitNext(1).orThrow())
                .then(source::assertCancelled)
                .thenCancel()
                .verify();
        assertThat(requested).hasValue(5);
    }
}
