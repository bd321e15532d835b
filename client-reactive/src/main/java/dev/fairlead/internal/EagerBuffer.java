package dev.fairlead.internal;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * Takes all that its source gives, at once, and keeps it for a subscriber that may be slower.
 *
 * <p>When more waits than there is room for, the rest is counted and thrown away: the source is never slowed down. The subscriber
 * gets what was kept before the loss, and then an error that says how much was lost.
 */
final class EagerBuffer<T> extends FluxOperator<T, T> {

    private final int capacity;
    private final LongFunction<Throwable> onLoss;

    EagerBuffer(Flux<? extends T> source, int capacity, LongFunction<Throwable> onLoss) {
        super(source);
        this.capacity = capacity;
        this.onLoss = onLoss;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        source.subscribe(new Buffer<>(subscriber, capacity, onLoss));
    }

    private static final class Buffer<T> implements CoreSubscriber<T>, Subscription {

        private final CoreSubscriber<? super T> subscriber;
        private final LongFunction<Throwable> onLoss;
        private final int capacity;
        private final Queue<T> queue;
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicLong requested = new AtomicLong();
        private final AtomicLong lost = new AtomicLong();
        private final AtomicInteger work = new AtomicInteger();

        private @Nullable Subscription upstream;
        private @Nullable Throwable failure;
        private volatile boolean ended;
        private volatile boolean cancelled;
        private boolean over;

        Buffer(CoreSubscriber<? super T> subscriber, int capacity, LongFunction<Throwable> onLoss) {
            this.subscriber = subscriber;
            this.onLoss = onLoss;
            this.capacity = capacity;
            this.queue = Queues.<T>unbounded().get();
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
        public void onNext(T value) {
            // After the first loss nothing is kept: what came after a hole would look like what came before it.
            if (lost.get() > 0 || waiting.get() >= capacity) {
                lost.incrementAndGet();
            } else {
                waiting.incrementAndGet();
                queue.offer(value);
            }
            drain();
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
            cancelUpstream();
            drain();
        }

        private void cancelUpstream() {
            if (upstream != null) {
                upstream.cancel();
            }
        }

        private void drain() {
            if (work.getAndIncrement() != 0) {
                return;
            }
            int missed = 1;
            while (missed != 0) {
                if (cancelled || over) {
                    queue.clear();
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
                // Read before the queue is looked at: nothing is added after either of them is set.
                boolean last = ended || lost.get() > 0;
                if (last && queue.isEmpty()) {
                    finish();
                    break;
                }
                if (emitted == wanted) {
                    break;
                }
                T value = queue.poll();
                if (value == null) {
                    break;
                }
                waiting.decrementAndGet();
                emitted++;
                subscriber.onNext(value);
            }
            if (emitted != 0 && wanted != Long.MAX_VALUE) {
                requested.addAndGet(-emitted);
            }
        }

        private void finish() {
            over = true;
            long count = lost.get();
            Throwable problem = failure;
            if (count > 0) {
                cancelUpstream();
                subscriber.onError(onLoss.apply(count));
            } else if (problem != null) {
                subscriber.onError(problem);
            } else {
                subscriber.onComplete();
            }
        }
    }
}
