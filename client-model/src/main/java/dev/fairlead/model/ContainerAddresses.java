package dev.fairlead.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a container is reached. The single address beside the networks, which many programs read, is gone since API
 * 1.52; what is said here is there on every Engine.
 */
public final class ContainerAddresses {
    private ContainerAddresses() {}

    /**
     * The IPv4 address of a container in one of its networks.
     *
     * @param container as inspected
     * @param network the name of the network, such as {@code bridge}
     * @return the address; null when it is not in that network, has no such address there, or does not run
     */
    public static @Nullable String ipAddress(ContainerInspectResponse container, String network) {
        EndpointSettings endpoint = endpoint(container, network);
        return endpoint == null || endpoint.ipAddress().isEmpty() ? null : endpoint.ipAddress();
    }

    /**
     * The IPv6 address of a container in one of its networks.
     *
     * @param container as inspected
     * @param network the name of the network
     * @return the address; null when it is not in that network, has no such address there, or does not run
     */
    public static @Nullable String ipv6Address(ContainerInspectResponse container, String network) {
        EndpointSettings endpoint = endpoint(container, network);
        return endpoint == null || endpoint.globalIpv6Address().isEmpty() ? null : endpoint.globalIpv6Address();
    }

    private static @Nullable EndpointSettings endpoint(ContainerInspectResponse container, String network) {
        NetworkSettings settings = container.networkSettings();
        Map<String, EndpointSettings> networks = settings == null ? Map.of() : settings.networks();
        return networks.get(network);
    }
}
