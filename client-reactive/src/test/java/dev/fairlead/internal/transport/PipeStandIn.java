package dev.fairlead.internal.transport;

import dev.fairlead.core.host.DockerHost;
import dev.fairlead.testing.FakeEngine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousByteChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.TimeUnit;

/** A transport that takes its connections for named pipes, for tests elsewhere; see {@link PipeTest}. */
public final class PipeStandIn {

    private static final DockerHost.Npipe HOST = (DockerHost.Npipe) DockerHost.parse("npipe:////./pipe/docker_engine");

    private PipeStandIn() {}

    public static Transport transport(FakeEngine engine) {
        ConnectionSettings settings = Kind.TCP_JDK.settings(HOST);
        return new Transport(
                settings, new Connector(settings, new PipeDialer(HOST, settings, false, () -> open(engine))), null);
    }

    private static AsynchronousByteChannel open(FakeEngine engine) throws Exception {
        AsynchronousSocketChannel socket = AsynchronousSocketChannel.open();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), engine.port()))
                .get(FakeEngine.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        return socket;
    }
}
