package dev.fairlead;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.EventType;
import dev.fairlead.model.EventsOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * What an Engine does about events, without a socket and in virtual time: remembers the last 256 of all, says them again from a moment
 * on as the real one looks for it, filters, and may be cut off, be down, be restarted, and have its clock set. For one thread.
 */
final class EngineOfEvents implements EventSource {

    static final Instant BIRTH = Instant.parse("2026-01-01T00:00:00.250Z");

    /** Every request, in their order. */
    final List<EventsOptions> asked = new ArrayList<>();

    /** Every event that ever happened, in their order. */
    final List<EventMessage> sent = new ArrayList<>();

    private final Deque<EventMessage> ring = new ArrayDeque<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final long born = nanos();
    private Duration shift = Duration.ZERO;
    private Duration responseTimeout = Duration.ZERO;
    private Duration slowness = Duration.ZERO;
    private @Nullable Throwable refusal;
    private boolean silent;
    private int cancelled;

    private record Listener(Sinks.Many<EventMessage> sink, Predicate<EventMessage> wanted, List<EventMessage> late) {

        void say(EventMessage event) {
            if (wanted.test(event)) {
                var unused = sink.tryEmitNext(event);
            }
        }

        void end() {
            var unused = sink.tryEmitComplete();
        }

        void fail(Throwable how) {
            var unused = sink.tryEmitError(how);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private static long nanos() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }

    Instant now() {
        return BIRTH.plusNanos(nanos() - born).plus(shift);
    }

    /** Something happens, at this time or a little off it. */
    EventMessage happens(String action, Duration off) {
        EventMessage event = event(action, off);
        happens(event);
        return event;
    }

    private EventMessage event(String action, Duration off) {
        return EventMessage.builder()
                .type(EventType.CONTAINER)
                .action(action)
                .actor(actor -> actor.id("c" + sent.size()).attributes(Map.of("name", "x")))
                .timeNano(now().plus(off))
                .build();
    }

    void happens(EventMessage event) {
        remember(event);
        say(event);
    }

    private void remember(EventMessage event) {
        sent.add(event);
        ring.addLast(event);
        if (ring.size() > RingLook.CAPACITY) {
            ring.removeFirst();
        }
    }

    /** Something happens that is remembered at once and said to nobody before {@link #sayLate}: others overtake it. */
    EventMessage happensLate(String action, Duration off) {
        EventMessage event = event(action, off);
        remember(event);
        listeners.forEach(listener -> listener.late().add(event));
        return event;
    }

    /** Says what is late to those who listened when it happened; who comes later was told what is remembered. */
    void sayLate() {
        for (Listener listener : List.copyOf(listeners)) {
            List<EventMessage> late = List.copyOf(listener.late());
            listener.late().clear();
            late.forEach(listener::say);
        }
    }

    private void say(EventMessage event) {
        List.copyOf(listeners).forEach(listener -> listener.say(event));
    }

    EventMessage happens() {
        return happens("start", Duration.ZERO);
    }

    List<EventMessage> happen(int count) {
        List<EventMessage> events = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            events.add(happens("start", Duration.ofNanos(at)));
        }
        return events;
    }

    /** An event that happens and that those who listen now do not get: it was under way when they were cut off. */
    EventMessage happensUnheard() {
        List<Listener> deaf = List.copyOf(listeners);
        listeners.clear();
        EventMessage event = happens();
        listeners.addAll(deaf);
        return event;
    }

    int listeners() {
        return listeners.size();
    }

    int cancelled() {
        return cancelled;
    }

    /** Cuts all connections, so that all that was sent comes. */
    void cut() {
        fail(new Truncated(OPERATION, "cut"));
    }

    /** Cuts all connections as a network does. */
    void reset() {
        fail(new Truncated(OPERATION, "cut", new IOException("Connection reset")));
    }

    void fail(Throwable how) {
        List<Listener> all = List.copyOf(listeners);
        listeners.clear();
        all.forEach(listener -> listener.fail(how));
    }

    /**
     * The Engine ends all answers, and nobody hears of it yet, as when a network is broken or a client is held up.
     *
     * @return lets them hear
     */
    Runnable endUnheard() {
        List<Listener> all = List.copyOf(listeners);
        listeners.clear();
        return () -> all.forEach(listener -> listener.end());
    }

    /** Ends all answers, as the newest does when it is stopped. */
    void end() {
        List<Listener> all = List.copyOf(listeners);
        listeners.clear();
        all.forEach(listener -> listener.end());
    }

    /** Whether it remembers nothing but what may still be under way. */
    boolean remembersNothingBut(Duration late) {
        return ring.stream()
                .allMatch(event -> now().minus(late).isBefore(java.util.Objects.requireNonNull(event.timeNano())));
    }

    void forget() {
        ring.clear();
    }

    /** From now on every connection fails. */
    void down() {
        refuse(new ConnectionFailed("connect", host(), "nobody listens", null, null));
    }

    void refuse(Throwable with) {
        refusal = with;
    }

    void up() {
        refusal = null;
        silent = false;
    }

    /** From now on takes connections, and says nothing. */
    void silent(Duration limit) {
        silent = true;
        responseTimeout = limit;
    }

    /** From now on takes so long to answer. */
    void slow(Duration by) {
        slowness = by;
    }

    void setClock(Duration by) {
        shift = shift.plus(by);
    }

    @Override
    public <R> Flux<R> open(EventsOptions options, BiFunction<Instant, Flux<EventMessage>, Flux<R>> use) {
        return Flux.defer(() -> {
            asked.add(options);
            if (refusal != null) {
                return Flux.error(refusal);
            }
            if (silent) {
                return Flux.never();
            }
            return slowness.isZero()
                    ? answer(options, use)
                    : Mono.delay(slowness).thenMany(Flux.defer(() -> answer(options, use)));
        });
    }

    private <R> Flux<R> answer(EventsOptions options, BiFunction<Instant, Flux<EventMessage>, Flux<R>> use) {
        // All is there from the request on, as in the Engine and the socket, whenever it is read.
        Listener listener = listen(options);
        return use.apply(now().truncatedTo(ChronoUnit.SECONDS), listener.sink().asFlux())
                .doFinally(how -> {
                    if (listeners.remove(listener)) {
                        cancelled++;
                    }
                });
    }

    private Listener listen(EventsOptions options) {
        Predicate<EventMessage> wanted = options.filters().isEmpty()
                ? all -> true
                : event -> options.filters().getOrDefault("event", List.of()).contains(event.action());
        Listener listener = new Listener(Sinks.many().unicast().onBackpressureBuffer(), wanted, new ArrayList<>());
        remembered(options, wanted).forEach(listener::say);
        Instant until = options.until();
        Duration left = until == null ? null : Duration.between(now(), until);
        if (left == null || !left.isNegative()) {
            listeners.add(listener);
        } else {
            listener.end();
        }
        if (left != null && !left.isNegative()) {
            var unused = Schedulers.parallel()
                    .schedule(
                            () -> {
                                if (listeners.remove(listener)) {
                                    listener.end();
                                }
                            },
                            left.toNanos(),
                            TimeUnit.NANOSECONDS);
        }
        return listener;
    }

    /** From the last one backwards to the first one that is too old, as the Engine does it. */
    private List<EventMessage> remembered(EventsOptions options, Predicate<EventMessage> wanted) {
        Deque<EventMessage> found = new ArrayDeque<>();
        Instant since = options.since();
        Instant until = options.until();
        List<EventMessage> backwards = new ArrayList<>(ring);
        java.util.Collections.reverse(backwards);
        for (EventMessage event : backwards) {
            Instant time = java.util.Objects.requireNonNull(event.timeNano());
            if (since == null || time.isBefore(since)) {
                break;
            }
            if ((until == null || !time.isAfter(until)) && wanted.test(event)) {
                found.addFirst(event);
            }
        }
        return List.copyOf(found);
    }

    @Override
    public String host() {
        return "unix:///model.sock";
    }

    @Override
    public Duration responseTimeout() {
        return responseTimeout;
    }
}
