package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.proxy.ProxyAddress;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.UnixDomainSocketAddress;
import reactor.netty.resources.LoopResources;

/** Picks the way to each kind of host. */
final class Dialers {

    private Dialers() {}

    static Dialer to(ConnectionSettings settings) {
        DockerHost host = settings.host();
        boolean isNative = settings.nativeTransport() && LoopResources.hasNativeSupport();
        if (host instanceof DockerHost.Unix unix) {
            // The two kinds of transport know two different classes for the address of a Unix socket.
            return new SocketDialer(
                    settings,
                    isNative,
                    isNative
                            ? new DomainSocketAddress(unix.path().toString())
                            : UnixDomainSocketAddress.of(unix.path()));
        }
        if (host instanceof DockerHost.AbstractUnix named) {
            return toAbstract(named, settings, isNative);
        }
        if (host instanceof DockerHost.Npipe pipe) {
            return new PipeDialer(pipe, settings, isNative);
        }
        if (host instanceof DockerHost.Tcp tcp) {
            ProxyAddress proxy = settings.proxy();
            return proxy == null
                    ? new SocketDialer(settings, isNative, Names.address(tcp.host(), tcp.port()))
                    : new ProxyDialer(
                            new SocketDialer(settings, isNative, Names.address(proxy.host(), proxy.port())),
                            proxy,
                            tcp,
                            settings.connectTimeout());
        }
        throw new ConnectionFailed(
                "connect",
                host.toString(),
                "Fairlead connects by unix://, tcp:// and npipe:// so far, and this is " + host,
                null,
                null);
    }

    /** Its address begins with a NUL, which stands in no path: the JDK has no way to say that. */
    private static Dialer toAbstract(DockerHost.AbstractUnix host, ConnectionSettings settings, boolean isNative) {
        if (!isNative || !System.getProperty("os.name", "").startsWith("Linux")) {
            throw new ConnectionFailed(
                    "connect",
                    host.toString(),
                    "no connection to " + host + ": abstract sockets are Linux's, and reached by epoll alone",
                    settings.nativeTransport()
                            ? "is netty-transport-native-epoll there, for this processor?"
                            : "nativeTransport of the configuration is false",
                    null);
        }
        return new SocketDialer(settings, true, new DomainSocketAddress("\0" + host.name()));
    }
}
