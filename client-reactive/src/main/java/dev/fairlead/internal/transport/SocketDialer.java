package dev.fairlead.internal.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpResources;

/** Connects to a socket of this machine or of another one: the sockets and their event loops are Reactor Netty's. */
final class SocketDialer implements Dialer {

    private final TcpClient client;

    /** @param address of the class that the kind of transport knows */
    SocketDialer(ConnectionSettings settings, boolean isNative, SocketAddress address) {
        this(settings, isNative, address, client -> client);
    }

    /** @param change what is to be otherwise about the client that connects */
    SocketDialer(
            ConnectionSettings settings, boolean isNative, SocketAddress address, UnaryOperator<TcpClient> change) {
        LoopResources loops = settings.loops() == null ? TcpResources.get() : settings.loops();
        this.client = change.apply(TcpClient.newConnection()
                .runOn(loops, isNative)
                .remoteAddress(() -> address)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(settings.connectTimeout().toMillis())));
    }

    @Override
    public Mono<Channel> dial() {
        return client.connect().map(SocketDialer::adopt);
    }

    @Override
    public void close() {
        // The event loops are not ours, and nothing else is open between two channels.
    }

    /** Takes the channel from Reactor Netty: its bridge would hide a close after a cancel, and lose bytes that nobody waits for yet. */
    private static Channel adopt(Connection connection) {
        Channel channel = connection.channel();
        channel.pipeline().remove(NettyPipeline.ReactiveBridge);
        // A failed write must not close the connection: an Engine that refuses an upload answers before it hangs up.
        channel.config().setAutoClose(false);
        if (channel.remoteAddress() instanceof InetSocketAddress) {
            KeepAlive.on(channel);
        }
        return channel;
    }
}
