package dev.fairlead;

import dev.fairlead.model.EventActor;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.EventScope;
import dev.fairlead.model.EventType;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * By what an event is known again when the Engine says it a second time.
 *
 * @param attributes their hash: the same network may be connected to two containers at once, by a clock that is coarse
 */
record EventIdentity(Instant time, @Nullable EventType type, String action, String actor, int attributes) {

    /** The identity of an event, or null if it has none because its time is not known to the nanosecond. */
    static @Nullable EventIdentity of(EventMessage event) {
        Instant time = event.timeNano();
        if (time == null) {
            return null;
        }
        EventActor actor = event.actor();
        Map<String, String> attributes = actor == null ? Map.of() : actor.attributes();
        return new EventIdentity(
                time, event.type(), event.action(), actor == null ? "" : actor.id(), attributes.hashCode());
    }

    // A record's own are put together when first called, and the first event would wait for that.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventIdentity event
                && time.equals(event.time)
                && Objects.equals(type, event.type)
                && action.equals(event.action)
                && actor.equals(event.actor)
                && attributes == event.attributes;
    }

    @Override
    public int hashCode() {
        return ((time.hashCode() * 31 + action.hashCode()) * 31 + actor.hashCode()) * 31 + attributes;
    }

    /** When it happened, as exactly as the Engine says. */
    static @Nullable Instant timeOf(EventMessage event) {
        Instant exact = event.timeNano();
        return exact == null ? event.time() : exact;
    }

    /** As {@link #timeOf}; null of a swarm's events, which carry the clock of the node that changed the object, and its time. */
    static @Nullable Instant localTimeOf(EventMessage event) {
        return EventScope.SWARM.equals(event.scope()) ? null : timeOf(event);
    }
}
