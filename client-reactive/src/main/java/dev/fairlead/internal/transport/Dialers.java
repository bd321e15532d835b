package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.proxy.ProxyAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import reactor.netty.resources.LoopResources;

/** Picks the way to each kind of host. */
final class Dialers {

    private Dialers() {}

    /** The way to a Unix socket of this machine. */
    static Dialer toSocket(Path path, ConnectionSettings settings) {
        boolean isNative = settings.nativeTransport() && LoopResources.hasNativeSupport();
        // The two kinds of transport know two different classes for the address of a Unix socket.
        return unix(
                settings,
                isNative,
                isNative ? new DomainSocketAddress(path.toString()) : UnixDomainSocketAddress.of(path));
    }

    static Dialer to(ConnectionSettings settings) {
        DockerHost host = settings.host();
        boolean isNative = settings.nativeTransport() && LoopResources.hasNativeSupport();
        if (host instanceof DockerHost.Unix unix) {
            return toSocket(unix.path(), settings);
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
        SshAccess ssh = settings.ssh();
        if (host instanceof DockerHost.Ssh there && ssh != null) {
            return new SshDialer(there, ssh, settings);
        }
        throw new ConnectionFailed(
                "connect",
                host.toString(),
                "this is a host of a kind that Fairlead does not know how to reach: " + host,
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
        return unix(settings, true, new DomainSocketAddress("\0" + host.name()));
    }

    /** Without names to resolve: what Reactor Netty would do it with takes a while to load. */
    private static Dialer unix(ConnectionSettings settings, boolean isNative, SocketAddress address) {
        return new SocketDialer(
                settings, isNative, address, client -> client.resolver(NoopAddressResolverGroup.INSTANCE));
    }
}
