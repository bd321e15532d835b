package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Finds out what the end of a channel means: the Engine's end, or that of the ssh in between. Until that is known the channel stays
 * open, as the connection on it tells a whole output from a cut one by it.
 */
final class SshEnd extends ChannelInboundHandlerAdapter {

    private final Function<Boolean, Mono<ConnectionFailed>> why;
    private final @Nullable Supplier<ConnectionFailed> reset;
    private boolean heard;
    private boolean ended;

    private SshEnd(Function<Boolean, Mono<ConnectionFailed>> why, @Nullable Supplier<ConnectionFailed> reset) {
        this.why = why;
        this.reset = reset;
    }

    /**
     * Watches a channel that nothing was read of yet.
     *
     * @param why what has failed if anything has; it is told whether anything was ever read
     * @param reset what it means when the socket fails before anything was read, or null for what the socket says
     */
    static void watch(
            Channel channel,
            Function<Boolean, Mono<ConnectionFailed>> why,
            @Nullable Supplier<ConnectionFailed> reset) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline().addFirst("fairlead.ssh", new SshEnd(why, reset));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard = true;
        context.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent)) {
            context.fireUserEventTriggered(event);
        } else if (!ended) {
            ended = true;
            var unused = why.apply(heard)
                    .subscribe(
                            problem -> end(context, problem), failure -> end(context, null), () -> end(context, null));
        }
    }

    /** ssh throws away what it was sent for a connection that leads nowhere, and the socket fails by that. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.fireExceptionCaught(reset == null || heard || !(cause instanceof IOException) ? cause : reset.get());
    }

    private static void end(ChannelHandlerContext context, @Nullable ConnectionFailed problem) {
        context.executor().execute(() -> {
            if (problem != null) {
                context.fireExceptionCaught(problem);
            }
            context.close();
        });
    }
}
