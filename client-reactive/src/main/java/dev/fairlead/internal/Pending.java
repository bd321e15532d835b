package dev.fairlead.internal;

import dev.fairlead.internal.transport.LiveAnswer;
import reactor.core.publisher.Mono;

/** An answer that the Engine has promised and that may take long. It is read when it comes, whether somebody waits or not. */
public final class Pending<T> {

    private final LiveAnswer live;
    private final Mono<T> value;

    Pending(LiveAnswer live, Mono<T> value) {
        this.live = live;
        this.value = value;
    }

    /** The answer; the same one for everybody who asks. */
    public Mono<T> value() {
        return value;
    }

    /** Gives it up. */
    public void close() {
        live.close();
    }
}
