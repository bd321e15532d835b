package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.EventSignal.Event;
import dev.fairlead.EventSignal.Gap;
import dev.fairlead.EventSignal.Reason;
import dev.fairlead.EventSignal.Reconnected;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.EventMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;

@Timeout(60)
final class SignalBufferTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final TestPublisher<EventSignal> source = TestPublisher.create();
    private final SignalsSeen seen = new SignalsSeen(0);

    private void buffer(int capacity) {
        new SignalBuffer(source.flux(), capacity).subscribe(seen);
        source.assertMinRequested(Long.MAX_VALUE);
    }

    private static Event event(int second) {
        return new Event(EventMessage.builder()
                .action("a" + second)
                .timeNano(START.plusSeconds(second))
                .build());
    }

    private void happen(int from, int to) {
        for (int second = from; second <= to; second++) {
            source.next(event(second));
        }
    }

    private static Gap slow(int from, int to, long lost) {
        return new Gap(START.plusSeconds(from), START.plusSeconds(to), lost, Reason.SLOW_CONSUMER);
    }

    private static Reconnected reconnected(int attempts) {
        return new Reconnected(START, Duration.ZERO, attempts, new Truncated("GET /events", "cut"));
    }

    @Test
    void keepsAsManyAsItHoldsAndTellsTheRestInItsPlace() {
        buffer(4);
        happen(1, 10);
        seen.request(4);
        assertThat(seen.all).containsExactly(event(1), event(2), event(3), event(4));
        happen(11, 12);
        seen.request(10);
        assertThat(seen.all.subList(4, 7)).containsExactly(slow(4, 10, 6), event(11), event(12));
        assertThat(seen.all).hasSize(7);
    }

    @Test
    void tellsWhatWasLostAtOnceWhenAllElseWasTaken() {
        buffer(4);
        happen(1, 10);
        seen.request(5);
        assertThat(seen.all).endsWith(slow(4, 10, 6)).hasSize(5);
        happen(11, 11);
        seen.request(1);
        assertThat(seen.all).endsWith(event(11)).hasSize(6);
    }

    @Test
    void keepsNothingBeforeHalfOfItIsFree() {
        buffer(4);
        happen(1, 5);
        seen.request(1);
        happen(6, 6);
        seen.request(1);
        happen(7, 7);
        seen.request(10);
        assertThat(seen.all).containsExactly(event(1), event(2), event(3), event(4), slow(4, 6, 2), event(7));
    }

    @Test
    void aBufferOfOneHoldsOne() {
        buffer(1);
        happen(1, 3);
        seen.request(1);
        happen(4, 5);
        seen.request(10);
        assertThat(seen.all).containsExactly(event(1), slow(1, 3, 2), event(4), slow(4, 5, 1));
    }

    @Test
    void theTimesOfWhatWasLostAreHeldWhateverTheirOrder() {
        buffer(1);
        source.next(event(5)).next(event(3)).next(event(9)).next(event(4));
        seen.request(2);
        assertThat(seen.all).containsExactly(event(5), slow(3, 9, 3));
    }

    @Test
    void whatElseIsToldTakesNoMoreRoomHoweverOftenItComes() {
        buffer(2);
        happen(1, 3);
        Gap restart = new Gap(START, START.plusSeconds(1), null, Reason.ENGINE_RESTARTED);
        Gap later = new Gap(START.plusSeconds(5), START.plusSeconds(6), null, Reason.ENGINE_RESTARTED);
        for (int time = 1; time <= 1000; time++) {
            source.next(reconnected(time)).next(restart).next(later);
        }
        seen.request(Long.MAX_VALUE);
        assertThat(seen.all).hasSize(5);
        assertThat(seen.all.subList(2, 5)).satisfies(told -> {
            assertThat(told.get(0)).isEqualTo(slow(2, 3, 1));
            assertThat(told.get(1)).isInstanceOfSatisfying(Reconnected.class, again -> assertThat(again.attempts())
                    .isEqualTo(1000));
            assertThat(told.get(2)).isEqualTo(new Gap(START, START.plusSeconds(6), null, Reason.ENGINE_RESTARTED));
        });
    }

    @Test
    void endsAfterWhatWaits() {
        buffer(2);
        happen(1, 4);
        source.complete();
        seen.request(2);
        assertThat(seen.completed).isFalse();
        seen.request(1);
        assertThat(seen.all).endsWith(slow(2, 4, 2));
        assertThat(seen.completed).isTrue();
    }

    @Test
    void endsWithoutDemandWhenNothingWaits() {
        buffer(2);
        source.complete();
        assertThat(seen.completed).isTrue();
    }

    @Test
    void failsAfterWhatWaits() {
        buffer(2);
        happen(1, 4);
        source.error(new Truncated("GET /events", "cut"));
        seen.request(2);
        assertThat(seen.failure).isNull();
        seen.request(1);
        assertThat(seen.failure).isInstanceOf(Truncated.class);
    }

    @Test
    void cancelReachesTheSource() {
        buffer(2);
        happen(1, 4);
        seen.cancel();
        source.assertWasCancelled();
        assertThat(seen.all).isEmpty();
    }

    /** One thread emits and another takes, as fast and as slow as they like: all that came is taken or counted, in order. */
    @Test
    void countsExactlyWhateverTheThreadsDo() throws InterruptedException {
        int all = Figures.inFull() ? 5_000_000 : 300_000;
        List<EventSignal> taken = new ArrayList<>();
        CountDownLatch end = new CountDownLatch(1);
        AtomicLong asked = new AtomicLong();
        BaseSubscriber<EventSignal> taker = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(EventSignal signal) {
                taken.add(signal);
                asked.decrementAndGet();
            }

            @Override
            protected void hookOnComplete() {
                end.countDown();
            }
        };
        Flux<EventSignal> many =
                Flux.range(1, all).map(at -> (EventSignal) event(at)).subscribeOn(Schedulers.boundedElastic());
        new SignalBuffer(many, 16).subscribe(taker);
        while (!end.await(0, TimeUnit.NANOSECONDS)) {
            if (asked.get() < 100) {
                int more = ThreadLocalRandom.current().nextInt(1, 40);
                asked.addAndGet(more);
                taker.request(more);
            }
            Thread.onSpinWait();
        }
        long expected = 0;
        long gaps = 0;
        for (EventSignal signal : taken) {
            if (signal instanceof Gap gap) {
                gaps++;
                assertThat(gap.from()).isEqualTo(START.plusSeconds(expected));
                expected += java.util.Objects.requireNonNull(gap.lost());
                assertThat(gap.to()).isEqualTo(START.plusSeconds(expected));
            } else {
                expected++;
                assertThat(signal).isEqualTo(event((int) expected));
            }
        }
        assertThat(expected).isEqualTo(all);
        assertThat(gaps).isPositive();
    }
}
