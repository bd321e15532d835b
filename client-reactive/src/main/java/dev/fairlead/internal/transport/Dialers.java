package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
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
        if (host instanceof DockerHost.Tcp tcp) {
            return new SocketDialer(settings, isNative, InetSocketAddress.createUnresolved(tcp.host(), tcp.port()));
        }
        throw new ConnectionFailed(
                "connect",
                host.toString(),
                "Fairlead connects by unix:// and tcp:// so far, and this is " + host,
                null,
                null);
    }
}
