package dev.fairlead;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.model.EventMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@link EngineSystem#eventSignals} tells: what happened, and where it can't tell all that did. */
public sealed interface EventSignal {

    /**
     * Something has happened in the Engine.
     *
     * @param message what
     */
    record Event(EventMessage message) implements EventSignal {

        /** Refuses null. */
        public Event {
            Objects.requireNonNull(message, "message");
        }
    }

    /**
     * Here events may be missing: all that are happened from {@code from} to {@code to}, give or take the milliseconds by which events
     * may come out of order. Who keeps a picture of the Engine by its events has to look at it anew.
     *
     * @param from the last moment before which nothing is missing, by the Engine's clock: mostly the time of the last event that came
     * @param to the first moment after which nothing is missing: the time of the first event that is there again, or of the last one
     *     that was lost, or the Engine's own time when nothing has happened since: the end of the second that it tells
     * @param lost how many events are missing, or null where that can't be known
     * @param reason why
     */
    record Gap(Instant from, Instant to, @Nullable Long lost, Reason reason) implements EventSignal {

        /** Refuses null, but for {@code lost}. */
        public Gap {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The connection had been lost and is there again. Without a {@link Gap} right after it nothing is missing. Where the subscriber is
     * slow, the last of several may stand for all of them.
     *
     * @param at when, by the Engine's clock, to the second
     * @param without how long there was no connection, by this machine's clock
     * @param attempts how many attempts it took
     * @param cause how the last connection ended
     */
    record Reconnected(Instant at, Duration without, int attempts, DockerException cause) implements EventSignal {

        /** Refuses null. */
        public Reconnected {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(without, "without");
            Objects.requireNonNull(cause, "cause");
        }
    }

    /** Why events are missing. */
    enum Reason {
        /** The subscriber took them more slowly than they came, and more than {@link DockerConfig#eventBuffer()} waited. */
        SLOW_CONSUMER,

        /**
         * The Engine remembers 256 events and these do not reach back far enough: to the moment that was asked for, to the last event
         * that came or, with filters, to the last connection. It may have been restarted as well.
         */
        RING_OVERFLOW,

        /**
         * The Engine remembers fewer than 256 events and none from before: it was restarted, and forgot what had happened until then.
         * Containers may have ended while it was down, and no event says so. (It is also told where nothing had happened in the Engine
         * before: at the moment that {@code since} names, or when the connection was lost.)
         */
        ENGINE_RESTARTED,

        /**
         * The Engine's clock was set back: what came after the last event can't be asked for by its time. {@code from} is by the clock as
         * it was, {@code to} as it is.
         */
        CLOCK_SET_BACK
    }
}
