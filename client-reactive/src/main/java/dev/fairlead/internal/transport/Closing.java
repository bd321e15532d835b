package dev.fairlead.internal.transport;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Ends what has no connection yet when the client is closed: connections being made, pauses, filters. */
final class Closing {

    private final Set<Guarded<?>> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * The same, but that it fails as soon as the client is closed.
     *
     * @param failure to fail with
     * @param unwanted takes a value that came too late
     */
    <T> Mono<T> guard(Mono<T> source, Supplier<? extends Throwable> failure, Consumer<? super T> unwanted) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> subscriber) {
                source.subscribe(new Guarded<>(Closing.this, subscriber, failure, unwanted));
            }
        };
    }

    boolean isClosed() {
        return closed;
    }

    /** From now on nothing is waited for any more. */
    void refuse() {
        closed = true;
    }

    /** Ends whatever waits. */
    void end() {
        waiting.forEach(Guarded::end);
    }

    private static final class Guarded<T> implements CoreSubscriber<T>, Subscription {

        private final Closing closing;
        private final CoreSubscriber<? super T> subscriber;
        private final Supplier<? extends Throwable> failure;
        private final Consumer<? super T> unwanted;
        private final AtomicBoolean over = new AtomicBoolean();
        private @Nullable Subscription upstream;

        Guarded(
                Closing closing,
                CoreSubscriber<? super T> subscriber,
                Supplier<? extends Throwable> failure,
                Consumer<? super T> unwanted) {
            this.closing = closing;
            this.subscriber = subscriber;
            this.failure = failure;
            this.unwanted = unwanted;
        }

        @Override
        public Context currentContext() {
            return subscriber.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            subscriber.onSubscribe(this);
            if (over.get()) {
                return;
            }
            closing.waiting.add(this);
            if (over.get()) {
                // It was quicker than the adding.
                closing.waiting.remove(this);
            } else if (closing.closed) {
                end();
            }
        }

        @Override
        public void request(long n) {
            Subscription source = upstream;
            if (source != null) {
                source.request(n);
            }
        }

        @Override
        public void cancel() {
            if (finish()) {
                cancelSource();
            }
        }

        @Override
        public void onNext(T value) {
            if (finish()) {
                subscriber.onNext(value);
                subscriber.onComplete();
            } else {
                unwanted.accept(value);
            }
        }

        @Override
        public void onError(Throwable problem) {
            if (finish()) {
                subscriber.onError(problem);
            }
        }

        @Override
        public void onComplete() {
            if (finish()) {
                subscriber.onComplete();
            }
        }

        void end() {
            if (finish()) {
                cancelSource();
                subscriber.onError(failure.get());
            }
        }

        private boolean finish() {
            if (!over.compareAndSet(false, true)) {
                return false;
            }
            closing.waiting.remove(this);
            return true;
        }

        private void cancelSource() {
            Subscription source = upstream;
            if (source != null) {
                source.cancel();
            }
        }
    }
}
