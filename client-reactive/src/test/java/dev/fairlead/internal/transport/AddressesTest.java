package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.testing.AbstractRelay;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Relay;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.InetSocketAddressResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hosts that are named in other ways than by a path or by four numbers. */
class AddressesTest extends TransportFixture {

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"TCP_EPOLL", "TCP_JDK"})
    void anAddressOfVersion6IsInBracketsInTheHeader(Kind kind) throws Exception {
        FakeEngine engine = engine(kind);
        try (Relay relay = Relay.to("::1", engine.host())) {
            Transport transport = transport(kind.settings(DockerHost.parse("tcp://[::1]:" + relay.port())));
            assertThat(text(await(transport.call(get("/_ping"))))).isEqualTo("OK");
            assertThat(engine.requests().get(0).header("Host")).hasValue("[::1]:" + relay.port());
            transport.close();
        }
    }

    /** With a link-local address where the machine has one, and by the loopback's zone elsewhere. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"TCP_EPOLL", "TCP_JDK"})
    void aZoneChoosesTheInterfaceAndIsInNoHeader(Kind kind) throws Exception {
        String address = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(each -> each.isLinkLocalAddress() && each instanceof Inet6Address)
                .map(InetAddress::getHostAddress)
                .findFirst()
                .orElse("::1%"
                        + NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress())
                                .getName());
        FakeEngine engine = engine(kind);
        try (Relay relay = Relay.to(address, engine.host())) {
            String url = "tcp://[" + address.replace("%", "%25") + "]:" + relay.port();
            Transport transport = transport(kind.settings(DockerHost.parse(url)));
            assertThat(text(await(transport.call(get("/_ping"))))).isEqualTo("OK");
            assertThat(engine.requests().get(0).header("Host"))
                    .hasValue("[" + address.substring(0, address.indexOf('%')) + "]:" + relay.port());
            transport.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"TCP_EPOLL", "TCP_JDK"})
    void ofSeveralAddressesTheFirstThatAnswersCounts(Kind kind) throws Exception {
        FakeEngine engine = engine(kind);
        try (Relay relay = Relay.to("::1", engine.host())) {
            ConnectionSettings settings = kind.settings(DockerHost.parse("tcp://several:" + relay.port()));
            Dialer dialer = new SocketDialer(
                    settings,
                    settings.nativeTransport(),
                    Names.address("several", relay.port()),
                    client -> client.resolver(new Several("127.0.0.1", "::1")));
            Transport transport = transport(settings, dialer);
            assertThat(text(await(transport.call(get("/_ping"))))).isEqualTo("OK");
            transport.close();
        }
    }

    @Test
    void anAbstractSocketIsReachedByEpoll() throws Exception {
        FakeEngine engine = engine(Kind.UNIX_EPOLL);
        String name = "fairlead-addresses-" + ProcessHandle.current().pid();
        try (AbstractRelay relay = new AbstractRelay(name, engine.host())) {
            Transport transport = transport(Kind.UNIX_EPOLL.settings(DockerHost.parse(relay.host())));
            assertThat(text(await(transport.call(get("/_ping"))))).isEqualTo("OK");
            assertThat(engine.requests().get(0).header("Host")).hasValue("localhost");
            transport.close();
        }
    }

    @Test
    void anAbstractSocketThatIsNotThereRefuses() {
        Transport transport = transport(Kind.UNIX_EPOLL.settings(DockerHost.parse("unix://@fairlead-nobody")));
        assertThatExceptionOfType(ConnectionFailed.class)
                .isThrownBy(() -> transport.call(get("/_ping")).block(LIMIT))
                .withMessageContaining("unix://@fairlead-nobody refused the connection");
    }

    @Test
    void anAbstractSocketIsOutOfTheJdksReach() {
        ConnectionSettings settings = Kind.UNIX_JDK.settings(DockerHost.parse("unix://@docker"));
        assertThatExceptionOfType(ConnectionFailed.class)
                .isThrownBy(() -> new Transport(settings))
                .withMessageContaining("abstract sockets are Linux's, and reached by epoll alone")
                .withMessageContaining("nativeTransport of the configuration is false");
    }

    /** Knows these addresses for each name. */
    private static final class Several extends AddressResolverGroup<InetSocketAddress> {

        private final List<String> addresses;

        Several(String... addresses) {
            this.addresses = List.of(addresses);
        }

        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new InetSocketAddressResolver(executor, new InetNameResolver(executor) {
                @Override
                protected void doResolve(String name, Promise<InetAddress> promise) throws Exception {
                    promise.setSuccess(all().get(0));
                }

                @Override
                protected void doResolveAll(String name, Promise<List<InetAddress>> promise) throws Exception {
                    promise.setSuccess(all());
                }
            });
        }

        private List<InetAddress> all() throws UnknownHostException {
            return List.of(InetAddress.getByName(addresses.get(0)), InetAddress.getByName(addresses.get(1)));
        }
    }
}
