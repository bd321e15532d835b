package dev.fairlead.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.tls.Tls;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostResolverTest {
    private static final String SYSTEM = "/var/run/docker.sock";
    private static final String DESKTOP = "/home/me/.docker/run/docker.sock";
    private static final String DESKTOP_ON_LINUX = "/home/me/.docker/desktop/docker.sock";
    private static final String ROOTLESS = "/run/user/1/docker.sock";

    @Test
    void theProgramsHostComesFirstAndTheEnvironmentIsNotLookedAt() {
        Environment environment = environment(
                Map.of("DOCKER_HOST", "garbage", "DOCKER_CONTEXT", "remote", "DOCKER_TLS_VERIFY", "1"), SYSTEM);
        DockerHost explicit = DockerHost.parse("tcp://mine");

        assertThat(HostResolver.resolve(explicit, environment)).isEqualTo(new ResolvedHost(explicit, "the program"));
    }

    @Test
    void dockerHostComesBeforeContextsAndSockets() {
        Environment environment =
                environment(Map.of("DOCKER_HOST", "tcp://theirs", "DOCKER_CONTEXT", "remote"), SYSTEM);

        ResolvedHost resolved = HostResolver.resolve(null, environment);
        assertThat(resolved.host()).isEqualTo(DockerHost.parse("tcp://theirs"));
        assertThat(resolved.source()).isEqualTo("DOCKER_HOST");
        assertThat(resolved.passedOver()).containsExactly("DOCKER_CONTEXT: DOCKER_HOST comes before it");
    }

    @Test
    void anInvalidDockerHostNamesTheVariable() {
        assertThatThrownBy(() -> HostResolver.resolve(null, environment(Map.of("DOCKER_HOST", "ftp://h"), SYSTEM)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("DOCKER_HOST: \"ftp://h\" is no address");
    }

    @ParameterizedTest
    @CsvSource({
        SYSTEM + " " + DESKTOP + " " + ROOTLESS + ", " + SYSTEM,
        DESKTOP + " " + DESKTOP_ON_LINUX + " " + ROOTLESS + ", " + DESKTOP,
        DESKTOP_ON_LINUX + " " + ROOTLESS + ", " + DESKTOP_ON_LINUX,
        ROOTLESS + ", " + ROOTLESS
    })
    void theFirstSocketThatExistsIsTaken(String existing, String taken) {
        Environment environment =
                environment(Map.of("XDG_RUNTIME_DIR", "/run/user/1", "DOCKER_HOST", ""), existing.split(" "));

        assertThat(HostResolver.resolve(null, environment).host()).isEqualTo(new DockerHost.Unix(Path.of(taken)));
    }

    @Test
    void withNoSocketTheErrorNamesAllThatWereTried() {
        assertThatThrownBy(() -> HostResolver.resolve(null, environment(Map.of("XDG_RUNTIME_DIR", "/run/user/1"))))
                .isInstanceOf(ConnectionFailed.class)
                .hasMessageContaining("tried " + SYSTEM + ", " + DESKTOP + ", " + DESKTOP_ON_LINUX + ", " + ROOTLESS)
                .hasMessageContaining("DOCKER_HOST");
    }

    @Test
    void withoutARuntimeDirectoryNoRootlessSocketIsTried() {
        assertThatThrownBy(() -> HostResolver.resolve(null, environment(Map.of(), ROOTLESS)))
                .isInstanceOf(ConnectionFailed.class)
                .hasMessageContaining("tried " + SYSTEM + ", " + DESKTOP + ", " + DESKTOP_ON_LINUX + " (");
    }

    @Test
    void theDefaultContextIsNoContext() {
        assertThat(HostResolver.resolve(null, environment(Map.of("DOCKER_CONTEXT", "default"), SYSTEM))
                        .host())
                .hasToString("unix://" + SYSTEM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_TLS"})
    void tlsFromTheEnvironmentIsForItsTcpHosts(String variable) {
        ResolvedHost resolved =
                HostResolver.resolve(null, environment(Map.of("DOCKER_HOST", "tcp://h", variable, "0")));

        assertThat(resolved.host()).hasToString("https://h:2376");
        assertThat(resolved.tls()).isNotNull();
        assertThat(HostResolver.resolve(null, environment(Map.of("DOCKER_HOST", "tcp://h:1", variable, "0")))
                        .host())
                .hasToString("https://h:1");
    }

    @Test
    void withoutTlsAHostIsSpokenToInClear() {
        ResolvedHost resolved = HostResolver.resolve(null, environment(Map.of("DOCKER_HOST", "tcp://h")));

        assertThat(resolved.host()).hasToString("tcp://h:2375");
        assertThat(resolved.tls()).isNull();
    }

    @Test
    void httpsIsVerifiedByTheJdksAuthorities() {
        ResolvedHost resolved = HostResolver.resolve(DockerHost.parse("https://h"), environment(Map.of()));

        assertThat(resolved.tls()).asString().contains("ca=null", "verified=true");
    }

    @Test
    void theProgramsTlsComesFirst() {
        Tls mine = Tls.of(tls -> tls.ca(Path.of("/mine")));

        ResolvedHost resolved = HostResolver.resolve(
                null, null, mine, environment(Map.of("DOCKER_HOST", "tcp://h", "DOCKER_CERT_PATH", "/theirs")));

        assertThat(resolved.host()).hasToString("https://h:2376");
        assertThat(resolved.tls()).isSameAs(mine);
        assertThat(HostResolver.resolve(DockerHost.parse("tcp://h:5"), null, mine, environment(Map.of()))
                        .host())
                .hasToString("https://h:5");
    }

    @Test
    void theProgramsTlsHasNoPlaceOnAUnixSocket() {
        assertThatThrownBy(() -> HostResolver.resolve(null, null, Tls.builder().build(), environment(Map.of(), SYSTEM)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tls")
                .hasMessageContaining(SYSTEM);
    }

    @Test
    void tlsSettingsDoNotConcernAUnixSocket() {
        Environment environment = environment(Map.of("DOCKER_HOST", "unix:///x", "DOCKER_TLS_VERIFY", "1"));

        assertThat(HostResolver.resolve(null, environment).host()).hasToString("unix:///x");
    }

    @Test
    void windowsHasAPipe() {
        assertThat(new UsualPlaces(environment(Map.of()), true).find()).hasToString("npipe:////./pipe/docker_engine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOCKER_TLS_VERIFY", "DOCKER_TLS"})
    void whoAsksForTlsAndNamesNoHostMeansThePortOfTls(String variable) {
        ResolvedHost resolved = HostResolver.resolve(null, environment(Map.of(variable, "1"), SYSTEM));

        assertThat(resolved.host()).hasToString("https://localhost:2376");
        assertThat(resolved.source()).isEqualTo(variable + " without a host");
    }

    @Test
    void certificatesAloneNameNoHost() {
        assertThat(HostResolver.resolve(null, environment(Map.of("DOCKER_CERT_PATH", "/c"), SYSTEM))
                        .host())
                .hasToString("unix://" + SYSTEM);
    }

    @Test
    void blanksAroundDockerHostDoNotCount() {
        assertThat(HostResolver.resolve(null, environment(Map.of("DOCKER_HOST", " tcp://h:1\n")))
                        .host())
                .hasToString("tcp://h:1");
    }

    @Test
    void hostAndContextAreOneTooMany() {
        assertThatThrownBy(() -> HostResolver.resolve(DockerHost.parse("tcp://h"), "prod", null, environment(Map.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("context: ");
    }

    @Test
    void theEnvironmentsTextHasNoValues() {
        assertThat(environment(Map.of("DOCKER_AUTH_CONFIG", "secret")).toString())
                .contains("DOCKER_AUTH_CONFIG")
                .doesNotContain("secret");
    }

    private static Environment environment(Map<String, String> variables, String... existing) {
        Set<String> files = Set.of(existing);
        return new Environment(variables, Path.of("/home/me"), path -> files.contains(path.toString()));
    }
}
