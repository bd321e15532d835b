package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.AttributeKey;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Finds out what the end of a channel means: the Engine's end, or that of the ssh in between. The connection on it asks before it
 * tells a whole output from a cut one, as the bytes alone say nothing of it.
 */
final class SshEnd extends ChannelDuplexHandler {

    private static final AttributeKey<SshEnd> KEY = AttributeKey.valueOf("fairlead.ssh-end");

    private final Function<Boolean, Mono<ConnectionFailed>> why;
    private boolean heard;
    private boolean closedHere;

    private SshEnd(Function<Boolean, Mono<ConnectionFailed>> why) {
        this.why = why;
    }

    /**
     * Watches a channel that nothing was read of yet.
     *
     * @param why what has failed if anything has, asked after the channel's end; it is told whether anything was ever read
     */
    static void watch(Channel channel, Function<Boolean, Mono<ConnectionFailed>> why) {
        SshEnd end = new SshEnd(why);
        channel.attr(KEY).set(end);
        channel.pipeline().addFirst("fairlead.ssh", end);
    }

    /**
     * What has failed between here and the Engine; empty if nothing did. To be asked for once, on the event loop, when the channel has
     * ended; tells it from any thread.
     *
     * @return null where no ssh is in between, or the end was made here
     */
    static @Nullable Mono<ConnectionFailed> reason(Channel channel) {
        SshEnd end = channel.attr(KEY).get();
        return end == null || end.closedHere ? null : end.why.apply(end.heard);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard = true;
        context.fireChannelRead(message);
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        closedHere = true;
        var unused = context.close(promise);
    }
}
