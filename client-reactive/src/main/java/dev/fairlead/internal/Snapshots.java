package dev.fairlead.internal;

import dev.fairlead.core.transfer.ProgressTracker;
import dev.fairlead.model.TransferMessage;
import dev.fairlead.model.TransferProgress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;

/**
 * Takes all messages at once and gives a snapshot of them whenever one is asked for and something is new.
 *
 * <p>A subscriber that is slower than the messages gets fewer snapshots, never old ones: what waits for it is one snapshot that is not
 * made yet. The last one is always delivered before the completion; an error comes at once.
 */
public final class Snapshots extends FluxOperator<TransferMessage, TransferProgress> {

    /** Of these messages. */
    public Snapshots(Flux<? extends TransferMessage> messages) {
        super(messages);
    }

    @Override
    public void subscribe(CoreSubscriber<? super TransferProgress> subscriber) {
        source.subscribe(new Conflation(subscriber));
    }

    private static final class Conflation implements CoreSubscriber<TransferMessage>, Subscription {

        private final CoreSubscriber<? super TransferProgress> subscriber;
        private final ProgressTracker tracker = new ProgressTracker();
        private final AtomicLong requested = new AtomicLong();
        private final AtomicInteger work = new AtomicInteger();

        private @Nullable Subscription upstream;
        private @Nullable Throwable failure;
        private volatile boolean fresh;
        private volatile boolean ended;
        private volatile boolean cancelled;
        private boolean over;

        Conflation(CoreSubscriber<? super TransferProgress> subscriber) {
            this.subscriber = subscriber;
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
        public void onNext(TransferMessage message) {
            synchronized (tracker) {
                tracker.add(message);
                fresh = true;
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
            if (upstream != null) {
                upstream.cancel();
            }
        }

        /** In one step, so that a message that comes meanwhile makes a further one, and none that is in this one does. */
        private TransferProgress newest() {
            synchronized (tracker) {
                fresh = false;
                return tracker.snapshot();
            }
        }

        private void drain() {
            if (work.getAndIncrement() != 0) {
                return;
            }
            int missed = 1;
            while (missed != 0) {
                emit();
                missed = work.addAndGet(-missed);
            }
        }

        private void emit() {
            while (!cancelled && !over) {
                // Read before what is fresh: nothing becomes so after it.
                boolean last = ended;
                Throwable problem = failure;
                if (last && problem != null) {
                    over = true;
                    subscriber.onError(problem);
                } else if (fresh) {
                    if (requested.get() == 0) {
                        return;
                    }
                    if (requested.get() != Long.MAX_VALUE) {
                        requested.decrementAndGet();
                    }
                    subscriber.onNext(newest());
                } else {
                    if (last) {
                        over = true;
                        subscriber.onComplete();
                    }
                    return;
                }
            }
        }
    }
}
