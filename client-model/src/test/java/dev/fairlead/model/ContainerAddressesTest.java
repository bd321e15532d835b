package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerAddressesTest {
    @Test
    void looksIntoTheNetworksAlone() {
        ContainerInspectResponse container = ContainerInspectResponse.builder()
                .networkSettings(settings -> settings.networks(Map.of(
                        "bridge",
                        EndpointSettings.builder().ipAddress("172.17.0.2").build())))
                .build();

        assertThat(ContainerAddresses.ipAddress(container, "bridge")).isEqualTo("172.17.0.2");
        assertThat(ContainerAddresses.ipv6Address(container, "bridge")).isNull();
        assertThat(ContainerAddresses.ipAddress(container, "other")).isNull();
        assertThat(ContainerAddresses.ipAddress(
                        ContainerInspectResponse.builder().build(), "bridge"))
                .isNull();
    }
}
