package dev.fairlead.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.error.Unavailable;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** When a call is made again, how long after, and how often for all calls together. */
class RetryingTest {

    private final ConnectionFailed refused = connection(true, true);
    private final ConnectionFailed broken = connection(false, true);

    /** Failures that calls meet one after the other, and then none. */
    private static final class Calls {

        private final Iterator<DockerException> failures;
        final AtomicInteger made = new AtomicInteger();

        Calls(DockerException... failures) {
            this.failures = Arrays.asList(failures).iterator();
        }

        Mono<String> next() {
            made.incrementAndGet();
            return failures.hasNext() ? Mono.error(failures.next()) : Mono.just("done");
        }
    }

    private static ConnectionFailed connection(boolean nothingSent, boolean passing) {
        return new ConnectionFailed("POST /x", "tcp://x", "gone", null, null, nothingSent, passing);
    }

    private static Retrying threeTimes() {
        return new Retrying(3, failed -> Duration.ofSeconds(failed), 10);
    }

    @Test
    void waitsBeforeEachTimeAsItIsTold() {
        Calls calls = new Calls(refused, refused);
        Retrying retrying = threeTimes();
        StepVerifier.withVirtualTime(() -> retrying.around(calls::next, false, pause -> pause))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(1))
                .then(() -> assertThat(calls.made).hasValue(2))
                .expectNoEvent(Duration.ofSeconds(2))
                .expectNext("done")
                .verifyComplete();
        assertThat(calls.made).hasValue(3);
    }

    @Test
    void givesUpWithTheLastFailure() {
        Calls calls = new Calls(refused, refused, refused);
        Retrying retrying = threeTimes();
        StepVerifier.withVirtualTime(() -> retrying.around(calls::next, false, pause -> pause))
                .thenAwait(Duration.ofSeconds(3))
                .verifyErrorSatisfies(failure -> assertThat(failure).isSameAs(refused));
        assertThat(calls.made).hasValue(3);
    }

    @Test
    void stopsWaitingWhenItIsCancelled() {
        Calls calls = new Calls(refused);
        Retrying retrying = threeTimes();
        StepVerifier.withVirtualTime(() -> retrying.around(calls::next, false, pause -> pause))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(500))
                .thenCancel()
                .verify();
        assertThat(calls.made).hasValue(1);
    }

    @Test
    void makesAgainOnlyWhatCanDoNoHarm() {
        Truncated cut = new Truncated("GET /x", "cut");
        assertMade(2, refused, true);
        assertMade(2, refused, false);
        assertMade(2, broken, true);
        assertMade(1, broken, false);
        assertMade(2, cut, true);
        assertMade(1, cut, false);
        for (boolean idempotent : new boolean[] {true, false}) {
            // A time-out, the client's own limits, and whatever the Engine answered.
            assertMade(1, connection(false, false), idempotent);
            assertMade(1, connection(true, false), idempotent);
            assertMade(1, new Unavailable("GET /x", 503, "This node is not a swarm manager", null), idempotent);
            assertMade(1, new EngineFailure("GET /x", 500, "no", null), idempotent);
        }
    }

    private static void assertMade(int times, DockerException failure, boolean idempotent) {
        Calls calls = new Calls(failure);
        Retrying retrying = threeTimes();
        StepVerifier.withVirtualTime(() ->
                        retrying.around(calls::next, idempotent, pause -> pause).onErrorComplete())
                .thenAwait(Duration.ofSeconds(3))
                .thenConsumeWhile(value -> true)
                .verifyComplete();
        assertThat(calls.made).as("%s, idempotent %s", failure, idempotent).hasValue(times);
    }

    @Test
    void makesNothingAgainWhenItIsOff() {
        Calls calls = new Calls(refused);
        StepVerifier.create(Retrying.off().around(calls::next, true, pause -> pause))
                .verifyError(ConnectionFailed.class);
        assertThat(calls.made).hasValue(1);
    }

    /** A thousand calls to an Engine that is down are a thousand and ten, not three thousand. */
    @Test
    void letsAnOutageCostNoMoreThanTheBudget() {
        AtomicInteger made = new AtomicInteger();
        Retrying retrying = threeTimes();
        StepVerifier.withVirtualTime(() -> Flux.range(0, 1000)
                        .flatMap(
                                call -> retrying.<String>around(
                                                () -> {
                                                    made.incrementAndGet();
                                                    return Mono.error(refused);
                                                },
                                                false,
                                                pause -> pause)
                                        .onErrorComplete(),
                                1000))
                .thenAwait(Duration.ofSeconds(10))
                .verifyComplete();
        assertThat(made).hasValue(1010);
    }

    private static void goesWell(Retrying retrying) {
        assertThat(retrying.around(() -> Mono.just("well"), false, pause -> pause)
                        .block())
                .isEqualTo("well");
    }

    @Test
    void earnsATenthOfARetryByEachCallThatGoesWell() {
        Retrying retrying = new Retrying(2, failed -> Duration.ofSeconds(1), 1);
        assertThat(made(retrying)).isEqualTo(2);
        assertThat(made(retrying)).isEqualTo(1);
        for (int call = 0; call < 9; call++) {
            goesWell(retrying);
        }
        assertThat(made(retrying)).isEqualTo(1);
        goesWell(retrying);
        assertThat(made(retrying)).isEqualTo(2);
        // And no more than it had at first.
        for (int call = 0; call < 100; call++) {
            goesWell(retrying);
        }
        assertThat(made(retrying)).isEqualTo(2);
        assertThat(made(retrying)).isEqualTo(1);
    }

    /** How often a call is made that always fails. */
    private int made(Retrying retrying) {
        Calls calls = new Calls(refused, refused, refused);
        StepVerifier.withVirtualTime(() -> retrying.around(calls::next, false, pause -> pause))
                .thenAwait(Duration.ofSeconds(10))
                .verifyError(ConnectionFailed.class);
        return calls.made.get();
    }
}
