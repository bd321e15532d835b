package dev.fairlead.samples.orchestrator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an Engine has to run and what it is known to run: told what happened, it says what to do. It does no I/O, knows no clock, and is
 * for one thread. At any time each replica has one action at most that was given out and did not end.
 */
final class Roster {

    /** How a replica is, as far as is known. */
    private enum State {
        /** Nothing is known, or it has to be looked at anew. */
        UNKNOWN,
        /** A start was given out, and its time has not come. */
        WAITING,
        /** A start was begun. */
        STARTING,
        RUNNING
    }

    private static final class Slot {
        private final Replica replica;
        private State state = State.UNKNOWN;
        private @Nullable String id;
        private @Nullable Instant runningSince;
        /** The container that ended while a start was under way, which tells of the start only if it is its own. */
        private @Nullable String diedEarly;

        private int failures;
        /** When it last changed, by the roster's own count. */
        private long turn;

        private Slot(Replica replica) {
            this.replica = replica;
        }
    }

    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final DoubleSupplier random;
    private long turns;

    /** With nothing known yet; {@code random} gives numbers from 0 to 1. */
    Roster(Collection<Replica> replicas, DoubleSupplier random) {
        replicas.forEach(replica -> slots.put(replica.name(), new Slot(replica)));
        this.random = random;
    }

    /** A moment to compare with: {@link #look} leaves alone what changed after it. Taken before the Engine is asked. */
    long mark() {
        return turns;
    }

    /** What to do about what the Engine was found to have at the mark. */
    List<Action> look(long mark, Collection<Found> found, Instant now) {
        List<Action> actions = new ArrayList<>();
        Map<String, Found> byName =
                found.stream().collect(Collectors.toMap(Found::name, container -> container, (one, other) -> one));
        for (Slot slot : slots.values()) {
            if (slot.turn > mark || slot.state == State.STARTING) {
                continue;
            }
            Found container = byName.get(slot.replica.name());
            if (container == null
                    || !container.fingerprint().equals(slot.replica.spec().fingerprint())) {
                startUnlessGiven(slot, null, container == null ? null : container.id(), actions);
            } else if (!container.running()) {
                startUnlessGiven(slot, container.id(), null, actions);
            } else if (slot.state != State.RUNNING) {
                runs(slot, container.id(), now);
            }
        }
        Set<String> wanted = slots.keySet();
        found.stream()
                .filter(container -> !wanted.contains(container.name()))
                .forEach(container -> actions.add(new Action.Remove(container.name(), container.id())));
        return actions;
    }

    /** Whether a start whose time has come is still to be done; it is begun then. */
    boolean begins(Action.Start start) {
        Slot slot = slot(start);
        if (slot.turn != start.turn()) {
            return false;
        }
        slot.state = State.STARTING;
        slot.diedEarly = null;
        return true;
    }

    /** A start has ended well: the container's id. */
    List<Action> started(Action.Start start, String id, Instant now) {
        Slot slot = slot(start);
        runs(slot, id, now);
        return id.equals(slot.diedEarly) ? died(slot, now) : List.of();
    }

    /** A start has failed, by the fault of what was to start: it is tried again, from the making of the container on. */
    List<Action> failed(Action.Start start) {
        Slot slot = slot(start);
        slot.id = null;
        slot.failures++;
        return List.of(start(slot, null));
    }

    /** A start has failed, by no fault of what was to start: the next look tells. */
    void lost(Action.Start start) {
        change(slot(start), State.UNKNOWN);
    }

    /** A container has ended. */
    List<Action> died(String name, String id, Instant now) {
        Slot slot = slots.get(name);
        if (slot == null) {
            return List.of();
        }
        if (slot.state == State.STARTING) {
            // Told before the start's own answer, which says whether it was this one.
            slot.diedEarly = id;
            return List.of();
        }
        return slot.state == State.RUNNING && id.equals(slot.id) ? died(slot, now) : List.of();
    }

    /** A container was removed, by someone else where it matters. */
    List<Action> removed(String name, String id) {
        Slot slot = slots.get(name);
        if (slot == null || slot.state == State.STARTING || !id.equals(slot.id)) {
            return List.of();
        }
        slot.id = null;
        return List.of(start(slot, null));
    }

    /** The Engine was restarted: what it ended did not fail, and has to be looked for. */
    void forgive() {
        for (Slot slot : slots.values()) {
            slot.failures = 0;
            if (slot.state != State.STARTING) {
                change(slot, State.UNKNOWN);
            }
        }
    }

    int size() {
        return slots.size();
    }

    /** How many replicas of each kind there are to be, and how many of them run. */
    Map<String, Tally> tallies() {
        Map<String, Tally> tallies = new TreeMap<>();
        for (Slot slot : slots.values()) {
            int running = slot.state == State.RUNNING ? 1 : 0;
            tallies.merge(slot.replica.spec().name(), new Tally(running, 1), Tally::plus);
        }
        return tallies;
    }

    private List<Action> died(Slot slot, Instant now) {
        Instant since = slot.runningSince;
        Duration healthy = slot.replica.spec().restart().healthyAfter();
        boolean well = since != null && Duration.between(since, now).compareTo(healthy) >= 0;
        slot.failures = well ? 0 : slot.failures + 1;
        return List.of(start(slot, null));
    }

    private void startUnlessGiven(Slot slot, @Nullable String id, @Nullable String outdated, List<Action> actions) {
        if (slot.state != State.WAITING) {
            slot.id = id;
            actions.add(start(slot, outdated));
        }
    }

    private Action start(Slot slot, @Nullable String outdated) {
        change(slot, State.WAITING);
        Duration wait = slot.replica.spec().restart().waitAfter(slot.failures, random.getAsDouble());
        return new Action.Start(slot.replica, slot.id, outdated, wait, slot.turn);
    }

    private void runs(Slot slot, String id, Instant now) {
        change(slot, State.RUNNING);
        slot.id = id;
        slot.runningSince = now;
    }

    private void change(Slot slot, State state) {
        slot.state = state;
        slot.turn = ++turns;
    }

    private Slot slot(Action.Start start) {
        Slot slot = slots.get(start.replica().name());
        if (slot == null) {
            throw new IllegalStateException(
                    "not of this roster: " + start.replica().name());
        }
        return slot;
    }
}
