package dev.fairlead.internal.transport;

import io.netty.channel.Channel;
import reactor.core.publisher.Mono;

/** A way to the Engine that ssh has opened. */
interface SshWay {

    /** As {@link Dialer#dial()}. */
    Mono<Channel> dial();

    /** Whether it leads there as far as is known; once it doesn't, it never does again. */
    boolean isUsable();

    /** Ends what it needs, without waiting for it. */
    void end();
}
