package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.EventSignal.Event;
import dev.fairlead.EventSignal.Gap;
import dev.fairlead.EventSignal.Reason;
import dev.fairlead.EventSignal.Reconnected;
import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.EventScope;
import dev.fairlead.model.EventType;
import dev.fairlead.model.EventsOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

/** When a gap is told and when not, on a model of an Engine in virtual time. */
final class ResumingEventsTest {

    private static final Reconnect PLAIN = Reconnect.of(how -> how.jitter(0));

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private EngineOfEvents engine = new EngineOfEvents();
    private final SignalsSeen seen = new SignalsSeen();

    @BeforeEach
    void startTheEngine() {
        engine = new EngineOfEvents();
    }

    @AfterEach
    void resetTime() {
        seen.cancel();
        VirtualTimeScheduler.reset();
    }

    private void subscribe() {
        subscribe(options -> {}, PLAIN);
    }

    private void subscribe(Consumer<EventsOptions.Builder> options, Reconnect reconnect) {
        subscribe(seen, options, reconnect, 16_384);
    }

    private void subscribe(
            SignalsSeen subscriber, Consumer<EventsOptions.Builder> options, Reconnect reconnect, int buffer) {
        new SignalBuffer(
                        reactor.core.publisher.Flux.defer(
                                () -> new ResumingEvents(engine, EventsOptions.of(options), reconnect).signals()),
                        buffer)
                .subscribe(subscriber);
    }

    private void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    private void passSeconds(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }

    private static Instant at(EventMessage event) {
        return Objects.requireNonNull(event.timeNano());
    }

    @Test
    void tellsWhatHappensFromNowOn() {
        engine.happen(3);
        passSeconds(5);
        subscribe();
        List<EventMessage> after = engine.happen(3);
        assertThat(seen.all)
                .containsExactlyElementsOf(after.stream().map(Event::new).toList());
    }

    @Test
    void aShortCutLosesNothing() {
        engine.happens();
        passSeconds(5);
        subscribe();
        engine.happen(3);
        engine.cut();
        engine.happen(256 - 4);
        passSeconds(1);
        engine.happen(2);
        assertThat(seen.events()).containsExactlyElementsOf(engine.sent.subList(1, engine.sent.size()));
        assertThat(seen.gaps()).isEmpty();
        assertThat(seen.all.get(3)).isInstanceOfSatisfying(Reconnected.class, again -> {
            assertThat(again.attempts()).isEqualTo(1);
            assertThat(again.without()).isEqualTo(Duration.ofMillis(100));
            assertThat(again.cause()).isInstanceOf(Truncated.class);
            assertThat(again.at()).isEqualTo(Instant.parse("2026-01-01T00:00:05Z"));
        });
    }

    @Test
    void isToldOfTheNewConnectionWhenNothingHappens() {
        engine.happens();
        passSeconds(5);
        subscribe();
        engine.cut();
        passSeconds(1);
        assertThat(seen.all).hasSize(1).first().isInstanceOf(Reconnected.class);
    }

    @Test
    void whatWasUnderWayComesAfterTheCut() {
        subscribe();
        engine.happens();
        EventMessage unheard = engine.happensUnheard();
        engine.reset();
        passSeconds(1);
        assertThat(seen.events()).containsExactlyElementsOf(engine.sent).contains(unheard);
        assertThat(seen.gaps()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {254, 255, 256, 257, 1000})
    void moreThanTheEngineRemembersIsAGap(int meanwhile) {
        engine.happens();
        passSeconds(5);
        subscribe();
        EventMessage last = engine.happens();
        passSeconds(5);
        engine.cut();
        engine.happen(meanwhile);
        passSeconds(2);
        if (meanwhile == 254) {
            assertThat(seen.gaps()).isEmpty();
            assertThat(seen.events()).containsExactlyElementsOf(engine.sent.subList(1, 2 + 254));
        } else if (meanwhile == 255) {
            // One that happened at once with the last one may have stood before it and be forgotten.
            assertThat(seen.gaps()).containsExactly(new Gap(at(last), at(last), null, Reason.RING_OVERFLOW));
            assertThat(seen.events()).containsExactlyElementsOf(engine.sent.subList(1, 2 + 255));
        } else {
            List<EventMessage> remembered = engine.sent.subList(meanwhile + 2 - 256, meanwhile + 2);
            assertThat(seen.gaps())
                    .containsExactly(new Gap(at(last), at(remembered.get(0)), null, Reason.RING_OVERFLOW));
            assertThat(seen.all.get(1)).isInstanceOf(Reconnected.class);
            assertThat(seen.all.get(2)).isInstanceOf(Gap.class);
            assertThat(seen.events().subList(1, 257)).isEqualTo(remembered);
        }
    }

    @Test
    void aRestartIsAGap() {
        subscribe();
        passSeconds(5);
        EventMessage last = engine.happens();
        engine.cut();
        engine.forget();
        engine.down();
        passSeconds(7);
        engine.up();
        EventMessage first = engine.happens();
        passSeconds(10);
        assertThat(seen.gaps()).containsExactly(new Gap(at(last), at(first), null, Reason.ENGINE_RESTARTED));
        assertThat(seen.events()).containsExactly(last, first);
    }

    @Test
    void aRestartAfterWhichNothingHappensIsAGapUpToNow() {
        engine.happens();
        passSeconds(5);
        subscribe();
        engine.end();
        engine.forget();
        passSeconds(2);
        assertThat(seen.all).hasSize(2);
        assertThat(seen.gaps())
                .containsExactly(new Gap(
                        Instant.parse("2026-01-01T00:00:05Z"),
                        Instant.parse("2026-01-01T00:00:06Z"),
                        null,
                        Reason.ENGINE_RESTARTED));
    }

    @Test
    void aRestartIsToldOnce() {
        subscribe();
        engine.happens();
        engine.cut();
        engine.forget();
        pass(Duration.ofMillis(50));
        engine.happens();
        passSeconds(3);
        engine.cut();
        passSeconds(3);
        engine.happens();
        engine.cut();
        passSeconds(3);
        assertThat(seen.gaps()).hasSize(1);
        assertThat(seen.reconnections()).hasSize(3);
        assertThat(seen.events()).containsExactlyElementsOf(engine.sent);
    }

    @Test
    void eachRestartIsTold() {
        subscribe();
        for (int round = 0; round < 3; round++) {
            engine.happens();
            engine.cut();
            engine.forget();
            passSeconds(3);
        }
        assertThat(seen.gaps())
                .extracting(Gap::reason)
                .containsExactly(Reason.ENGINE_RESTARTED, Reason.ENGINE_RESTARTED, Reason.ENGINE_RESTARTED);
    }

    @Test
    void anEngineThatNeverHadAnythingToRememberMayHaveBeenRestarted() {
        // However short the time was: the connection may have been lost long before that was noticed.
        subscribe();
        passSeconds(5);
        Runnable heard = engine.endUnheard();
        EventMessage missed = engine.happens();
        engine.forget();
        passSeconds(5);
        heard.run();
        passSeconds(3);
        assertThat(seen.events()).isEmpty();
        assertThat(seen.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(Reason.ENGINE_RESTARTED);
            assertThat(at(missed)).isBetween(gap.from(), gap.to());
        });
    }

    @Test
    void anEngineThatNeverHadAnythingToRememberAndWasDownIsOne() {
        subscribe();
        passSeconds(5);
        engine.cut();
        engine.down();
        passSeconds(3);
        engine.up();
        passSeconds(10);
        assertThat(seen.gaps()).extracting(Gap::reason).containsExactly(Reason.ENGINE_RESTARTED);
    }

    @Test
    void eventsOutOfOrderAreTakenByWhatTheyAre() {
        subscribe();
        passSeconds(5);
        engine.happens("a", Duration.ofNanos(190_000));
        engine.happens("b", Duration.ZERO);
        EventMessage late = engine.happensUnheard();
        engine.cut();
        engine.happens("c", Duration.ofNanos(-190_000));
        passSeconds(1);
        assertThat(seen.events()).containsExactlyElementsOf(engine.sent).contains(late);
    }

    @Test
    void whatTheEngineSaysTwiceComesOnce() {
        subscribe();
        EventMessage event = engine.happens();
        engine.happens(event);
        engine.happens(event.toBuilder()
                .actor(actor -> actor.attributes(java.util.Map.of("name", "y")))
                .build());
        assertThat(seen.events()).hasSize(2);
    }

    @Test
    void anEventWithoutATimeIsNeverTakenForAnother() {
        subscribe();
        EventMessage event = EventMessage.builder().action("x").build();
        engine.happens(event);
        engine.happens(event);
        assertThat(seen.events()).hasSize(2);
    }

    @Test
    void theClockOfAnotherNodeHidesNothing() {
        subscribe();
        passSeconds(60);
        EventMessage first = engine.happens();
        engine.cut();
        EventMessage second = engine.happens();
        EventMessage swarm = EventMessage.builder()
                .type(EventType.SERVICE)
                .action("update")
                .scope(EventScope.SWARM)
                .actor(actor -> actor.id("s"))
                .timeNano(engine.now().minusSeconds(5))
                .build();
        engine.happens(swarm);
        passSeconds(1);
        assertThat(seen.events()).containsExactly(first, second, swarm);
        // Nor does one that is ahead make it look as if more had come than has.
        engine.happens(swarm.toBuilder().timeNano(engine.now().plusSeconds(60)).build());
        engine.cut();
        engine.happen(257);
        passSeconds(2);
        assertThat(seen.gaps()).extracting(Gap::reason).containsExactly(Reason.RING_OVERFLOW);
    }

    @Test
    void othersThatPushedTheLastOneOutAreAGap() {
        subscribe(options -> options.filters(which -> which.event("die")), PLAIN);
        engine.happens("die", Duration.ZERO);
        passSeconds(60);
        // Whoever hears of the end only now can't know whether the others were before it or after.
        Runnable heard = engine.endUnheard();
        EventMessage missed = engine.happens("die", Duration.ZERO);
        engine.happen(1000);
        passSeconds(60);
        heard.run();
        passSeconds(2);
        assertThat(seen.events()).hasSize(1);
        assertThat(seen.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(Reason.RING_OVERFLOW);
            assertThat(at(missed)).isBetween(gap.from(), gap.to());
        });
    }

    @Test
    void othersThatPushedTheLastOneOutBeforeTheConnectionWasMadeAreNoGapWhereItEndedWhole() {
        subscribe(options -> options.filters(which -> which.event("die")), PLAIN);
        engine.happens("die", Duration.ZERO);
        engine.happen(100);
        passSeconds(60);
        engine.cut();
        passSeconds(60);
        engine.happen(200);
        engine.cut();
        passSeconds(2);
        assertThat(seen.gaps()).isEmpty();
        engine.happen(200);
        engine.reset();
        passSeconds(2);
        assertThat(seen.gaps()).extracting(Gap::reason).containsExactly(Reason.RING_OVERFLOW);
    }

    @Test
    void oneThatOthersOvertookIsAGapWhenItIsForgotten() {
        engine.happens();
        passSeconds(5);
        subscribe();
        EventMessage overtaken = engine.happensLate("start", Duration.ZERO);
        engine.happens();
        engine.reset();
        engine.happen(255);
        passSeconds(2);
        assertThat(seen.events()).doesNotContain(overtaken);
        assertThat(seen.gaps()).singleElement().satisfies(gap -> assertThat(at(overtaken))
                .isBetween(gap.from(), gap.to()));
    }

    @Test
    void aSwarmsEventThatIsFarBehindHidesNothingBeforeIt() {
        engine.happens();
        passSeconds(120);
        subscribe();
        passSeconds(60);
        EventMessage first = engine.happens();
        engine.cut();
        EventMessage second = engine.happens();
        engine.happens(EventMessage.builder()
                .type(EventType.SERVICE)
                .action("update")
                .scope(EventScope.SWARM)
                .actor(actor -> actor.id("s"))
                .timeNano(engine.now().minusSeconds(30))
                .build());
        passSeconds(2);
        assertThat(seen.events()).hasSize(3).contains(first, second);
        assertThat(seen.gaps()).isEmpty();
    }

    @Test
    void othersThatPushedTheLastOneOutAreAGapWhereTheConnectionBroke() {
        subscribe(options -> options.filters(which -> which.event("die")), PLAIN);
        EventMessage die = engine.happens("die", Duration.ZERO);
        engine.happen(1000);
        passSeconds(60);
        engine.reset();
        passSeconds(2);
        assertThat(seen.gaps())
                .extracting(Gap::from, Gap::reason)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(at(die), Reason.RING_OVERFLOW));
    }

    @Test
    void othersThatHappenedMeanwhileAreAGap() {
        subscribe(options -> options.filters(which -> which.event("die")), PLAIN);
        engine.happens("die", Duration.ZERO);
        passSeconds(60);
        engine.cut();
        engine.happen(257);
        passSeconds(2);
        assertThat(seen.gaps()).extracting(Gap::reason).containsExactly(Reason.RING_OVERFLOW);
    }

    @Test
    void aClockThatIsSetBackIsAGap() {
        subscribe();
        passSeconds(100);
        EventMessage first = engine.happens();
        engine.cut();
        engine.setClock(Duration.ofMinutes(-1));
        engine.happens();
        passSeconds(1);
        EventMessage after = engine.happens();
        engine.cut();
        passSeconds(1);
        assertThat(seen.gaps()).extracting(Gap::reason).containsExactly(Reason.CLOCK_SET_BACK);
        assertThat(seen.events()).contains(first, after).doesNotHaveDuplicates();
        assertThat(seen.reconnections()).hasSize(2);
    }

    @Test
    void sinceBeginsWithWhatTheEngineRemembers() {
        EventMessage before = engine.happens();
        passSeconds(5);
        EventMessage after = engine.happens();
        passSeconds(5);
        subscribe(options -> options.since(at(after)), PLAIN);
        engine.cut();
        passSeconds(1);
        assertThat(seen.events()).containsExactly(after).doesNotContain(before);
        assertThat(seen.gaps()).isEmpty();
    }

    @Test
    void sinceLongerAgoThanTheEngineRemembersBeginsWithAGap() {
        engine.happen(300);
        passSeconds(5);
        Instant since = EngineOfEvents.BIRTH.minusSeconds(1);
        subscribe(options -> options.since(since), PLAIN);
        assertThat(seen.all.get(0))
                .isEqualTo(new Gap(since, at(engine.sent.get(300 - 256)), null, Reason.RING_OVERFLOW));
        assertThat(seen.events()).containsExactlyElementsOf(engine.sent.subList(300 - 256, 300));
    }

    @Test
    void sinceBeforeARestartBeginsWithAGap() {
        EventMessage first = engine.happens();
        passSeconds(5);
        subscribe(options -> options.since(at(first).minusSeconds(60)), PLAIN);
        assertThat(seen.all).isEmpty();
        passSeconds(1);
        assertThat(seen.all)
                .containsExactly(
                        new Gap(at(first).minusSeconds(60), at(first), null, Reason.ENGINE_RESTARTED),
                        new Event(first));
    }

    @Test
    void sinceInTheFutureWaitsForNothing() {
        subscribe(options -> options.since(engine.now().plusSeconds(3600)), PLAIN);
        engine.happens();
        engine.cut();
        passSeconds(1);
        engine.happens();
        assertThat(seen.events()).hasSize(2);
        assertThat(seen.gaps()).isEmpty();
    }

    @Test
    void untilCompletes() {
        subscribe(options -> options.until(engine.now().plusSeconds(30)), PLAIN);
        engine.happens();
        passSeconds(29);
        assertThat(seen.completed).isFalse();
        passSeconds(1);
        assertThat(seen.completed).isTrue();
        assertThat(seen.reconnections()).isEmpty();
        assertThat(time.getScheduledTaskCount()).isLessThan(100);
    }

    @Test
    void untilHoldsOverACutAndCompletesAfterIt() {
        Instant until = engine.now().plusSeconds(30);
        subscribe(options -> options.until(until), PLAIN);
        engine.happens();
        passSeconds(10);
        engine.end();
        engine.down();
        passSeconds(5);
        engine.up();
        EventMessage inTime = engine.happens();
        engine.down();
        passSeconds(30);
        engine.happens();
        engine.up();
        passSeconds(30);
        assertThat(seen.completed).isTrue();
        assertThat(seen.events()).hasSize(2).endsWith(inTime);
        assertThat(engine.asked).allSatisfy(asked -> assertThat(asked.until()).isNotNull());
    }

    @Test
    void waitsTwiceAsLongEachTime() {
        engine.happens();
        passSeconds(5);
        subscribe();
        engine.happens();
        engine.down();
        engine.cut();
        int before = engine.asked.size();
        Duration wait = Duration.ofMillis(100);
        for (int attempt = 1; attempt <= 10; attempt++) {
            pass(wait.minusNanos(1));
            assertThat(engine.asked).hasSize(before + attempt - 1);
            pass(Duration.ofNanos(1));
            assertThat(engine.asked).hasSize(before + attempt);
            wait = wait.multipliedBy(2).compareTo(Duration.ofSeconds(10)) < 0
                    ? wait.multipliedBy(2)
                    : Duration.ofSeconds(10);
        }
        engine.up();
        passSeconds(10);
        assertThat(seen.reconnections()).singleElement().satisfies(again -> {
            assertThat(again.attempts()).isEqualTo(11);
            assertThat(again.cause()).isInstanceOf(Truncated.class);
        });
        // An event came: short again.
        engine.happens();
        engine.cut();
        pass(Duration.ofMillis(100));
        assertThat(seen.reconnections()).hasSize(2);
    }

    @Test
    void aConnectionThatGivesNothingMakesTheWaitNoShorter() {
        engine.happens();
        passSeconds(5);
        subscribe();
        engine.cut();
        pass(Duration.ofMillis(100));
        engine.cut();
        pass(Duration.ofMillis(199));
        assertThat(seen.reconnections()).hasSize(1);
        pass(Duration.ofMillis(1));
        assertThat(seen.reconnections()).hasSize(2);
        // It held for as long as the longest wait.
        passSeconds(10);
        engine.cut();
        pass(Duration.ofMillis(100));
        assertThat(seen.reconnections()).hasSize(3);
    }

    @Test
    void leavesOutARandomPartOfAWait() {
        subscribe(options -> {}, Reconnect.of(how -> how.jitter(1).firstWait(Duration.ofSeconds(10))));
        engine.happens();
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        for (int round = 0; round < 50; round++) {
            engine.cut();
            passSeconds(11);
            engine.happens();
            long without = seen.reconnections().get(round).without().toNanos();
            shortest = Math.min(shortest, without);
            longest = Math.max(longest, without);
        }
        assertThat(longest - shortest).isGreaterThan(Duration.ofSeconds(5).toNanos());
        assertThat(longest).isLessThanOrEqualTo(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void givesUp() {
        subscribe(options -> {}, Reconnect.of(how -> how.jitter(0).giveUpAfter(Duration.ofMinutes(1))));
        engine.happens();
        passSeconds(300);
        engine.down();
        engine.cut();
        pass(Duration.ofSeconds(60).minusNanos(1));
        assertThat(seen.failure).isNull();
        pass(Duration.ofNanos(1));
        assertThat(seen.failure).isInstanceOf(ConnectionFailed.class);
        int asked = engine.asked.size();
        passSeconds(600);
        assertThat(engine.asked).hasSize(asked);
    }

    @Test
    void anEngineThatTakesConnectionsAndSaysNothingIsNotWaitedFor() {
        subscribe();
        engine.happens();
        engine.silent(Duration.ofSeconds(20));
        engine.cut();
        passSeconds(15);
        int asked = engine.asked.size();
        passSeconds(30);
        assertThat(engine.asked).hasSizeGreaterThan(asked);
        engine.up();
        passSeconds(60);
        assertThat(seen.reconnections()).hasSize(1);
    }

    @Test
    void givesUpOnAnEngineThatSaysNothing() {
        subscribe(options -> {}, Reconnect.of(how -> how.jitter(0).giveUpAfter(Duration.ofMinutes(1))));
        engine.happens();
        engine.silent(Duration.ZERO);
        engine.cut();
        passSeconds(61);
        assertThat(seen.failure).isInstanceOf(ConnectionFailed.class).hasMessageContaining("no answer");
    }

    @Test
    void anEngineThatIsBackBeforeTheLastAttemptHasTimeToAnswer() {
        subscribe(options -> {}, Reconnect.of(how -> how.jitter(0).giveUpAfter(Duration.ofMinutes(1))));
        engine.happens();
        engine.down();
        engine.cut();
        pass(Duration.ofSeconds(60).minusNanos(1));
        int asked = engine.asked.size();
        engine.up();
        engine.slow(Duration.ofSeconds(2)); // To connect and to be looked at: each.
        passSeconds(10);
        assertThat(engine.asked).hasSize(asked + 2);
        assertThat(seen.failure).isNull();
        assertThat(seen.reconnections()).singleElement().satisfies(again -> assertThat(again.without())
                .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(65)));
    }

    @Test
    void anEngineThatIsSilentToTheLastAttemptIsGivenUpSoon() {
        subscribe(options -> {}, Reconnect.of(how -> how.jitter(0).giveUpAfter(Duration.ofMinutes(1))));
        engine.happens();
        engine.down();
        engine.cut();
        pass(Duration.ofSeconds(60).minusNanos(1));
        engine.up();
        engine.silent(Duration.ZERO);
        pass(Duration.ofSeconds(5));
        assertThat(seen.failure).isNull();
        pass(Duration.ofNanos(1));
        assertThat(seen.failure).isInstanceOf(ConnectionFailed.class).hasMessageContaining("no answer within 5000 ms");
    }

    @Test
    void theFirstConnectionIsNotTriedAgain() {
        engine.down();
        subscribe();
        assertThat(seen.failure).isInstanceOf(ConnectionFailed.class);
        assertThat(engine.asked).hasSize(1);
    }

    @Test
    void whatAnotherAttemptCannotMendIsAnError() {
        subscribe();
        engine.happens();
        engine.refuse(new InvalidRequest("GET /events", 400, "no", null));
        engine.cut();
        passSeconds(1);
        assertThat(seen.failure).isInstanceOf(InvalidRequest.class);
    }

    @Test
    void aClosedClientEndsIt() {
        subscribe();
        engine.happens();
        engine.fail(new ClientClosed("GET /events", engine.host()));
        assertThat(seen.failure).isInstanceOf(ClientClosed.class);
    }

    @Test
    void aCutBetweenTheConnectionAndTheLookIsOneMoreAttempt() {
        subscribe();
        passSeconds(5);
        EventMessage last = engine.happens();
        engine.cut();
        engine.forget();
        pass(Duration.ofMillis(50));
        engine.happens();
        pass(Duration.ofMillis(50));
        assertThat(engine.listeners()).as("the look waits for more").isEqualTo(2);
        assertThat(seen.all).hasSize(1);
        engine.cut();
        passSeconds(5);
        assertThat(seen.reconnections()).singleElement().satisfies(again -> assertThat(again.attempts())
                .isEqualTo(2));
        assertThat(seen.gaps()).singleElement().satisfies(gap -> assertThat(gap.from())
                .isEqualTo(at(last)));
        assertThat(seen.events()).containsExactlyElementsOf(engine.sent);
    }

    @Test
    void cancelAtEachStageLeavesNothing() {
        for (int stage = 0; stage < 4; stage++) {
            startTheEngine();
            SignalsSeen mine = new SignalsSeen();
            subscribe(mine, options -> {}, PLAIN, 10);
            engine.happens();
            if (stage > 0) {
                engine.cut();
            }
            if (stage > 1) {
                engine.forget();
                pass(Duration.ofMillis(100));
            }
            if (stage > 2) {
                passSeconds(2);
            }
            int asked = engine.asked.size();
            int listening = engine.listeners();
            // The third has a look beside it.
            assertThat(listening).isEqualTo(List.of(1, 0, 2, 1).get(stage));
            int cancelled = engine.cancelled();
            mine.cancel();
            assertThat(engine.listeners()).as("stage %d", stage).isZero();
            assertThat(engine.cancelled() - cancelled).isEqualTo(listening);
            engine.happens();
            passSeconds(3600);
            assertThat(engine.asked).hasSize(asked);
        }
    }
}
