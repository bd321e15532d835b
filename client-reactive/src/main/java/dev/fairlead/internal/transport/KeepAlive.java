package dev.fairlead.internal.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/**
 * Has the kernel ask, on a TCP connection over which nothing has come for a while, whether the other side is still there: a stream
 * whose Engine's machine has gone without a word would wait for ever. Told after a minute, where the platform lets the times be set.
 */
final class KeepAlive {

    private static final int IDLE_SECONDS = 30;
    private static final int BETWEEN_SECONDS = 10;
    private static final int QUESTIONS = 3;

    /** By both kinds of transport's names; each passes over the other's. Netty's options are the same wherever they are named. */
    private static final Map<ChannelOption<Integer>, Integer> TIMES = Map.of(
            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), IDLE_SECONDS,
            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), BETWEEN_SECONDS,
            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), QUESTIONS,
            ChannelOption.valueOf("io.netty.channel.epoll.EpollChannelOption#TCP_KEEPIDLE"), IDLE_SECONDS,
            ChannelOption.valueOf("io.netty.channel.epoll.EpollChannelOption#TCP_KEEPINTVL"), BETWEEN_SECONDS,
            ChannelOption.valueOf("io.netty.channel.epoll.EpollChannelOption#TCP_KEEPCNT"), QUESTIONS);

    private KeepAlive() {}

    /** On a connected TCP channel. A platform that does not know it goes without. */
    static void on(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
            TIMES.forEach((option, seconds) -> channel.config().setOption(option, seconds));
        } catch (ChannelException | UnsupportedOperationException notHere) {
            // It is a help, and nothing hangs on it.
        }
    }
}
