package dev.fairlead.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryAddressTest {

    @ParameterizedTest
    @CsvSource({
        "registry.example.com, registry.example.com",
        "registry.example.com:5000, registry.example.com:5000",
        "https://registry.example.com, registry.example.com",
        "http://registry.example.com:5000, registry.example.com:5000",
        "https://registry.example.com/v1/, registry.example.com",
        "https://registry.example.com:5000/v2/, registry.example.com:5000",
        "registry.example.com/team/app, registry.example.com",
        "https://me:secret@registry.example.com/v2/, registry.example.com",
        "http://[::1]:5000/v2/, [::1]:5000",
        "localhost, localhost",
        "docker.io, docker.io",
        "index.docker.io, docker.io",
        "registry-1.docker.io, registry-1.docker.io",
        "https://index.docker.io/v1/, docker.io",
        "https://INDEX.docker.io/v1/, docker.io",
        "hub.example.com, hub.example.com"
    })
    void theHostOfAnAddress(String address, String host) {
        assertThat(RegistryAddress.hostOf(address)).isEqualTo(host);
    }

    @Test
    void onlyDockerHubIsKeptUnderAnotherKey() {
        assertThat(RegistryAddress.keyOf("docker.io")).isEqualTo("https://index.docker.io/v1/");
        assertThat(RegistryAddress.keyOf("registry.example.com:5000")).isEqualTo("registry.example.com:5000");
    }

    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io",
        "busybox:1.36, docker.io",
        "me/app, docker.io",
        "docker.io/me/app, docker.io",
        "index.docker.io/me/app, docker.io",
        "localhost/app, localhost",
        "127.0.0.1:5000/app:1, 127.0.0.1:5000",
        "registry.example.com/a/b/c@sha256:0000000000000000000000000000000000000000000000000000000000000000, registry.example.com",
        "No Name, ",
        "sha256:x:y, ",
        "0000000000000000000000000000000000000000000000000000000000000000, "
    })
    void theRegistryOfAName(String name, String host) {
        assertThat(RegistryAddress.ofName(name)).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io",
        "me/app, docker.io",
        "some words, docker.io",
        "localhost/app, localhost",
        "registry.example.com/app, registry.example.com",
        "registry:5000/app, registry:5000",
        "index.docker.io/app, docker.io"
    })
    void theRegistryThatIsSearched(String term, String host) {
        assertThat(RegistryAddress.ofSearch(term)).isEqualTo(host);
    }
}
