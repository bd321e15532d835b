package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortTest {

    @ParameterizedTest
    @CsvSource({"80/tcp, 80/tcp", "80, 80/tcp", "53/UDP, 53/udp", "65535/sctp, 65535/sctp", "7/later, 7/later"})
    void readsAndWritesWhatTheEngineDoes(String text, String written) {
        assertThat(Port.parse(text)).hasToString(written);
        assertThat(Port.parse(written)).isEqualTo(Port.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tcp", "0", "65536/tcp", "99999", "80/", "80/tcp/udp", "-1", "80-90", " 80"})
    void refusesWhatIsNoPort(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Port.parse(text));
    }

    @Test
    void isTheKeyOfABinding() {
        HostConfig host = HostConfig.builder()
                .portBinding(
                        Port.tcp(80).toString(),
                        java.util.List.of(PortBinding.builder().hostPort("8080").build()))
                .build();
        assertThat(host.portBindings()).containsOnlyKeys("80/tcp");
    }
}
