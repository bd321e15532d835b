package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.proxy.ProxyAddress;
import io.netty.channel.Channel;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Connects to a proxy and has that connect to the Engine: what follows is as if there were nobody between. */
final class ProxyDialer implements Dialer {

    private final Dialer way;
    private final ProxyAddress proxy;
    private final DockerHost.Tcp host;
    private final Duration limit;

    /** @param way to the proxy */
    ProxyDialer(Dialer way, ProxyAddress proxy, DockerHost.Tcp host, Duration limit) {
        this.way = way;
        this.proxy = proxy;
        this.host = host;
        this.limit = limit;
    }

    @Override
    public Mono<Channel> dial() {
        return through(way.dial());
    }

    @Override
    public Mono<Channel> dialInTurn() {
        return through(way.dialInTurn());
    }

    private Mono<Channel> through(Mono<Channel> toProxy) {
        return toProxy.onErrorMap(this::unreachable)
                .flatMap(channel -> ProxyHandshake.on(channel, talk(), limit).onErrorMap(this::failed));
    }

    @Override
    public void close() {
        way.close();
    }

    private ProxyTalk talk() {
        return proxy.kind() == ProxyAddress.Kind.SOCKS5 ? new SocksTalk(proxy, host) : new ConnectTalk(proxy, host);
    }

    private ConnectionFailed unreachable(Throwable cause) {
        return new ConnectionFailed(
                "connect",
                host.toString(),
                "no connection to the proxy " + proxy + " that is to lead to " + host + ": " + reason(cause),
                "is HTTP_PROXY or HTTPS_PROXY right? NO_PROXY, or noProxy() of the configuration, leads past it",
                cause);
    }

    private ConnectionFailed failed(Throwable cause) {
        String hint = cause instanceof ProxyRefused refused ? refused.hint() : null;
        return new ConnectionFailed(
                "connect",
                host.toString(),
                "the proxy " + proxy + " does not lead to " + host + ": " + reason(cause),
                hint,
                cause);
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
