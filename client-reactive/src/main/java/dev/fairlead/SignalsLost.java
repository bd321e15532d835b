package dev.fairlead;

import dev.fairlead.EventSignal.Event;
import dev.fairlead.EventSignal.Gap;
import dev.fairlead.EventSignal.Reason;
import dev.fairlead.EventSignal.Reconnected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What there was no room for, in a few words whatever it was: the events as one gap, the gaps as one for each reason, and the last time
 * that the connection was there again.
 */
record SignalsLost(
        @Nullable Instant from,
        @Nullable Instant to,
        long events,
        Map<Reason, Gap> gaps,
        @Nullable Reconnected reconnected) {

    /** Nothing yet, after an event of that time. */
    static SignalsLost after(@Nullable Instant lastKept) {
        return new SignalsLost(lastKept, lastKept, 0, Map.of(), null);
    }

    /** This and one more. */
    SignalsLost plus(EventSignal signal) {
        if (signal instanceof Event) {
            Instant time = timeOf(signal);
            return new SignalsLost(earlier(from, time), later(to, time), events + 1, gaps, reconnected);
        }
        if (signal instanceof Reconnected again) {
            return new SignalsLost(from, to, events, gaps, again);
        }
        Gap gap = (Gap) signal;
        Map<Reason, Gap> more = new EnumMap<>(Reason.class);
        more.putAll(gaps);
        more.merge(
                gap.reason(),
                gap,
                (one, other) -> new Gap(
                        one.from().isBefore(other.from()) ? one.from() : other.from(),
                        one.to().isAfter(other.to()) ? one.to() : other.to(),
                        null,
                        gap.reason()));
        return new SignalsLost(from, to, events, Map.copyOf(more), reconnected);
    }

    /** What is told of it. */
    List<EventSignal> signals() {
        List<EventSignal> signals = new ArrayList<>();
        if (events > 0) {
            Instant now = Instant.now();
            signals.add(new Gap(from == null ? now : from, to == null ? now : to, events, Reason.SLOW_CONSUMER));
        }
        if (reconnected != null) {
            signals.add(reconnected);
        }
        for (Reason reason : Reason.values()) {
            Gap gap = gaps.get(reason);
            if (gap != null) {
                signals.add(gap);
            }
        }
        return signals;
    }

    /** When the event happened; null of other signals, and where the Engine does not say. */
    static @Nullable Instant timeOf(EventSignal signal) {
        return signal instanceof Event event ? EventIdentity.timeOf(event.message()) : null;
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isBefore(one)) ? other : one;
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isAfter(one)) ? other : one;
    }
}
