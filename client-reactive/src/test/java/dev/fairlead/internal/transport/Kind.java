package dev.fairlead.internal.transport;

import dev.fairlead.core.host.DockerHost;
import dev.fairlead.testing.FakeEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The sockets and the transports that Fairlead speaks on. */
public enum Kind {
    UNIX_EPOLL(true, true, false),
    UNIX_JDK(true, false, false),
    TCP_EPOLL(false, true, false),
    TCP_JDK(false, false, false),
    TLS_EPOLL(false, true, true),
    TLS_JDK(false, false, true);

    private final boolean unix;
    private final boolean nativeTransport;
    private final boolean tls;

    Kind(boolean unix, boolean nativeTransport, boolean tls) {
        this.unix = unix;
        this.nativeTransport = nativeTransport;
        this.tls = tls;
    }

    boolean isUnix() {
        return unix;
    }

    FakeEngine start(Path directory) throws IOException {
        return start(directory, 0);
    }

    /** On that port, where it has one. */
    FakeEngine start(Path directory, int port) throws IOException {
        if (tls) {
            return TlsPair.SHARED.start(port);
        }
        return unix ? FakeEngine.unix(directory.resolve("docker.sock")) : FakeEngine.tcp(port);
    }

    /** Settings that no test runs into by accident. */
    ConnectionSettings settings(DockerHost host) {
        return new ConnectionSettings(
                host,
                null,
                nativeTransport,
                Duration.ofSeconds(5),
                Duration.ZERO,
                4,
                10_000,
                Duration.ZERO,
                Duration.ZERO,
                Integer.MAX_VALUE,
                host instanceof DockerHost.Tcp tcp && tcp.secure() ? TlsPair.SHARED.client() : null);
    }
}
