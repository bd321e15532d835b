package dev.fairlead;

import dev.fairlead.EventSignal.Gap;
import dev.fairlead.EventSignal.Reason;
import dev.fairlead.EventSignal.Reconnected;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.EventsOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * The events of one subscription over any number of connections, one after the other.
 *
 * <p>Each new connection asks for events from some time ago, and what came already is left out. Whether the Engine remembers all that
 * happened meanwhile is seen by looking at all that it remembers, <em>after</em> the connection was made: so nothing is forgotten
 * between the look and the connection. Until the look has told, no event is read, which holds up nobody: an Engine keeps more than a
 * thousand events for each connection, and 256 of them end the look.
 */
final class ResumingEvents {

    /** The {@code Date} of an answer is cut to the second. */
    private static final Duration DATE = Duration.ofSeconds(1);

    /** How far a clock has to be behind what it showed before, to have been set back. */
    private static final Duration SET_BACK = Duration.ofSeconds(2);

    /** What an Engine said at the beginning of a connection has come when it was closed in an orderly way so long after. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(1);

    private final EventSource source;
    private final EventsOptions options;
    private final Reconnect reconnect;
    private final EventPosition position;

    private boolean begun;
    private Instant engineTime = Instant.EPOCH;
    private long openedAt;
    private boolean open;

    private @Nullable DockerException lostBy;
    private long lostAt;
    private int attempts;
    private int failures;

    ResumingEvents(EventSource source, EventsOptions options, Reconnect reconnect) {
        this.source = source;
        this.options = options;
        this.reconnect = reconnect;
        this.position = new EventPosition(!options.filters().isEmpty());
    }

    /** To be subscribed to once, with unlimited demand. */
    Flux<EventSignal> signals() {
        return Flux.defer(this::connection).retryWhen(Retry.from(all -> all.concatMap(each -> again(each.failure()))));
    }

    private Flux<EventSignal> connection() {
        EventsOptions.Builder asked = options.toBuilder();
        if (begun) {
            asked.since(earlier(position.base(), options.until()));
        }
        Flux<EventSignal> signals = source.open(asked.build(), (time, events) -> begin(time)
                .concatWith(events.concatWith(Mono.defer(this::ended)).mapNotNull(this::accept)));
        return limited(signals).doOnError(this::lost);
    }

    /** An Engine that takes the connection and then says nothing must not be waited for any longer than for another answer. */
    private Flux<EventSignal> limited(Flux<EventSignal> signals) {
        Duration limit = reconnect.attemptLimit(source.responseTimeout(), since(lostAt));
        if (!begun || limit.isZero()) {
            return signals;
        }
        return signals.timeout(Mono.delay(limit))
                .onErrorMap(
                        TimeoutException.class,
                        late -> new ConnectionFailed(
                                EventSource.OPERATION,
                                source.host(),
                                "no answer within " + limit.toMillis() + " ms",
                                null,
                                late));
    }

    /** What is to be told before the events of this connection. */
    private Flux<EventSignal> begin(Instant time) {
        boolean first = !begun;
        long at = now();
        Instant since = options.since();
        if (first) {
            position.startAt(since == null ? time : since);
        }
        Instant reached = position.reached();
        Instant latest = time.plus(DATE);
        Mono<EventSignal> gap;
        if (first && since == null) {
            gap = Mono.empty(); // Nothing is asked for that could be missing.
        } else if (isOver(reached) || (since != null && since.isAfter(latest))) {
            gap = Mono.empty(); // Nothing more will happen of what is asked for, or nothing has yet.
        } else if (!first && latest.plus(SET_BACK).isBefore(reached)) {
            gap = Mono.fromSupplier(() -> lostByClock(reached, time));
        } else {
            gap = look(latest).mapNotNull(ring -> judge(ring, reached, time));
        }
        return gap.map(List::of).defaultIfEmpty(List.of()).flatMapIterable(found -> opened(time, at, found));
    }

    private Mono<RingLook> look(Instant until) {
        EventsOptions all = EventsOptions.of(which -> which.since(Instant.EPOCH).until(until));
        return Mono.defer(() -> {
            RingLook ring = position.look();
            return source.<EventMessage>open(all, (time, events) -> events.takeUntil(ring::add))
                    .then(Mono.just(ring));
        });
    }

    /** The gap that there is by what the Engine remembers, or null. */
    private @Nullable EventSignal judge(RingLook ring, Instant reached, Instant time) {
        if (ring.reachesBack()) {
            return null;
        }
        Instant oldest = ring.oldest();
        position.goOnFrom(oldest == null ? time : oldest, reached);
        Instant to = earlier(oldest == null ? time.plus(DATE) : oldest, options.until());
        return new Gap(
                reached,
                to.isBefore(reached) ? reached : to,
                null,
                ring.isFull() ? Reason.RING_OVERFLOW : Reason.ENGINE_RESTARTED);
    }

    /** What happened since the clock was set back was not said again: it seemed to be older than what was asked for. */
    private EventSignal lostByClock(Instant from, Instant time) {
        position.goOnFrom(time, null);
        return new Gap(from, time.plus(DATE), null, Reason.CLOCK_SET_BACK);
    }

    private List<EventSignal> opened(Instant time, long at, List<EventSignal> gap) {
        List<EventSignal> signals = new ArrayList<>(2);
        DockerException cause = lostBy;
        if (cause != null) {
            signals.add(new Reconnected(time, Duration.ofNanos(at - lostAt), attempts, cause));
        }
        signals.addAll(gap);
        begun = true;
        open = true;
        engineTime = time;
        openedAt = at;
        lostBy = null;
        attempts = 0;
        return signals;
    }

    private @Nullable EventSignal accept(EventMessage event) {
        if (!position.accept(event)) {
            return null;
        }
        failures = 0;
        return new EventSignal.Event(event);
    }

    /** The Engine ended the events by itself. */
    private Mono<EventMessage> ended() {
        Instant latest = engineTime.plus(DATE).plus(since(openedAt));
        return isOver(latest)
                ? Mono.empty()
                : Mono.error(
                        new Truncated(EventSource.OPERATION, "the Engine ended the events, as when it is stopped"));
    }

    /** Whether nothing is asked for beyond this time. */
    private boolean isOver(Instant time) {
        Instant until = options.until();
        return until != null && !time.isBefore(until);
    }

    private void lost(Throwable failure) {
        if (!open) {
            return;
        }
        open = false;
        Duration lived = since(openedAt);
        // When the connection ended is not known: the Engine may have been gone long before it was heard of here.
        if (failure instanceof Truncated && failure.getCause() == null && lived.compareTo(UNDER_WAY) >= 0) {
            position.wholeUntil(engineTime);
        }
        if (lived.compareTo(reconnect.longestWait()) >= 0) {
            failures = 0;
        }
        lostAt = now();
    }

    private Mono<Long> again(Throwable failure) {
        if (!begun || !Reconnect.mayMend(failure) || !(failure instanceof DockerException mendable)) {
            return Mono.error(failure);
        }
        Duration without = since(lostAt);
        if (lostBy == null) {
            lostBy = mendable;
        } else if (reconnect.givesUpAfter(without)) {
            return Mono.error(failure);
        }
        attempts++;
        return source.pause(reconnect.waitBefore(failures++, without));
    }

    private static Instant earlier(Instant one, @Nullable Instant other) {
        return other != null && other.isBefore(one) ? other : one;
    }

    private static Duration since(long then) {
        return Duration.ofNanos(now() - then);
    }

    /** Of the scheduler that waits, so that both go by the same clock. */
    private static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }
}
