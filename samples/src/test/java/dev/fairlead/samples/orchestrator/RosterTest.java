package dev.fairlead.samples.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Time is an argument here: a day passes in no time. */
class RosterTest {

    private static final Declaration DECLARATION = Declaration.parse("""
            project: shop
            containers:
              - name: web
                image: busybox
                replicas: 2
                restart: { first: 100ms, longest: 1s, healthyAfter: 10s }
            """);

    private final Roster roster = new Roster(DECLARATION.replicasOn("engine"), () -> 0);
    private final String fingerprint = DECLARATION.containers().get(0).fingerprint();
    private Instant now = Instant.parse("2026-11-30T12:00:00Z");

    @Test
    void makesWhatIsNotThereAtOnce() {
        List<Action> actions = look();
        assertThat(actions).hasSize(2).allSatisfy(action -> {
            Action.Start start = (Action.Start) action;
            assertThat(start.id()).isNull();
            assertThat(start.after()).isZero();
        });
        assertThat(look()).as("already given out").isEmpty();
        assertThat(roster.begins(start(actions, 0))).isTrue();
        assertThat(look()).as("under way").isEmpty();
        assertThat(roster.started(start(actions, 0), "a", now)).isEmpty();
        assertThat(roster.tallies()).containsEntry("web", new Tally(1, 2));
    }

    @Test
    void startsWhatStopsAndRemovesWhatIsNotDeclared() {
        List<Action> actions = look(
                new Found("shop-web-1", "a", fingerprint, false),
                new Found("shop-web-2", "b", "another", true),
                new Found("shop-old-1", "c", fingerprint, true));
        assertThat(start(actions, 0).id()).isEqualTo("a");
        assertThat(start(actions, 1).id()).isNull();
        assertThat(start(actions, 1).outdated()).isEqualTo("b");
        assertThat(actions.get(2)).isEqualTo(new Action.Remove("shop-old-1", "c"));
    }

    @Test
    void waitsTwiceAsLongEachTimeAndForgetsAfterHealthyTime() {
        bothRun();
        List<Duration> waits = new ArrayList<>();
        IntStream.range(0, 6).forEach(i -> waits.add(dieAndRun("a", Duration.ofSeconds(1))));
        assertThat(waits)
                .containsExactly(
                        Duration.ofMillis(100),
                        Duration.ofMillis(200),
                        Duration.ofMillis(400),
                        Duration.ofMillis(800),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
        assertThat(dieAndRun("a", Duration.ofDays(1))).isZero();
        assertThat(dieAndRun("a", Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void leavesOutARandomPartOfTheWait() {
        Backoff restart = DECLARATION.containers().get(0).restart();
        assertThat(restart.waitAfter(1, 1)).isEqualTo(Duration.ofMillis(50));
        assertThat(restart.waitAfter(1_000_000, 0.5)).isEqualTo(Duration.ofMillis(750));
    }

    @Test
    void whatWasLookedAtBeforeAChangeDoesNotUndoIt() {
        List<Action> actions = look();
        Action.Start start = start(actions, 0);
        assertThat(roster.begins(start)).isTrue();
        long mark = roster.mark(); // The Engine lists its containers here, and its answer comes late.
        assertThat(roster.started(start, "a", now)).isEmpty();
        assertThat(roster.look(mark, List.of(), now)).isEmpty();
        assertThat(look()).as("and now it is gone").hasSize(1);
    }

    @Test
    void anEndThatIsToldBeforeTheStartsAnswerCounts() {
        Action.Start start = start(look(), 0);
        assertThat(roster.begins(start)).isTrue();
        assertThat(roster.died("shop-web-1", "a", now)).isEmpty();
        List<Action> again = roster.started(start, "a", now);
        assertThat(start(again, 0).after()).isEqualTo(Duration.ofMillis(100));
        assertThat(start(again, 0).id()).isEqualTo("a");
    }

    @Test
    void theEndOfAPredecessorDoesNot() {
        Action.Start start = start(look(new Found("shop-web-1", "old", "another", true)), 0);
        assertThat(roster.begins(start)).isTrue();
        assertThat(roster.died("shop-web-1", "old", now)).isEmpty();
        assertThat(roster.started(start, "new", now)).isEmpty();
        assertThat(roster.died("shop-web-1", "old", now)).isEmpty();
        assertThat(roster.removed("shop-web-1", "old")).isEmpty();
        assertThat(roster.died("nobody", "x", now)).isEmpty();
    }

    @Test
    void afterARestartOfTheEngineItLooksAndWaitsForNothing() {
        bothRun();
        Action.Start waiting = start(roster.died("shop-web-1", "a", now), 0);
        roster.forgive();
        assertThat(roster.begins(waiting)).as("overtaken").isFalse();
        List<Action> actions = look(
                new Found("shop-web-1", "a", fingerprint, false), new Found("shop-web-2", "b", fingerprint, false));
        assertThat(start(actions, 0).after()).isZero();
        assertThat(start(actions, 1).after()).isZero();
    }

    @Test
    void triesAgainWhatFailsAndLooksAfterALostConnection() {
        List<Action> actions = look();
        assertThat(roster.begins(start(actions, 0))).isTrue();
        assertThat(start(roster.failed(start(actions, 0)), 0).after()).isEqualTo(Duration.ofMillis(100));
        assertThat(roster.begins(start(actions, 1))).isTrue();
        roster.lost(start(actions, 1));
        assertThat(look()).hasSize(1);
    }

    @Test
    void makesAnewWhatSomeoneRemoved() {
        bothRun();
        Action.Start start = start(roster.removed("shop-web-1", "a"), 0);
        assertThat(start.id()).isNull();
        assertThat(start.after()).isZero();
    }

    private void bothRun() {
        assertThat(look(
                        new Found("shop-web-1", "a", fingerprint, true),
                        new Found("shop-web-2", "b", fingerprint, true)))
                .isEmpty();
        assertThat(roster.tallies()).containsEntry("web", new Tally(2, 2));
    }

    /** Lets it run for a while, end, and be started again; the wait between. */
    private Duration dieAndRun(String id, Duration ran) {
        now = now.plus(ran);
        Action.Start start = start(roster.died("shop-web-1", id, now), 0);
        now = now.plus(start.after());
        assertThat(roster.begins(start)).isTrue();
        assertThat(roster.started(start, id, now)).isEmpty();
        return start.after();
    }

    private List<Action> look(Found... found) {
        return roster.look(roster.mark(), List.of(found), now);
    }

    private static Action.Start start(List<Action> actions, int index) {
        return (Action.Start) actions.get(index);
    }
}
