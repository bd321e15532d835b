package dev.fairlead.internal.transport;

import dev.fairlead.core.host.DockerHost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** How a TCP host is named to others, and where it is. */
final class Names {

    private Names() {}

    /** Name and port as HTTP wants them, an IPv6 address in brackets. The zone of one means something on this machine alone. */
    static String withPort(DockerHost.Tcp host) {
        String name = withoutZone(host.host());
        return (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + host.port();
    }

    static String withoutZone(String host) {
        int zone = host.indexOf(':') < 0 ? -1 : host.indexOf('%');
        return zone < 0 ? host : host.substring(0, zone);
    }

    /** Where to connect to; a name is looked up at each connection, on no event loop's time. */
    static InetSocketAddress address(String host, int port) {
        if (host.indexOf(':') >= 0) {
            try {
                // It is an address, for which the JDK asks nobody; Netty's resolver would lose the zone.
                return new InetSocketAddress(InetAddress.getByName(host), port);
            } catch (UnknownHostException noAddress) {
                return InetSocketAddress.createUnresolved(host, port);
            }
        }
        return InetSocketAddress.createUnresolved(host, port);
    }
}
