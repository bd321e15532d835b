package dev.fairlead.dashboard;

import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Demand that comes over a WebSocket. TCP alone would not do: browsers read ahead of their scripts, without a bound, and Reactor Netty
 * asks for 128 messages at once. So a page says how many more it will take, and where it says nothing, nothing is asked of the source.
 */
final class Asked {

    private Asked() {}

    /**
     * Of the source what is asked for, and no more. Ends with the source, or when no more can be asked for.
     *
     * @param asks how many more are wanted, again and again
     * @param most how many may be owed at a time: all that is buffered here
     */
    static <T> Flux<T> of(Flux<T> source, Flux<Integer> asks, int most) {
        return Flux.defer(() -> {
            AtomicInteger owed = new AtomicInteger();
            return Flux.<T>create(sink -> {
                        Feed<T> feed = new Feed<>(sink);
                        source.subscribe(feed);
                        Disposable asking = asks.subscribe(
                                count -> {
                                    if (count < 1 || count > most || owed.addAndGet(count) > most) {
                                        feed.cancel();
                                        sink.error(new IllegalArgumentException("more than " + most + " asked for"));
                                    } else {
                                        feed.request(count);
                                    }
                                },
                                sink::error,
                                sink::complete);
                        var unused = sink.onDispose(Disposables.composite(feed, asking));
                    })
                    .doOnNext(taken -> owed.decrementAndGet());
        });
    }

    private static final class Feed<T> extends BaseSubscriber<T> {

        private final FluxSink<T> sink;

        Feed(FluxSink<T> sink) {
            this.sink = sink;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // Nothing is asked for that the page has not asked for.
        }

        @Override
        protected void hookOnNext(T item) {
            var unused = sink.next(item);
        }

        @Override
        protected void hookOnComplete() {
            sink.complete();
        }

        @Override
        protected void hookOnError(Throwable failure) {
            sink.error(failure);
        }
    }
}
