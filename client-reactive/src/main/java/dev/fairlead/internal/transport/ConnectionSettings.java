package dev.fairlead.internal.transport;

import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.proxy.ProxyAddress;
import dev.fairlead.core.tls.TlsContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;

/**
 * How connections are made and how many.
 *
 * @param host the Engine
 * @param loops the event loops, or null for those that Reactor Netty's TCP clients share
 * @param nativeTransport whether epoll or kqueue are used where they are there
 * @param connectTimeout how long a connection may take to be made
 * @param responseTimeout how long a pooled call may take from when its request is handed to the socket, a body included, to the last byte
 *     received; when it is made again, anew; zero for no limit
 * @param maxConnections how many connections the pool for calls that end may hold
 * @param maxPending how many calls may wait for one of them
 * @param acquireTimeout how long a call may wait for one
 * @param maxIdle how long a connection may stay open unused; zero for ever
 * @param maxStreams how many connections may be open beside the pool, one for each stream
 * @param tls how TLS is spoken with the host, or null for a host that is spoken to in clear
 * @param proxy what leads to the host, or null where nothing stands between
 * @param ssh how ssh is called; only a host that is reached by it needs that
 */
public record ConnectionSettings(
        DockerHost host,
        @Nullable LoopResources loops,
        boolean nativeTransport,
        Duration connectTimeout,
        Duration responseTimeout,
        int maxConnections,
        int maxPending,
        Duration acquireTimeout,
        Duration maxIdle,
        int maxStreams,
        @Nullable TlsContext tls,
        @Nullable ProxyAddress proxy,
        @Nullable SshAccess ssh) {

    /** Without a proxy and without ssh. */
    public ConnectionSettings(
            DockerHost host,
            @Nullable LoopResources loops,
            boolean nativeTransport,
            Duration connectTimeout,
            Duration responseTimeout,
            int maxConnections,
            int maxPending,
            Duration acquireTimeout,
            Duration maxIdle,
            int maxStreams,
            @Nullable TlsContext tls) {
        this(
                host,
                loops,
                nativeTransport,
                connectTimeout,
                responseTimeout,
                maxConnections,
                maxPending,
                acquireTimeout,
                maxIdle,
                maxStreams,
                tls,
                null,
                null);
    }

    /** The event loops of now: Reactor Netty's own are others once somebody has ended those that there were. */
    LoopResources currentLoops() {
        return loops == null ? TcpResources.get() : loops;
    }
}
