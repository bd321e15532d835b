package dev.fairlead.internal.transport;

import io.netty.channel.Channel;
import reactor.core.publisher.Mono;

/** A way to an Engine: makes channels that reach it, whatever lies between. */
interface Dialer {

    /**
     * A new channel each time it is subscribed to, open both ways, with auto-read off and nothing of ours in its pipeline yet; cancelling
     * gives the attempt up. Emits on the channel's event loop.
     */
    Mono<Channel> dial();

    /**
     * The same, on the event loops in turn: {@link #dial()} stays on that of its caller if it is called on one, and all that is connected
     * in one go, as after the first answer, would share a processor from then on.
     */
    default Mono<Channel> dialInTurn() {
        return dial();
    }

    /** Ends what the way itself needs to be open, if anything; from any thread, and without blocking. */
    void close();
}
