package dev.fairlead;

import dev.fairlead.EventSignal.Event;
import dev.fairlead.EventSignal.Gap;
import dev.fairlead.EventSignal.Reconnected;
import dev.fairlead.model.EventMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A subscriber that keeps what comes, and asks for as much as it is told to. */
final class SignalsSeen extends BaseSubscriber<EventSignal> {

    final List<EventSignal> all = new ArrayList<>();
    boolean completed;

    @Nullable
    Throwable failure;

    private final long first;

    SignalsSeen() {
        this(Long.MAX_VALUE);
    }

    SignalsSeen(long first) {
        this.first = first;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (first > 0) {
            request(first);
        }
    }

    @Override
    protected void hookOnNext(EventSignal signal) {
        all.add(signal);
    }

    @Override
    protected void hookOnError(Throwable problem) {
        failure = problem;
    }

    @Override
    protected void hookOnComplete() {
        completed = true;
    }

    List<EventMessage> events() {
        return all.stream()
                .filter(Event.class::isInstance)
                .map(signal -> ((Event) signal).message())
                .toList();
    }

    List<Gap> gaps() {
        return all.stream().filter(Gap.class::isInstance).map(Gap.class::cast).toList();
    }

    List<Reconnected> reconnections() {
        return all.stream()
                .filter(Reconnected.class::isInstance)
                .map(Reconnected.class::cast)
                .toList();
    }
}
