package dev.fairlead.internal.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;
import reactor.netty.tcp.TcpClient;

/**
 * Connects to a socket of this machine or of another one: the sockets and their event loops are Reactor Netty's. It asks for the loops
 * each time, as whose they are may end them and have others.
 */
final class SocketDialer implements Dialer {

    private final ConnectionSettings settings;
    private final boolean isNative;
    private final TcpClient client;
    private final AtomicInteger turn = new AtomicInteger();

    /** @param address of the class that the kind of transport knows */
    SocketDialer(ConnectionSettings settings, boolean isNative, SocketAddress address) {
        this(settings, isNative, address, client -> client);
    }

    /** @param change what is to be otherwise about the client that connects */
    SocketDialer(
            ConnectionSettings settings, boolean isNative, SocketAddress address, UnaryOperator<TcpClient> change) {
        this.settings = settings;
        this.isNative = isNative;
        this.client = change.apply(TcpClient.newConnection()
                .runOn(useNative -> settings.currentLoops().onClient(useNative), isNative)
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
    public Mono<Channel> dialInTurn() {
        return Mono.defer(() -> {
            EventLoopGroup loop = nextLoop();
            return client.runOn(useNative -> loop, isNative).connect().map(SocketDialer::adopt);
        });
    }

    /**
     * Of the server's group: the client's gives a caller on an event loop that one. No more than there are processors: those that take
     * turns on one find less to do each time they wake up.
     */
    private EventLoopGroup nextLoop() {
        List<EventLoop> all = new ArrayList<>();
        settings.currentLoops().onServer(isNative).forEach(each -> all.add((EventLoop) each));
        int used = Math.min(all.size(), Runtime.getRuntime().availableProcessors());
        return all.get(Math.floorMod(turn.getAndIncrement(), used));
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
