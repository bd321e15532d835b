package dev.fairlead;

import dev.fairlead.model.EventMessage;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far a stream of events has come, by the Engine's clock. */
final class EventPosition {

    /** Four times as many as the Engine can say again. */
    static final int KNOWN = 4 * RingLook.CAPACITY;

    private final boolean filtered;
    private final Set<EventIdentity> known = new LinkedHashSet<>();
    private Instant base = Instant.EPOCH;
    private @Nullable Instant last;
    private @Nullable Instant whole;

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
        Instant time = EventIdentity.localTimeOf(event);
        if (time != null && (last == null || time.isAfter(last))) {
            last = time;
        }
        return true;
    }

    /** Of what happened before this moment all came. */
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

    /**
     * From when on the Engine should say again what it remembers: from the beginning, since it looks for the first event to be repeated
     * from the last one backwards and stops at one that is older than was asked for, and the events of a swarm, which carry the clock of
     * another node, may be far behind. What came already is known.
     */
    Instant base() {
        return base;
    }

    /** How to look whether the Engine remembers all that happened since what is {@link #reached}. */
    RingLook look() {
        // Where every event comes, the Engine remembers one of those that came unless 256 others followed. Then nothing
        // hangs on the Engine's clock.
        return new RingLook(reached(), !filtered && last != null, event -> {
            EventIdentity identity = EventIdentity.of(event);
            return identity != null && known.contains(identity);
        });
    }

    /**
     * Begins anew after a gap.
     *
     * @param moment what happened from then on is asked for
     * @param before what came, or was told to be missing, reaches at least so far; null if that is no longer a time of the Engine's clock
     */
    void goOnFrom(Instant moment, @Nullable Instant before) {
        base = moment;
        last = null;
        whole = before;
    }

    private static Instant later(Instant one, @Nullable Instant other) {
        return other != null && other.isAfter(one) ? other : one;
    }
}
