package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
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
        return new SocketDialer(
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
        if (host instanceof DockerHost.Tcp tcp) {
            return new SocketDialer(settings, isNative, InetSocketAddress.createUnresolved(tcp.host(), tcp.port()));
        }
        SshAccess ssh = settings.ssh();
        if (host instanceof DockerHost.Ssh there && ssh != null) {
            return new SshDialer(there, ssh, settings);
        }
        throw new ConnectionFailed(
                "connect",
                host.toString(),
                "Fairlead connects by unix://, tcp:// and ssh:// so far, and this is " + host,
                null,
                null);
    }
}
