package dev.fairlead.internal.transport;

import dev.fairlead.core.wire.Decoder;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/** The values of an answer that is there. */
final class Values<T> extends Flux<T> {

    private final LiveAnswer live;
    private final Decoder<T> decoder;

    Values(LiveAnswer live, Decoder<T> decoder) {
        this.live = live;
        this.decoder = decoder;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        Forwarding subscription = new Forwarding();
        subscriber.onSubscribe(subscription);
        var unused = subscription.set(live.deliver(decoder, subscriber, LiveAnswer.Ending.UNHEARD));
    }
}
