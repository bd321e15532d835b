package dev.fairlead.internal.transport;

import dev.fairlead.core.host.DockerHost;
import dev.fairlead.testing.FakeEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The sockets and the transports that Fairlead speaks on. */
public enum Kind {
    UNIX_EPOLL(true, true),
    UNIX_JDK(true, false),
    TCP_EPOLL(false, true),
    TCP_JDK(false, false);

    private final boolean unix;
    private final boolean nativeTransport;

    Kind(boolean unix, boolean nativeTransport) {
        this.unix = unix;
        this.nativeTransport = nativeTransport;
    }

    boolean isUnix() {
        return unix;
    }

    FakeEngine start(Path directory) throws IOException {
        return unix ? FakeEngine.unix(directory.resolve("docker.sock")) : FakeEngine.tcp();
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
                Integer.MAX_VALUE);
    }
}
