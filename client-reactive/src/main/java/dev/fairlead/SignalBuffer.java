package dev.fairlead;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * Takes all signals at once and keeps so many for a subscriber that is slower. When more wait, what follows is lost, counted and told
 * as a gap in its place; half of the room has to be free before anything is kept again, so that one long gap comes and not many short
 * ones.
 */
final class SignalBuffer extends FluxOperator<EventSignal, EventSignal> {

    private final int capacity;

    SignalBuffer(Flux<EventSignal> source, int capacity) {
        super(source);
        this.capacity = capacity;
    }

    @Override
    public void subscribe(CoreSubscriber<? super EventSignal> subscriber) {
        source.subscribe(new Buffer(subscriber, capacity));
    }

    private static final class Buffer implements CoreSubscriber<EventSignal>, Subscription {

        private final CoreSubscriber<? super EventSignal> subscriber;
        private final int capacity;
        private final Queue<EventSignal> queue = Queues.<EventSignal>unbounded().get();
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicReference<@Nullable SignalsLost> lost = new AtomicReference<>();
        private final AtomicLong requested = new AtomicLong();
        private final AtomicInteger work = new AtomicInteger();

        // What only the source's signals touch.
        private @Nullable Subscription upstream;
        private @Nullable Instant lastKept;

        // What only the drain touches: a loss that nothing came after yet.
        private final Deque<EventSignal> telling = new ArrayDeque<>();
        private boolean over;

        private @Nullable Throwable failure;
        private volatile boolean ended;
        private volatile boolean cancelled;

        Buffer(CoreSubscriber<? super EventSignal> subscriber, int capacity) {
            this.subscriber = subscriber;
            this.capacity = capacity;
        }

        @Override
        public reactor.util.context.Context currentContext() {
            return subscriber.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                subscriber.onSubscribe(this);
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(EventSignal signal) {
            while (!offer(signal)) {
                // The subscriber took what was lost meanwhile: look again.
            }
            drain();
        }

        private boolean offer(EventSignal signal) {
            SignalsLost already = lost.get();
            if (already == null) {
                if (waiting.get() < capacity) {
                    keep(signal);
                    return true;
                }
                return lost.compareAndSet(null, SignalsLost.after(lastKept).plus(signal));
            }
            if (waiting.get() > capacity / 2) {
                return lost.compareAndSet(already, already.plus(signal));
            }
            // Told ahead of this signal, and kept with it whatever the room: the loss may be four signals.
            if (lost.compareAndSet(already, null)) {
                already.signals().forEach(this::keep);
                keep(signal);
                return true;
            }
            return false;
        }

        private void keep(EventSignal signal) {
            Instant time = SignalsLost.timeOf(signal);
            if (time != null && (lastKept == null || time.isAfter(lastKept))) {
                lastKept = time;
            }
            waiting.incrementAndGet();
            queue.offer(signal);
        }

        @Override
        public void onError(Throwable problem) {
            failure = problem;
            ended = true;
            drain();
        }

        @Override
        public void onComplete() {
            ended = true;
            drain();
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                requested.getAndUpdate(now -> Operators.addCap(now, n));
                drain();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (upstream != null) {
                upstream.cancel();
            }
            drain();
        }

        private void drain() {
            if (work.getAndIncrement() != 0) {
                return;
            }
            int missed = 1;
            while (missed != 0) {
                if (cancelled || over) {
                    queue.clear();
                    telling.clear();
                } else {
                    emit();
                }
                missed = work.addAndGet(-missed);
            }
        }

        private void emit() {
            long wanted = requested.get();
            long emitted = 0;
            while (!cancelled) {
                // Read before all else is looked at: nothing is added after it is set.
                boolean last = ended;
                if (emitted == wanted) {
                    if (last && telling.isEmpty() && lost.get() == null && queue.isEmpty()) {
                        finish();
                    }
                    break;
                }
                EventSignal signal = next();
                if (signal == null) {
                    if (last) {
                        finish();
                    }
                    break;
                }
                emitted++;
                subscriber.onNext(signal);
            }
            if (emitted != 0 && wanted != Long.MAX_VALUE) {
                requested.addAndGet(-emitted);
            }
        }

        private @Nullable EventSignal next() {
            while (true) {
                EventSignal told = telling.poll();
                if (told != null) {
                    return told;
                }
                // Looked at ahead of the queue: what was kept before the loss is in it by then.
                SignalsLost open = lost.get();
                EventSignal kept = queue.poll();
                if (kept != null) {
                    waiting.decrementAndGet();
                    return kept;
                }
                if (open == null) {
                    if (lost.get() == null && queue.isEmpty()) {
                        return null;
                    }
                } else if (lost.compareAndSet(open, null)) {
                    telling.addAll(open.signals());
                }
            }
        }

        private void finish() {
            over = true;
            Throwable problem = failure;
            if (problem != null) {
                subscriber.onError(problem);
            } else {
                subscriber.onComplete();
            }
        }
    }
}
