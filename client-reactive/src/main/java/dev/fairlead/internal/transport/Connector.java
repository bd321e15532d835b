package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.tls.TlsContext;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Makes connections to one Engine: a channel by the way that leads there, TLS on it where the host wants it, and HTTP. */
final class Connector {

    private final DockerHost host;
    private final Dialer dialer;
    private final @Nullable TlsContext tls;
    private final Duration handshakeTimeout;

    Connector(ConnectionSettings settings) {
        this(settings, Dialers.to(settings));
    }

    Connector(ConnectionSettings settings, Dialer dialer) {
        this.host = settings.host();
        this.tls = settings.tls();
        this.handshakeTimeout = settings.connectTimeout();
        if (tls != null) {
            // Netty finds out what the JDK's TLS can do when it first looks at a record, and blocks for it: now, and on
            // no event loop.
            var unused = SslHandler.isEncrypted(Unpooled.wrappedBuffer(new byte[5]), false);
        }
        this.dialer = dialer;
    }

    DockerHost host() {
        return host;
    }

    /** A new connection each time it is subscribed to; cancelling gives the attempt up. Emits on the connection's event loop. */
    Mono<EngineConnection> connect() {
        return connect(dialer.dial());
    }

    /** The same, on the event loops in turn, whoever calls. */
    Mono<EngineConnection> connectInTurn() {
        return connect(dialer.dialInTurn());
    }

    private Mono<EngineConnection> connect(Mono<Channel> dialed) {
        Mono<Channel> connected = dialed.onErrorMap(
                failure -> failure instanceof ConnectionFailed ? failure : ConnectionFailed.of(host, failure));
        TlsContext context = tls;
        return context == null || !(host instanceof DockerHost.Tcp tcp)
                ? connected.map(channel -> EngineConnection.on(channel, host, null))
                : connected.flatMap(channel -> secure(channel, tcp, context));
    }

    /** Ends the way, and no channel that was made by it. */
    void close() {
        dialer.close();
    }

    private Mono<EngineConnection> secure(Channel channel, DockerHost.Tcp tcp, TlsContext context) {
        return TlsHandshake.on(channel, context.newEngine(Names.withoutZone(tcp.host()), tcp.port()), handshakeTimeout)
                .map(handler -> EngineConnection.on(channel, host, new TlsLink(handler, context)))
                .onErrorMap(failure -> {
                    ConnectionFailed known = context.explain("connect", host.toString(), failure);
                    return known != null ? known : ConnectionFailed.of(host, failure);
                });
    }
}
