package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.EventSignal.Gap;
import dev.fairlead.EventSignal.Reason;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.EventsOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Whatever happens, in whatever order: each event comes once, or lies in a gap that was told; and no gap is told of what was not
 * missing. An Engine's model in virtual time, random lives of it, each known by its seed.
 */
final class EventSignalsPropertiesTest {

    private static final int LIVES = Figures.inFull() ? 50_000 : 1_000;

    /** By how much the times of events may be out of the order in which the Engine remembers them. */
    private static final int JITTER_NANOS = 190_000;

    /** How much later than it is remembered an event may be said, after others. */
    private static final int LATE_NANOS = 4_000_000;

    /** By how much events that come may be out of the order of their times. */
    private static final int DISORDER_NANOS = LATE_NANOS + 2 * JITTER_NANOS;

    @AfterEach
    void resetTime() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void deliveredAndMissingAreAllThatHappened() {
        Set<Reason> told = new HashSet<>();
        int gapless = 0;
        for (int seed = 0; seed < LIVES; seed++) {
            Life life = new Life(seed, false);
            life.live();
            life.check();
            told.addAll(life.reasons());
            gapless += life.isWhole() ? 1 : 0;
        }
        // Or it would have shown nothing.
        assertThat(told).contains(Reason.SLOW_CONSUMER, Reason.RING_OVERFLOW, Reason.ENGINE_RESTARTED);
        assertThat(gapless).isGreaterThan(LIVES / 50);
    }

    @Test
    void soItIsWithFilters() {
        for (int seed = 0; seed < LIVES; seed++) {
            Life life = new Life(seed, true);
            life.live();
            life.check();
        }
    }

    /** One subscription, and what an Engine went through meanwhile. */
    private static final class Life {

        private final int seed;
        private final Random random;
        private final boolean filtered;

        /** No restarts and no floods: most of such lives have no gap, in spite of all cuts. */
        private final boolean calm;

        private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet(VirtualTimeScheduler.create());
        private final EngineOfEvents engine = new EngineOfEvents();
        private final SignalsSeen seen;
        private final List<EventMessage> expected = new ArrayList<>();
        private Runnable heard = () -> {};
        private boolean up = true;
        private int restarts;
        private int cuts;
        private int doubtful;
        private int late;

        Life(int seed, boolean filtered) {
            this.seed = seed;
            this.filtered = filtered;
            // The first bit that Random gives is the same for all small seeds.
            this.random = new Random(seed * 0x9E3779B97F4A7C15L);
            this.calm = random.nextBoolean();
            this.seen = new SignalsSeen(random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(50));
        }

        /** Whether it was cut, and nothing was told to be missing. */
        boolean isWhole() {
            return cuts > 0 && seen.gaps().isEmpty();
        }

        void live() {
            engine.happen(random.nextInt(3) * 150);
            pass(5_000);
            int buffer = random.nextBoolean() ? 100_000 : 1 + random.nextInt(100);
            Reconnect reconnect =
                    Reconnect.of(how -> how.jitter(0).firstWait(Duration.ofMillis(1 + random.nextInt(200))));
            EventsOptions options = filtered
                    ? EventsOptions.of(asked -> asked.filters(which -> which.event("die")))
                    : EventsOptions.builder().build();
            Flux<EventSignal> signals = Flux.defer(() -> new ResumingEvents(engine, options, reconnect).signals());
            new SignalBuffer(signals, buffer).subscribe(seen);
            for (int step = 0; step < 40; step++) {
                step();
            }
            heard.run();
            engine.up();
            seen.request(Long.MAX_VALUE);
            engine.sayLate();
            pass(60_000);
            happen(1);
            engine.sayLate();
        }

        private void step() {
            switch (random.nextInt(9)) {
                case 0, 1 -> happen(random.nextInt(10));
                case 2 -> happen(random.nextInt(calm ? 40 : 400));
                case 3 -> cut();
                case 4 -> {
                    if (up && !calm) {
                        restarts++;
                        engine.down();
                        cut();
                        engine.forget();
                        up = false;
                        // A real one takes a second until something can happen in it again.
                        pass(50);
                    }
                }
                case 5 -> {
                    if (!up) {
                        pass(1_000);
                    }
                    engine.up();
                    up = true;
                }
                case 6 -> {
                    pass(random.nextInt(200));
                    heard.run();
                }
                case 7 -> pass(random.nextInt(20_000));
                default -> seen.request(1 + random.nextInt(100));
            }
        }

        private void cut() {
            cuts++;
            doubtful += engine.remembersNothingBut(Duration.ofNanos(DISORDER_NANOS)) ? 1 : 0;
            if (random.nextBoolean()) {
                // Under way, and gone with the connection.
                IntStream.range(0, random.nextInt(3)).forEach(each -> note(engine.happensUnheard()));
            }
            switch (random.nextInt(4)) {
                case 0 -> engine.reset();
                case 1 -> engine.end();
                case 2 -> {
                    heard.run();
                    heard = engine.endUnheard();
                }
                default -> engine.cut();
            }
        }

        private void happen(int count) {
            // One after the other, or by several at once: then out of order in each way that there is.
            int apart = random.nextBoolean() ? 1_000_000 : random.nextInt(JITTER_NANOS);
            for (int at = 0; at < count; at++) {
                Duration off = Duration.ofNanos(random.nextInt(2 * JITTER_NANOS) - JITTER_NANOS);
                String action = random.nextInt(4) == 0 ? "die" : "start";
                if (random.nextInt(4) == 0) {
                    note(engine.happensLate(action, off));
                } else {
                    note(engine.happens(action, off));
                }
                late += apart;
                if (late > LATE_NANOS - 1_000_000 || random.nextInt(4) == 0) {
                    engine.sayLate();
                    late = 0;
                }
                time.advanceTimeBy(Duration.ofNanos(apart));
            }
        }

        private void note(EventMessage event) {
            if (!filtered || event.action().equals("die")) {
                expected.add(event);
            }
        }

        private void pass(int millis) {
            engine.sayLate();
            time.advanceTimeBy(Duration.ofMillis(millis));
        }

        Set<Reason> reasons() {
            Set<Reason> reasons = new HashSet<>();
            seen.gaps().forEach(gap -> reasons.add(gap.reason()));
            return reasons;
        }

        void check() {
            assertThat(seen.failure).as("life %d", seed).isNull();
            List<EventMessage> came = seen.events();
            Set<EventMessage> once = new HashSet<>(came);
            assertThat(came).as("life %d: none twice", seed).hasSize(once.size());
            assertThat(once.stream().filter(event -> !expected.contains(event)))
                    .as("life %d: none from before", seed)
                    .isEmpty();
            List<EventMessage> missing =
                    expected.stream().filter(event -> !once.contains(event)).toList();
            List<Gap> gaps = seen.gaps();
            assertThat(missing.stream().filter(event -> gaps.stream().noneMatch(gap -> holds(gap, event))))
                    .as("life %d: missing, and not told in %s", seed, gaps)
                    .isEmpty();
            long counted = gaps.stream()
                    .map(Gap::lost)
                    .filter(Objects::nonNull)
                    .mapToLong(Long::longValue)
                    .sum();
            if (Set.of(Reason.SLOW_CONSUMER).containsAll(reasons())) {
                assertThat(counted).as("life %d: counted", seed).isEqualTo(missing.size());
            } else {
                assertThat(counted).as("life %d: counted", seed).isLessThanOrEqualTo(missing.size());
            }
            for (Gap gap : gaps) {
                if (gap.reason() == Reason.SLOW_CONSUMER || (gap.reason() == Reason.RING_OVERFLOW && !filtered)) {
                    // One that begins right after the last one that came can't be told from one that begins after the
                    // next.
                    boolean exactlyFull = expected.stream().noneMatch(event -> isBetween(gap, event));
                    assertThat(exactlyFull || missing.stream().anyMatch(event -> holds(gap, event)))
                            .as("life %d: nothing is missing in %s", seed, gap)
                            .isTrue();
                }
            }
            if (!filtered) {
                assertThat(gaps.stream().filter(gap -> gap.reason() == Reason.ENGINE_RESTARTED))
                        .as("life %d", seed)
                        .hasSizeLessThanOrEqualTo(restarts + doubtful);
            }
            seen.cancel();
            assertThat(engine.listeners()).isZero();
        }

        private static boolean isBetween(Gap gap, EventMessage event) {
            Instant at = Objects.requireNonNull(event.timeNano());
            return at.isAfter(gap.from()) && at.isBefore(gap.to().minusNanos(2 * JITTER_NANOS));
        }

        private static boolean holds(Gap gap, EventMessage event) {
            Instant at = Objects.requireNonNull(event.timeNano());
            return !at.isBefore(gap.from().minusNanos(DISORDER_NANOS))
                    && !at.isAfter(gap.to().plusNanos(DISORDER_NANOS));
        }
    }
}
