package dev.fairlead;

import dev.fairlead.model.EventMessage;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How far back the Engine remembers, told from all that it remembers, the first first. Used once. */
final class RingLook {

    /** How many events an Engine remembers. */
    static final int CAPACITY = 256;

    private final Instant moment;
    private final Predicate<EventMessage> known;
    private int count;
    private boolean reachesBack;
    private @Nullable Instant oldest;

    /**
     * @param moment how far back it should remember
     * @param known whether an event came already: then all that followed it is remembered too
     */
    RingLook(Instant moment, Predicate<EventMessage> known) {
        this.moment = moment;
        this.known = known;
    }

    /** Looks at one more event; whether there is nothing more to learn. */
    boolean add(EventMessage event) {
        Instant time = EventIdentity.timeOf(event);
        if (time != null) {
            // Only the first one's time tells how far back it goes: a swarm's events carry that of their object, and
            // may stand behind
            // much younger ones.
            reachesBack |= count == 0 && !time.isAfter(moment);
            if (oldest == null) {
                oldest = time;
            }
        }
        reachesBack |= known.test(event);
        count++;
        return reachesBack || isFull();
    }

    /** Whether nothing is forgotten of what happened since the moment. */
    boolean reachesBack() {
        return reachesBack;
    }

    /** Whether it holds as much as it can: older events may have been pushed out. */
    boolean isFull() {
        return count >= CAPACITY;
    }

    /** The time of the first event; null if there is none. */
    @Nullable
    Instant oldest() {
        return oldest;
    }
}
