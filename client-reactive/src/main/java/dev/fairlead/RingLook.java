package dev.fairlead;

import dev.fairlead.model.EventMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How far back the Engine remembers, told from all that it remembers, the first first. Used once. */
final class RingLook {

    /** How many events an Engine remembers. */
    static final int CAPACITY = 256;

    /**
     * What happens at once is neither remembered nor said in the order of its times: 190 µs off is what four that make events at once
     * bring about. An event that was pushed out and did not come may so be a little older than one that came, or stand before it. What
     * is so much older than one that came has come.
     */
    static final Duration DISORDER = Duration.ofMillis(20);

    private final Instant moment;
    private final boolean mustKnow;
    private final Predicate<EventMessage> known;
    private int count;
    private boolean anchored;
    private @Nullable Instant oldest;
    private @Nullable Instant oldestLocal;

    /**
     * @param moment how far back it should remember
     * @param mustKnow whether one that came already has to be there, or else one from the moment or before will do
     * @param known whether an event came already: then it is the same Engine, not restarted since
     */
    RingLook(Instant moment, boolean mustKnow, Predicate<EventMessage> known) {
        this.moment = moment;
        this.mustKnow = mustKnow;
        this.known = known;
    }

    /** Looks at one more event; whether there is nothing more to learn. */
    boolean add(EventMessage event) {
        if (oldest == null) {
            oldest = EventIdentity.timeOf(event);
        }
        Instant local = EventIdentity.localTimeOf(event);
        if (oldestLocal == null && local != null) {
            oldestLocal = local;
            anchored |= !mustKnow && !local.isAfter(moment);
        }
        anchored |= known.test(event);
        count++;
        return (anchored && isOldEnough()) || isFull();
    }

    /** Whether nothing is forgotten of what happened since the moment. */
    boolean reachesBack() {
        return anchored && (!isFull() || isOldEnough());
    }

    /** Whether whatever was pushed out happened before the moment. */
    private boolean isOldEnough() {
        return oldestLocal != null && !oldestLocal.isAfter(moment.minus(DISORDER));
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
