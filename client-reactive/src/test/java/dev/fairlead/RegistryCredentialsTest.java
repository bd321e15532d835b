package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.CredentialsFailed;
import dev.fairlead.model.AuthConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Where credentials come from. */
@Timeout(60)
final class RegistryCredentialsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SECRET = "hunter2-secret";

    @TempDir
    Path folder = Path.of("");

    private static AuthConfig basic(String user, String password, String address) {
        return AuthConfig.builder()
                .username(user)
                .password(password)
                .serverAddress(address)
                .build();
    }

    private static void gives(RegistryCredentials credentials, String host, AuthConfig expected) {
        StepVerifier.create(credentials.forRegistry(host))
                .expectNext(expected)
                .expectComplete()
                .verify(LIMIT);
    }

    private static void givesNone(RegistryCredentials credentials, String host) {
        StepVerifier.create(credentials.forRegistry(host)).expectComplete().verify(LIMIT);
    }

    private static Map<String, AuthConfig> all(RegistryCredentials credentials) {
        return OnFakeEngine.get(credentials.all());
    }

    @Test
    void noneHasNone() {
        givesNone(RegistryCredentials.none(), "docker.io");
        assertThat(all(RegistryCredentials.none())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker.io", "index.docker.io", "https://index.docker.io/v1/"})
    void dockerHubHasManyNames(String name) {
        RegistryCredentials credentials = RegistryCredentials.basic(name, "me", SECRET);

        gives(credentials, "docker.io", basic("me", SECRET, "https://index.docker.io/v1/"));
        givesNone(credentials, "registry.example.com");
        assertThat(all(credentials)).containsOnlyKeys("docker.io");
    }

    @Test
    void aTokenStandsAlone() {
        gives(
                RegistryCredentials.identityToken("https://registry.example.com:5000/v2/", SECRET),
                "registry.example.com:5000",
                AuthConfig.builder()
                        .identityToken(SECRET)
                        .serverAddress("registry.example.com:5000")
                        .build());
    }

    @Test
    void anAddressThatWasGivenStays() {
        AuthConfig given = basic("me", SECRET, "elsewhere");
        gives(RegistryCredentials.of(Map.of("r.example.com", given)), "r.example.com", given);
    }

    @Test
    void aHostIsNeeded() {
        assertThatThrownBy(() -> RegistryCredentials.basic(" ", "me", SECRET))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("host is blank");
    }

    @Test
    void othersAreAskedForWhatIsNotThere() {
        RegistryCredentials both = RegistryCredentials.basic("a.example.com", "first", SECRET)
                .or(RegistryCredentials.of(Map.of(
                        "a.example.com", basic("second", SECRET, ""), "b.example.com", basic("second", SECRET, ""))))
                .or(host -> Mono.error(new AssertionError("asked for " + host)));

        gives(both, "a.example.com", basic("first", SECRET, "a.example.com"));
        gives(both, "b.example.com", basic("second", SECRET, "b.example.com"));
        assertThat(all(both))
                .containsOnlyKeys("a.example.com", "b.example.com")
                .containsEntry("a.example.com", basic("first", SECRET, "a.example.com"));
    }

    @Test
    void noTextHasASecret() {
        RegistryCredentials given = RegistryCredentials.basic("r.example.com", "me", SECRET);
        RegistryCredentials docker = RegistryCredentials.fromDockerConfig();

        assertThat(given).hasToString("RegistryCredentials[r.example.com]");
        assertThat(docker).hasToString("RegistryCredentials[as docker has them]");
        assertThat(given.or(docker)).hasToString(given + ", else " + docker);
        assertThat(DockerConfig.builder().credentials(given).build().toString()).doesNotContain("me", SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "P2D", "P999999999D"})
    void aHelpersTimeIsWithinReason(String timeout) {
        assertThatThrownBy(() -> RegistryCredentials.fromDockerConfig(Duration.parse(timeout)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("helperTimeout");
    }

    @Test
    void encodedAsTheEngineTakesIt() {
        assertThat(RegistryCredentials.encode(AuthConfig.builder()
                        .username("me")
                        .password("abc>>>def")
                        .build()))
                .isEqualTo("eyJwYXNzd29yZCI6ImFiYz4-PmRlZiIsInVzZXJuYW1lIjoibWUifQ==");
        assertThat(new String(
                        Base64.getUrlDecoder()
                                .decode(RegistryCredentials.encode(Map.of(
                                        "docker.io",
                                        AuthConfig.builder().username("me").build()))),
                        StandardCharsets.UTF_8))
                .isEqualTo("{\"https://index.docker.io/v1/\":{\"username\":\"me\"}}");
    }

    private DockerConfigCredentials docker(String config, String helper) throws IOException {
        Files.writeString(folder.resolve("config.json"), config.replace('\'', '"'));
        Path program = folder.resolve("docker-credential-x");
        Files.writeString(program, "#!/bin/sh\nPATH=/usr/bin:/bin\n" + helper.replace("DIR", folder.toString()) + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new DockerConfigCredentials(
                new Environment(
                        Map.of("PATH", folder.toString(), "DOCKER_CONFIG", folder.toString()), folder, Files::exists),
                LIMIT);
    }

    @Test
    void nothingIsReadBeforeSomebodySubscribesNorOnTheirThread() throws IOException {
        Mono<AuthConfig> search = docker("broken", "").forRegistry("r.example.com");

        StepVerifier.create(search)
                .consumeErrorWith(failure -> {
                    assertThat(failure).isInstanceOf(CredentialsFailed.class);
                    assertThat(Thread.currentThread().getName()).startsWith("boundedElastic");
                })
                .verify(LIMIT);
    }

    @Test
    void aFileThatHasChangedIsReadAnew() throws IOException {
        RegistryCredentials docker = docker("{}", "");
        givesNone(docker, "r.example.com");

        Files.writeString(folder.resolve("config.json"), "{\"auths\":{\"r.example.com\":{\"auth\":\"bWU6cHc=\"}}}");
        gives(docker, "r.example.com", basic("me", "pw", "r.example.com"));
    }

    @Test
    void allAreByHost() throws IOException {
        RegistryCredentials docker = docker("{'credsStore': 'x'}", """
                input=$(cat)
                case $1 in
                  list) echo '{"https://index.docker.io/v1/access-token":"","https://index.docker.io/v1/":"","https://index.docker.io/v1/refresh-token":"","r:5000":""}' ;;
                  get) printf '{"Username":"%s","Secret":"x"}' "$input" ;;
                esac
                """);

        assertThat(all(docker)).containsOnlyKeys("docker.io", "r:5000");
        assertThat(all(docker).get("docker.io"))
                .isEqualTo(basic("https://index.docker.io/v1/", "x", "https://index.docker.io/v1/"));
    }

    @Test
    void cancellingKillsTheHelper() throws Exception {
        RegistryCredentials docker =
                docker("{'credsStore': 'x'}", "sleep 300 & echo $! $$ >DIR/tmp; mv DIR/tmp DIR/started; wait");
        Disposable search = docker.forRegistry("r.example.com").subscribe();
        while (!Files.exists(folder.resolve("started"))) {
            Thread.onSpinWait();
        }

        search.dispose();

        for (String pid : Files.readString(folder.resolve("started")).strip().split(" ", -1)) {
            var process = ProcessHandle.of(Long.parseLong(pid));
            if (process.isPresent()) {
                process.get().onExit().get(10, TimeUnit.SECONDS);
            }
        }
    }
}
