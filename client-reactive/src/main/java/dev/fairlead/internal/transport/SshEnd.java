package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
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
final class SshEnd extends ChannelDuplexHandler {

    private final Function<Boolean, Mono<ConnectionFailed>> why;
    private final Supplier<@Nullable ConnectionFailed> atOnce;
    private boolean heard;
    private boolean asked;
    private boolean over;
    private @Nullable Throwable reset;

    private SshEnd(Function<Boolean, Mono<ConnectionFailed>> why, Supplier<@Nullable ConnectionFailed> atOnce) {
        this.why = why;
        this.atOnce = atOnce;
    }

    /**
     * Watches a channel that nothing was read of yet.
     *
     * @param why what has failed if anything has; it is told whether anything was ever read
     * @param atOnce what is known of that already, for the JDK's Unix sockets: Netty closes them when it reads their end
     */
    static void watch(
            Channel channel,
            Function<Boolean, Mono<ConnectionFailed>> why,
            Supplier<@Nullable ConnectionFailed> atOnce) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline().addFirst("fairlead.ssh", new SshEnd(why, atOnce));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard = true;
        context.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ask(context);
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    /** A reset is an end too: whoever closed had not taken all that it was sent. A write that failed is none, there may be an answer. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException && String.valueOf(cause.getMessage()).contains("reset")) {
            reset = cause;
            ask(context);
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!over) {
            // Netty was faster than the answer to what was asked, if it was.
            tell(context, atOnce.get());
        }
        context.fireChannelInactive();
    }

    /** From this side: nothing has failed then. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        over = true;
        var unused = context.close(promise);
    }

    private void ask(ChannelHandlerContext context) {
        if (!asked) {
            asked = true;
            var unused = why.apply(heard)
                    .subscribe(
                            problem -> end(context, problem), failure -> end(context, null), () -> end(context, null));
        }
    }

    private void end(ChannelHandlerContext context, @Nullable ConnectionFailed problem) {
        context.executor().execute(() -> {
            if (!over && context.channel().isOpen()) {
                tell(context, problem);
                var unused = context.close();
            }
        });
    }

    private void tell(ChannelHandlerContext context, @Nullable ConnectionFailed problem) {
        over = true;
        Throwable known = problem != null ? problem : reset;
        if (known != null) {
            context.fireExceptionCaught(known);
        }
    }
}
