package dev.fairlead;

import dev.fairlead.model.EventMessage;
import dev.fairlead.model.EventScope;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far a stream of events has come, by the Engine's clock. */
final class EventPosition {

    /** Four times as many as the Engine can say again. */
    static final int KNOWN = 4 * RingLook.CAPACITY;

    /**
     * How much is asked for again. The Engine looks for the first event to be repeated from the last one backwards, and stops at one
     * that is older than was asked for: so the events of a swarm, which carry the clock of another node, must not be that much behind.
     */
    static final Duration OVERLAP = Duration.ofSeconds(10);

    private final boolean filtered;
    private final Set<EventIdentity> known = new LinkedHashSet<>();
    private Instant base = Instant.EPOCH;
    private @Nullable Instant last;
    private @Nullable Instant whole;
    private boolean remembered;

    /** @param filtered whether there are events that it does not get to see */
    EventPosition(boolean filtered) {
        this.filtered = filtered;
    }

    /** Nothing before this moment is asked for. */
    void startAt(Instant moment) {
        base = moment;
    }

    /** Takes an event; false if it came already. */
    boolean accept(EventMessage event) {
        EventIdentity identity = EventIdentity.of(event);
        if (identity != null && !known.add(identity)) {
            return false;
        }
        if (known.size() > KNOWN) {
            Iterator<EventIdentity> eldest = known.iterator();
            eldest.next();
            eldest.remove();
        }
        Instant time = EventIdentity.timeOf(event);
        // The Engine forgets it only by a restart, or by 256 others.
        remembered = true;
        // A swarm's events carry the clock of the node that changed the object.
        if (time != null && !EventScope.SWARM.equals(event.scope()) && (last == null || time.isAfter(last))) {
            last = time;
        }
        return true;
    }

    /** Whether this event came already, as far back as that is remembered here. */
    boolean knows(EventMessage event) {
        EventIdentity identity = EventIdentity.of(event);
        return identity != null && known.contains(identity);
    }

    /** A connection ended so that all that the Engine sent before this moment came. */
    void wholeUntil(Instant moment) {
        // Where every event comes the last one tells more exactly.
        if (filtered && (whole == null || moment.isAfter(whole))) {
            whole = moment;
        }
    }

    /** Nothing before it is missing, or what is missing was told. */
    Instant reached() {
        return later(later(base, last), whole);
    }

    /** From when on the Engine should say again what it remembers. */
    Instant replayFrom() {
        Instant near = last == null ? whole : last;
        return near == null ? base : later(base, near.minus(OVERLAP));
    }

    /** The Engine remembers something from before what is {@link #reached}. */
    void remembered() {
        remembered = true;
    }

    /** Whether the Engine once remembered something from before what is {@link #reached}. */
    boolean wasRemembered() {
        return remembered;
    }

    /**
     * Begins anew after a gap.
     *
     * @param found whether something happened at that moment that the Engine remembers
     */
    void goOnFrom(Instant moment, boolean found) {
        base = moment;
        last = null;
        whole = null;
        remembered = found;
    }

    private static Instant later(Instant one, @Nullable Instant other) {
        return other != null && other.isAfter(one) ? other : one;
    }
}
