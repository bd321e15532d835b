package dev.fairlead.internal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells when the head of an answer has begun and does not go on. When it begins is the Engine's to say, where it may take as long as it
 * takes; but nobody thinks in the middle of a head. In front of the connection, and taken out when that has the head.
 */
final class HeadWatch extends ChannelInboundHandlerAdapter {

    /** From its first byte to its last. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private final Runnable late;
    private @Nullable ScheduledFuture<?> timer;

    HeadWatch(Runnable late) {
        this.late = late;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (timer == null && message instanceof ByteBuf bytes && bytes.isReadable()) {
            timer = context.executor().schedule(late, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
        context.fireChannelRead(message);
    }

    /** That was an interim answer: the next head may take its time again. */
    void restart() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        restart();
    }
}
