package dev.fairlead.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.CredentialsFailed;
import dev.fairlead.model.AuthConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Helpers are shell scripts of the test's own, in the only folder of its {@code PATH}. */
@Timeout(60)
class DockerCredentialsTest {

    private static final String SECRET = "hunter2-secret";
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder = Path.of("");

    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void setUp() throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(folder.resolve("home/.docker"));
        variables.put("PATH", folder.resolve("bin").toString());
    }

    private DockerCredentials credentials(Duration timeout) {
        return new DockerCredentials(new Environment(variables, folder.resolve("home"), Files::exists), timeout);
    }

    /** All, and none that was skipped. */
    private Map<String, AuthConfig> all() {
        List<CredentialsFailed> skipped = new ArrayList<>();
        Map<String, AuthConfig> all = credentials(LONG).all(skipped::add);
        assertThat(skipped).isEmpty();
        return all;
    }

    private AuthConfig found(String host) {
        return Objects.requireNonNull(credentials(LONG).find(host));
    }

    private CredentialsFailed failure(Duration timeout) {
        return catchThrowableOfType(CredentialsFailed.class, () -> {
            var unused = credentials(timeout).find("r.example.com");
        });
    }

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("home/.docker/config.json"), json.replace('\'', '"'));
    }

    private void helper(String name, String script) throws IOException {
        Path program = folder.resolve("bin/docker-credential-" + name);
        Files.writeString(program, "#!/bin/sh\nPATH=/usr/bin:/bin\n" + script.replace("DIR", folder.toString()) + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String answer(String username, String secret) {
        return "{\"ServerURL\":\"ignored\",\"Username\":\"" + username + "\",\"Secret\":\"" + secret + "\"}";
    }

    private static String auth(String user, String password) {
        return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"own.example.com, own", "file.example.com, file", "other.example.com, all", "docker.io, hub"})
    void aRegistrysHelperThenTheOneForAllThenTheFile(String host, String user) throws IOException {
        config("{'auths': {'own.example.com': {'auth': '" + auth("file", "x") + "'},"
                + "'file.example.com': {'auth': '" + auth("file", "x") + "'},"
                + "'other.example.com': {'auth': '" + auth("file", "x") + "'}},"
                + "'credsStore': 'all', 'credHelpers': {'own.example.com': 'own', 'file.example.com': '',"
                + "'https://index.docker.io/v1/': 'hub'}}");
        for (String name : List.of("own", "all", "hub")) {
            helper(name, "cat >/dev/null; echo '" + answer(name, "x") + "'");
        }

        assertThat(found(host).username()).isEqualTo(user);
        assertThat(found(host).serverAddress()).isEqualTo(RegistryAddress.keyOf(host));
    }

    @ParameterizedTest
    @CsvSource({"r.example.com:5000, r.example.com:5000", "docker.io, https://index.docker.io/v1/"})
    void aHelperIsAskedForTheKeyOnItsInput(String host, String key) throws IOException {
        config("{'credsStore': 'echo'}");
        helper("echo", "input=$(cat); printf '{\"Username\":\"%s\",\"Secret\":\"%s\"}' \"$1 $#\" \"<$input>$MINE\"");
        variables.put("MINE", "and mine");

        assertThat(found(host))
                .isEqualTo(AuthConfig.builder()
                        .serverAddress(key)
                        .username("get 1")
                        .password("<" + key + ">and mine")
                        .build());
    }

    @Test
    void aTokenIsAnIdentityToken() throws IOException {
        config("{'credsStore': 'x'}");
        helper("x", "echo '" + answer("<token>", SECRET) + "'");

        assertThat(found("r.example.com"))
                .isEqualTo(AuthConfig.builder()
                        .serverAddress("r.example.com")
                        .identityToken(SECRET)
                        .build());
        assertThat(found("r.example.com").toString()).doesNotContain(SECRET);
    }

    @Test
    void whatAHelperHasNotIsNone() throws IOException {
        config("{'credsStore': 'x', 'auths': {'r.example.com': {'auth': '" + auth("file", "x") + "'}}}");
        helper("x", "echo 'credentials not found in native keychain'; exit 1");
        assertThat(credentials(LONG).find("r.example.com")).isNull();

        helper("x", "echo '" + answer("", "") + "'");
        assertThat(credentials(LONG).find("r.example.com")).isNull();
    }

    @Test
    void noiseOnStandardErrorDoesNoHarm() throws IOException {
        config("{'credsStore': 'x'}");
        helper(
                "x",
                "head -c 3000000 /dev/zero >&2; echo '{\"not\":\"this\"}' >&2; echo '" + answer("me", "pw")
                        + "'; echo bye");

        assertThat(found("r.example.com").password()).isEqualTo("pw");
    }

    @Test
    void aHelperNeedNotReadItsInput() throws IOException {
        config("{'credsStore': 'x'}");
        helper("x", "exec <&-; echo '" + answer("me", "pw") + "'");

        assertThat(found("r.example.com").password()).isEqualTo("pw");
    }

    @Test
    void aLongSecretComesWhole() throws IOException {
        config("{'credsStore': 'x'}");
        helper(
                "x",
                "printf '{\"Username\":\"me\",\"Secret\":\"'; head -c 500000 /dev/zero | tr '\\0' 'x'; printf '\"}'");

        assertThat(found("r.example.com").password()).isEqualTo("x".repeat(500_000));
    }

    @Test
    void whatAHelperLeavesBehindIsNotWaitedFor() throws IOException {
        config("{'credsStore': 'x'}");
        helper("x", "sleep 300 & echo $! >DIR/agent; echo '" + answer("me", "pw") + "'");

        try {
            assertThat(found("r.example.com").password()).isEqualTo("pw");
            // An agent that it has started stays.
            assertThat(process("agent").isAlive()).isTrue();
        } finally {
            process("agent").destroyForcibly();
        }
    }

    private ProcessHandle process(String file) throws IOException {
        long pid = Long.parseLong(Files.readString(folder.resolve(file)).strip());
        return ProcessHandle.of(pid).orElseThrow();
    }

    private void gone(String file) throws Exception {
        long pid = Long.parseLong(Files.readString(folder.resolve(file)).strip());
        var handle = ProcessHandle.of(pid);
        if (handle.isPresent()) {
            handle.get().onExit().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aHelperThatTakesTooLongIsKilledWithAllItStarted() throws Exception {
        config("{'credsStore': 'slow'}");
        helper("slow", "echo $$ >DIR/helper; sleep 300 & echo $! >DIR/child; echo '" + SECRET + "'; wait");

        CredentialsFailed failure = failure(Duration.ofSeconds(1));

        assertThat(failure)
                .hasMessageStartingWith(
                        "find credentials for r.example.com: docker-credential-slow get took longer than"
                                + " 1000 ms and was killed")
                .hasMessageNotContaining(SECRET)
                .hasNoCause();
        gone("helper");
        gone("child");
    }

    @Test
    void anInterruptedSearchKillsTheHelper() throws Exception {
        config("{'credsStore': 'slow'}");
        helper("slow", "echo $$ >DIR/tmp; mv DIR/tmp DIR/helper; sleep 300");
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread search = new Thread(() -> {
            try {
                thrown.completeExceptionally(
                        new AssertionError("found " + credentials(LONG).find("r.example.com")));
            } catch (CancellationException expected) {
                thrown.complete(expected);
            }
        });
        search.start();
        while (!Files.exists(folder.resolve("helper"))) {
            Thread.onSpinWait();
        }

        search.interrupt();

        assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        gone("helper");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo hunter2-secret; exit 3 | docker-credential-x get ended with exit code 3",
                "echo hunter2-secret >&2; exit 1 | docker-credential-x get ended with exit code 1",
                "echo hunter2-secret | docker-credential-x get answered with 15 bytes that are not JSON, at line 1, column",
                "echo '\"hunter2-secret\"' | docker-credential-x get answered with 17 bytes that are no JSON object",
                "echo '{\"Username\":\"u\",\"Secret\":[\"hunter2-secret\"]}' | docker-credential-x get answered with a Secret that is no string",
                "true | docker-credential-x get answered with 0 bytes that are no",
                "yes hunter2-secret | docker-credential-x get wrote more than a mebibyte",
                "kill -9 $$ | docker-credential-x get ended with exit code 137"
            })
    void whatAHelperSaysIsNotShown(String script, String problem) throws IOException {
        config("{'credsStore': 'x'}");
        helper("x", script);

        assertThat(failure(LONG))
                .hasMessageStartingWith("find credentials for r.example.com: " + problem)
                .hasMessageNotContaining(SECRET)
                .hasMessageContaining("echo REGISTRY | docker-credential-x get")
                .hasNoCause();
    }

    @Test
    void aHelperThatIsNotThereIsNamed() throws IOException {
        config("{'credsStore': 'ecr-login'}");

        assertThat(failure(LONG))
                .hasMessage(
                        "find credentials for r.example.com: config.json leaves it to docker-credential-ecr-login, which is"
                                + " in no folder of PATH (install it, or take it out of credsStore or credHelpers)");
        variables.remove("PATH");
        assertThat(failure(LONG)).hasMessageContaining("in no folder of PATH");
    }

    @Test
    void aHelperThatCanNotBeStartedIsNamed() throws IOException {
        config("{'credsStore': 'x'}");
        helper("x", "");
        Files.writeString(folder.resolve("bin/docker-credential-x"), "#!/nowhere/sh\n");

        assertThat(failure(LONG)).hasMessageContaining("docker-credential-x can't be started");
    }

    @Test
    void aFolderThatIsNotAbsoluteIsPassedOver() throws IOException {
        config("{'credsStore': 'x'}");
        helper("x", "echo '" + answer("me", "pw") + "'");
        Path here = Path.of("").toAbsolutePath();
        variables.put("PATH", ":.:" + here.relativize(folder.resolve("bin").toAbsolutePath()));
        assertThat(failure(LONG)).hasMessageContaining("in no folder of PATH");

        variables.put("PATH", "/nowhere::" + folder.resolve("bin"));
        assertThat(found("r.example.com").username()).isEqualTo("me");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "-x", "a/b", "/bin/sh", "..", ".x", " x", "x y", "x;y", "x\\u0000", "x\\n"})
    void aNameThatIsNoProgramsIsRefused(String name) throws IOException {
        config("{'credsStore': '" + name + "'}");

        assertThat(failure(LONG)).hasMessageContaining("which is the name of no program");
    }

    @Test
    void withoutAFileThereIsNone() {
        assertThat(credentials(LONG).find("r.example.com")).isNull();
        assertThat(all()).isEmpty();
    }

    @Test
    void dockerConfigNamesAnotherFolder() throws IOException {
        config("{'auths': {'r.example.com': {'auth': '" + auth("home", "x") + "'}}}");
        assertThat(found("r.example.com").username()).isEqualTo("home");

        Path other = Files.createDirectories(folder.resolve("other"));
        variables.put("DOCKER_CONFIG", other.toString());
        assertThat(credentials(LONG).find("r.example.com")).isNull();

        Files.writeString(
                other.resolve("config.json"),
                "{\"auths\": {\"https://r.example.com/v2/\": {\"auth\": \"" + auth("other", "x") + "\"}}}");
        assertThat(found("r.example.com").username()).isEqualTo("other");
    }

    @Test
    void aFileThatCanNotBeReadIsNamedAndNotShown() throws IOException {
        config("{'auths': {'r.example.com': {'auth': hunter2-secret}}}");
        assertThat(failure(LONG))
                .hasMessageContaining("home/.docker/config.json: not JSON, at line 1, column ")
                .hasMessageNotContaining("hunter2")
                .hasNoCause();

        config("{'auths': {'r.example.com': {'auth': '" + SECRET + "'}}}");
        assertThat(failure(LONG))
                .hasMessageContaining("auth of r.example.com")
                .hasMessageNotContaining(SECRET)
                .hasNoCause();

        variables.put(
                "DOCKER_CONFIG", folder.resolve("home/.docker/config.json").toString());
        assertThat(failure(LONG)).hasMessageContaining("config.json/config.json can't be read");
    }

    @Test
    void theVariableComesFirst() throws IOException {
        config("{'auths': {'r.example.com': {'auth': '" + auth("file", "x") + "'}," + "'other.example.com': {'auth': '"
                + auth("file", "x") + "'}}}");
        variables.put(
                "DOCKER_AUTH_CONFIG",
                "{\"auths\":{\"r.example.com\":{\"auth\":\"" + auth("variable", "x")
                        + "\"}},\"credsStore\":\"nosuch\"}");

        assertThat(found("r.example.com").username()).isEqualTo("variable");
        assertThat(found("other.example.com").username()).isEqualTo("file");
        assertThat(credentials(LONG).toString()).doesNotContain("auths");

        variables.put("DOCKER_AUTH_CONFIG", SECRET);
        assertThat(failure(LONG))
                .hasMessageStartingWith("find credentials for r.example.com: DOCKER_AUTH_CONFIG: not JSON, at line 1")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void aMalformedVariableIsSkippedWhereAllAreWanted() throws IOException {
        config("{'auths': {'r.example.com': {'auth': '" + auth("file", "x") + "'}}}");
        variables.put("DOCKER_AUTH_CONFIG", SECRET);

        List<CredentialsFailed> skipped = new ArrayList<>();
        assertThat(credentials(LONG).all(skipped::add)).containsOnlyKeys("r.example.com");
        assertThat(skipped).singleElement().satisfies(failure -> assertThat(failure)
                .hasMessageContaining("DOCKER_AUTH_CONFIG: not JSON")
                .hasMessageNotContaining(SECRET));
    }

    @Test
    void allAreThoseOfTheFile() throws IOException {
        config("{'auths': {'https://index.docker.io/v1/': {'auth': '" + auth("hub", "x") + "'},"
                + "'https://r.example.com/v1/': {'auth': '" + auth("r", "x") + "'}, 'none.example.com': {},"
                + "'own.example.com': {}}, 'credHelpers': {'own.example.com': 'own'}}");
        helper("own", "echo '" + answer("own", "x") + "'");
        variables.put(
                "DOCKER_AUTH_CONFIG", "{\"auths\":{\"r.example.com\":{\"auth\":\"" + auth("variable", "x") + "\"}}}");

        Map<String, AuthConfig> all = all();

        assertThat(all)
                .containsOnlyKeys("https://index.docker.io/v1/", "r.example.com", "own.example.com")
                .extractingFromEntries(entry -> entry.getValue().username())
                .containsExactlyInAnyOrder("hub", "variable", "own");
    }

    @Test
    void allAreThoseThatTheHelpersListAndWhatFailsIsSkipped() throws IOException {
        config("{'auths': {'file.example.com': {'auth': '" + auth("file", "x") + "'}}, 'credsStore': 'all',"
                + "'credHelpers': {'own.example.com': 'own', 'two.example.com': 'broken'}}");
        helper("all", """
                input=$(cat)
                case $1:$input in
                  list:*) echo '{"https://index.docker.io/v1/":"hub","two.example.com":"two","gone.example.com":"gone"}' ;;
                  get:gone*) echo 'credentials not found in native keychain'; exit 1 ;;
                  get:*) printf '{"Username":"%s","Secret":"x"}' "$input" ;;
                esac
                """);
        helper("own", "echo '" + answer("own", "x") + "'");
        helper("broken", "exit 9");
        List<CredentialsFailed> skipped = new ArrayList<>();

        Map<String, AuthConfig> all = credentials(LONG).all(skipped::add);

        assertThat(all).containsOnlyKeys("https://index.docker.io/v1/", "two.example.com", "own.example.com");
        assertThat(Objects.requireNonNull(all.get("https://index.docker.io/v1/"))
                        .username())
                .isEqualTo("https://index.docker.io/v1/");
        assertThat(skipped)
                .singleElement()
                .asString()
                .contains("find credentials for two.example.com: docker-credential-broken get ended with exit code 9");
    }

    @Test
    void anEmptyListMayBeNull() throws IOException {
        config("{'credsStore': 'all'}");
        helper("all", "echo null");

        assertThat(all()).isEmpty();
    }

    @Test
    void ofAnEnvironmentThatCanNotBeReadAllFails() throws IOException {
        config("[]");

        assertThatThrownBy(this::all).isInstanceOf(CredentialsFailed.class).hasMessageContaining("no JSON object");
    }
}
