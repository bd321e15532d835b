package dev.fairlead.internal.transport;

import dev.fairlead.core.wire.Decoder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The values of an answer that is yet to come: {@code flatMapMany} and {@code checkpoint} in one. The subscriber gets each value from
 * whoever decodes it, and nothing stands between them that would take as long as a small frame's decoding does.
 */
public final class AnswerFlux<T> extends Flux<T> {

    private final String operation;
    private final Mono<LiveAnswer> answer;
    private final Function<AnswerHead, Decoder<T>> decoder;

    /**
     * The values.
     *
     * @param operation the operation, for stack traces
     * @param answer of which there is one or none
     * @param decoder of what follows such a head
     */
    public AnswerFlux(String operation, Mono<LiveAnswer> answer, Function<AnswerHead, Decoder<T>> decoder) {
        this.operation = operation;
        this.answer = answer;
        this.decoder = decoder;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        answer.subscribe(new Opening(subscriber));
    }

    /** The failure, with the operation in its stack trace: Reactor leaves that to an operator of its own, so one is made for it. */
    private Throwable named(Throwable failure) {
        Throwable[] named = {failure};
        var unused = Mono.error(failure).checkpoint(operation).subscribe(none -> {}, same -> named[0] = same);
        return named[0];
    }

    /** Waits for the answer, and keeps what is asked for until then. */
    private final class Opening extends Forwarding implements CoreSubscriber<LiveAnswer> {

        private final CoreSubscriber<? super T> subscriber;
        private @Nullable Subscription request;
        private boolean answered;

        Opening(CoreSubscriber<? super T> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public Context currentContext() {
            return subscriber.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            request = subscription;
            subscriber.onSubscribe(this);
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(LiveAnswer live) {
            answered = true;
            Decoder<T> chosen;
            try {
                chosen = decoder.apply(live.head());
            } catch (RuntimeException unfit) {
                live.close();
                fail(unfit);
                return;
            }
            var unused = set(live.deliver(chosen, subscriber, AnswerFlux.this::named));
        }

        @Override
        public void onError(Throwable failure) {
            fail(failure);
        }

        private void fail(Throwable failure) {
            if (isCancelled()) {
                Operators.onErrorDropped(failure, currentContext());
            } else {
                subscriber.onError(named(failure));
            }
        }

        @Override
        public void onComplete() {
            if (!answered) {
                subscriber.onComplete();
            }
        }

        @Override
        public void cancel() {
            super.cancel();
            Subscription begun = request;
            if (begun != null) {
                begun.cancel();
            }
        }
    }
}
