package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.tls.TlsContext;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpResources;

/** Makes connections to one Engine: the sockets and their event loops are Reactor Netty's, what is spoken on them is ours. */
final class Connector {

    private final DockerHost host;
    private final TcpClient client;
    private final @Nullable TlsContext tls;
    private final Duration handshakeTimeout;

    Connector(ConnectionSettings settings) {
        this.host = settings.host();
        this.tls = settings.tls();
        this.handshakeTimeout = settings.connectTimeout();
        if (tls != null) {
            // Netty finds out what the JDK's TLS can do when it first looks at a record, and blocks for it: now, and on
            // no event loop.
            var unused = SslHandler.isEncrypted(Unpooled.wrappedBuffer(new byte[5]), false);
        }
        LoopResources loops = settings.loops() == null ? TcpResources.get() : settings.loops();
        boolean isNative = settings.nativeTransport() && LoopResources.hasNativeSupport();
        SocketAddress address = address(host, isNative);
        this.client = TcpClient.newConnection()
                .runOn(loops, isNative)
                .remoteAddress(() -> address)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(settings.connectTimeout().toMillis()));
    }

    DockerHost host() {
        return host;
    }

    /** A new connection each time it is subscribed to; cancelling gives the attempt up. Emits on the connection's event loop. */
    Mono<EngineConnection> connect() {
        Mono<Channel> connected =
                client.connect().map(Connector::adopt).onErrorMap(failure -> ConnectionFailed.of(host, failure));
        TlsContext context = tls;
        return context == null || !(host instanceof DockerHost.Tcp tcp)
                ? connected.map(channel -> EngineConnection.on(channel, host, null))
                : connected.flatMap(channel -> secure(channel, tcp, context));
    }

    /** Takes the channel from Reactor Netty: its bridge would hide a close after a cancel, and lose bytes that nobody waits for yet. */
    private static Channel adopt(Connection connection) {
        Channel channel = connection.channel();
        channel.pipeline().remove(NettyPipeline.ReactiveBridge);
        // A failed write must not close the connection: an Engine that refuses an upload answers before it hangs up.
        channel.config().setAutoClose(false);
        return channel;
    }

    private Mono<EngineConnection> secure(Channel channel, DockerHost.Tcp tcp, TlsContext context) {
        return TlsHandshake.on(channel, context.newEngine(tcp.host(), tcp.port()), handshakeTimeout)
                .map(handler -> EngineConnection.on(channel, host, new TlsLink(handler, context)))
                .onErrorMap(failure -> {
                    ConnectionFailed known = context.explain("connect", host.toString(), failure);
                    return known != null ? known : ConnectionFailed.of(host, failure);
                });
    }

    /** The two kinds of transport know two different classes for the address of a Unix socket. */
    private static SocketAddress address(DockerHost host, boolean isNative) {
        if (host instanceof DockerHost.Unix unix) {
            return isNative ? new DomainSocketAddress(unix.path().toString()) : UnixDomainSocketAddress.of(unix.path());
        }
        if (host instanceof DockerHost.Tcp tcp) {
            return InetSocketAddress.createUnresolved(tcp.host(), tcp.port());
        }
        throw new ConnectionFailed(
                "connect",
                host.toString(),
                "Fairlead connects by unix:// and tcp:// so far, and this is " + host,
                null,
                null);
    }
}
