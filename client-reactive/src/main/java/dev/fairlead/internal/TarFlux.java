package dev.fairlead.internal;

import dev.fairlead.core.tar.TarSource;
import dev.fairlead.core.tar.TarStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A tar that is read as it is asked for. Files are opened, read and closed on Reactor's scheduler for what blocks, one thread at a time
 * and none while nothing is asked for.
 */
public final class TarFlux extends Flux<ByteBuffer> {

    private final List<TarSource> sources;

    /** A tar of all that, one after the other. */
    public TarFlux(List<TarSource> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new Reading(TarSource.open(sources), subscriber, Schedulers.boundedElastic()));
    }

    private static final class Reading implements Subscription {

        private final TarStream tar;
        private final CoreSubscriber<? super ByteBuffer> subscriber;
        private final Scheduler scheduler;
        private final AtomicLong requested = new AtomicLong();
        /** How often there was a reason to look again since nobody did; who makes it one has to. */
        private final AtomicInteger work = new AtomicInteger();

        private boolean over;
        private volatile boolean cancelled;

        Reading(TarStream tar, CoreSubscriber<? super ByteBuffer> subscriber, Scheduler scheduler) {
            this.tar = tar;
            this.subscriber = subscriber;
            this.scheduler = scheduler;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                requested.getAndUpdate(now -> Operators.addCap(now, n));
                look();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            tar.stop();
            look();
        }

        private void look() {
            if (work.getAndIncrement() != 0) {
                return;
            }
            try {
                var unused = scheduler.schedule(this::drain);
            } catch (RejectedExecutionException shutDown) {
                // There is no thread to do it on, and there will be none: nothing is being read, so it can be closed
                // here.
                finish(shutDown);
            }
        }

        private void drain() {
            int missed = 1;
            while (missed != 0) {
                if (!over) {
                    emit();
                }
                missed = work.addAndGet(-missed);
            }
        }

        private void emit() {
            long wanted = requested.get();
            long emitted = 0;
            try {
                while (!cancelled && emitted < wanted && !tar.isDone()) {
                    ByteBuffer piece = tar.next();
                    if (piece == null || cancelled) {
                        break;
                    }
                    emitted++;
                    subscriber.onNext(piece);
                }
            } catch (IOException | RuntimeException failed) {
                finish(failed);
                return;
            }
            if (emitted != 0 && wanted != Long.MAX_VALUE) {
                requested.addAndGet(-emitted);
            }
            if (cancelled || tar.isDone()) {
                finish(null);
            }
        }

        private void finish(@Nullable Throwable failure) {
            over = true;
            @Nullable Throwable reason = failure;
            try {
                tar.close();
            } catch (IOException notClosed) {
                // All was read from it: there is nothing to be lost.
                if (reason != null) {
                    reason.addSuppressed(notClosed);
                }
            }
            if (cancelled) {
                return;
            }
            if (reason == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(reason);
            }
        }
    }
}
