package dev.fairlead.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.ContextFailed;
import dev.fairlead.core.tls.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContextsTest {
    @TempDir
    Path home;

    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void twoContexts() throws IOException {
        write("prod", "{'Name': 'prod', 'Endpoints': {'docker': {'Host': 'tcp://prod:1'}}}");
        write("test", "{'Endpoints': {'docker': {'host': 'unix:///t'}}}");
    }

    /** Each row: what the program names, what the variables name, what config.json names, and what is taken. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "prod, tcp://v:1, test, test, tcp://prod:1, prod",
                "prod, -, -, -, tcp://prod:1, prod",
                "default, tcp://v:1, prod, prod, tcp://v:1, -",
                "default, -, prod, prod, unix:///var/run/docker.sock, -",
                "-, tcp://v:1, prod, test, tcp://v:1, -",
                "-, -, prod, test, tcp://prod:1, prod",
                "-, -, test, -, unix:///t, test",
                "-, -, default, test, unix:///var/run/docker.sock, -",
                "-, -, -, test, unix:///t, test",
                "-, '', '', test, unix:///t, test",
                "-, -, -, default, unix:///var/run/docker.sock, -",
                "-, -, -, '', unix:///var/run/docker.sock, -",
                "-, -, -, -, unix:///var/run/docker.sock, -"
            })
    void whatComesFirst(
            @Nullable String program,
            @Nullable String host,
            @Nullable String context,
            @Nullable String current,
            String taken,
            @Nullable String name)
            throws IOException {
        set("DOCKER_HOST", host);
        set("DOCKER_CONTEXT", context);
        if (current != null) {
            config("{'currentContext': '" + current + "'}");
        }

        ResolvedHost resolved = HostResolver.resolve(null, program, null, environment());

        assertThat(resolved.host()).hasToString(taken);
        assertThat(resolved.context()).isEqualTo(name);
    }

    @Test
    void theSourceSaysWhatNamedItAndWhereItIs() throws IOException {
        set("DOCKER_CONTEXT", "prod");
        assertThat(resolve().source()).isEqualTo("DOCKER_CONTEXT=prod, in " + file("prod"));
        variables.clear();
        config("{'currentContext': 'prod'}");
        assertThat(resolve().source())
                .isEqualTo("currentContext=prod of " + home.resolve(".docker/config.json") + ", in " + file("prod"));
        assertThat(HostResolver.resolve(null, "prod", null, environment()).source())
                .isEqualTo("the program's context prod, in " + file("prod"));
    }

    @Test
    void whatDoesNotCountIsTold() {
        set("DOCKER_HOST", "tcp://secret");
        set("DOCKER_CONTEXT", "test");
        set("DOCKER_TLS_VERIFY", "1");

        assertThat(HostResolver.resolve(null, "prod", null, environment()).passedOver())
                .containsExactly(
                        "DOCKER_HOST: the program's context comes before it",
                        "DOCKER_CONTEXT: the program's context comes before it",
                        "DOCKER_TLS_VERIFY: a context has its own TLS");
    }

    @Test
    void theFolderIsTheVariables() throws IOException {
        Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
        Files.move(home.resolve(".docker/contexts"), elsewhere.resolve("contexts"));
        set("DOCKER_CONTEXT", "prod");
        set("DOCKER_CONFIG", elsewhere.toString());

        assertThat(resolve().host()).hasToString("tcp://prod:1");
    }

    @Test
    void aMissingContextSaysItsNameItsPlaceAndWhatNamedIt() throws IOException {
        set("DOCKER_CONTEXT", "prud");
        assertThatThrownBy(this::resolve)
                .isInstanceOfSatisfying(ContextFailed.class, failure -> assertThat(failure.context())
                        .isEqualTo("prud"))
                .hasMessageContaining("DOCKER_CONTEXT=prud")
                .hasMessageContaining(file("prud").toString())
                .hasMessageContaining("docker context ls");
        variables.clear();
        config("{'currentContext': 'prud'}");
        assertThatThrownBy(this::resolve).isInstanceOf(ContextFailed.class).hasMessageContaining("currentContext=prud");
        assertThatThrownBy(() -> HostResolver.resolve(null, "prud", null, environment()))
                .isInstanceOf(ContextFailed.class)
                .hasMessageContaining("the program's context prud");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../prod", "/etc", "a", ".x", "-x", "a b", "a\nb", "a/b", "ä1", "\0"})
    void whatIsNoNameIsNotLookedFor(String name) {
        set("DOCKER_CONTEXT", name);
        assertThatThrownBy(this::resolve)
                .isInstanceOf(ContextFailed.class)
                .hasMessageContaining("no name of a context")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'Endpoints': {|not JSON",
                "''|no JSON object",
                "[]|no JSON object",
                "{}|no endpoint named docker",
                "{'Endpoints': {'kubernetes': {}}}|no endpoint named docker",
                "{'Endpoints': {'docker': 'tcp://h'}}|no endpoint named docker",
                "{'Endpoints': {'docker': {'Host': 7}}}|Host is no string",
                "{'Endpoints': {'docker': {'Host': 'tcp://h', 'SkipTLSVerify': 'yes'}}}|SkipTLSVerify",
                "{'Endpoints': {'docker': {'Host': 'ftp://h'}}}|Host: \"ftp://h\" is no address"
            },
            quoteCharacter = '`')
    void aDamagedContextNamesItsFile(String content, String problem) throws IOException {
        write("prod", content);
        set("DOCKER_CONTEXT", "prod");
        assertThatThrownBy(this::resolve)
                .isInstanceOf(ContextFailed.class)
                .hasMessageContaining("DOCKER_CONTEXT=prod")
                .hasMessageContaining(file("prod").toString())
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'currentContext': ",
                "[]",
                "s3cret",
                "{'auths': {'r': {'auth': 's3cret'}}, 'currentContext': 5}"
            })
    void aDamagedConfigMightNameAnotherEngine(String content) throws IOException {
        config(content);
        assertThatThrownBy(this::resolve)
                .isInstanceOf(ContextFailed.class)
                .hasMessageContaining("currentContext")
                .hasMessageNotContaining("s3cret");
        set("DOCKER_CONTEXT", "prod");
        assertThat(resolve().host()).hasToString("tcp://prod:1");
    }

    @Test
    void aDamagedConfigThatDoesNotCountIsTold() throws IOException {
        config("{");
        set("DOCKER_HOST", "tcp://h:1");
        assertThat(resolve().passedOver()).singleElement().asString().contains("config.json", "not JSON");
    }

    @Test
    void anEmptyConfigAndMembersOfOthersSayNothing() throws IOException {
        config("");
        assertThat(resolve().context()).isNull();
        config(
                "{'auths': [[{}]], 'plugins': {'currentContext': 'prod'}, 'currentContext': null, 'CURRENTCONTEXT': 'test'}");
        assertThat(resolve().context()).isEqualTo("test");
    }

    @Test
    void certificatesOfTheContextMeanTls() throws IOException {
        Path material = Files.createDirectories(home.resolve(".docker/contexts/tls/" + hash("prod") + "/docker"));
        for (String name : new String[] {"ca.pem", "cert.pem", "key.pem"}) {
            Files.writeString(material.resolve(name), "x");
        }
        set("DOCKER_CONTEXT", "prod");
        set("DOCKER_CERT_PATH", "/theirs");

        ResolvedHost resolved = resolve();

        assertThat(resolved.host()).hasToString("https://prod:1");
        Tls tls = tlsOf(resolved);
        assertThat(tls.isVerified()).isTrue();
        assertThat(tls.material())
                .isEqualTo("ca=" + material + "/ca.pem, certificate=" + material + "/cert.pem, key=" + material
                        + "/key.pem");
        assertThatThrownBy(tls::load).hasMessageStartingWith("the context prod: " + material);
    }

    @Test
    void withoutACaTheJdkDecidesAndOneOfAPairIsNotEnough() throws IOException {
        Path material = Files.createDirectories(home.resolve(".docker/contexts/tls/" + hash("prod") + "/docker"));
        set("DOCKER_CONTEXT", "prod");
        Tls tls = tlsOf(resolve());
        assertThat(tls.material()).isEqualTo("ca=the JDK's authorities");
        assertThat(tls.load().hasCertificate()).isFalse();
        Files.writeString(material.resolve("key.pem"), "x");
        assertThatThrownBy(tls::load).hasMessageContaining("cert.pem");
    }

    @Test
    void certificatesThatCanNotBeLookedAtAreNoReasonToSpeakInClear() throws IOException {
        Files.writeString(home.resolve(".docker/contexts/tls"), "no folder");
        set("DOCKER_CONTEXT", "prod");

        Tls tls = tlsOf(resolve());

        assertThatThrownBy(tls::load).hasMessageContaining("ca.pem: it can't be read");
    }

    @Test
    void skipTlsVerifyIsHonouredAndMeansTls() throws IOException {
        write("prod", "{'Endpoints': {'docker': {'Host': 'tcp://prod', 'SkipTLSVerify': true}}}");
        set("DOCKER_CONTEXT", "prod");

        ResolvedHost resolved = resolve();

        assertThat(resolved.host()).hasToString("https://prod:2376");
        assertThat(tlsOf(resolved).isVerified()).isFalse();
        assertThat(tlsOf(resolved).load()).isNotNull();
    }

    @Test
    void theProgramsTlsComesBeforeTheContexts() throws IOException {
        write("prod", "{'Endpoints': {'docker': {'Host': 'tcp://prod', 'SkipTLSVerify': true}}}");
        Tls mine = Tls.builder().build();
        assertThat(HostResolver.resolve(null, "prod", mine, environment()).tls())
                .isSameAs(mine);
    }

    @Test
    void aContextWithoutAHostIsAtTheUsualPlaces() throws IOException {
        write("prod", "{'Endpoints': {'docker': {'SkipTLSVerify': false}}}");
        set("DOCKER_CONTEXT", "prod");
        assertThat(resolve().host()).hasToString("unix:///var/run/docker.sock");
        assertThat(resolve().source()).endsWith(": the first socket that exists");
    }

    private static Tls tlsOf(ResolvedHost resolved) {
        return Objects.requireNonNull(resolved.tls());
    }

    private void set(String variable, @Nullable String value) {
        if (value != null) {
            variables.put(variable, value);
        }
    }

    private ResolvedHost resolve() {
        return HostResolver.resolve(null, environment());
    }

    private Environment environment() {
        return new Environment(variables, home, path -> path.toString().equals("/var/run/docker.sock"));
    }

    private void config(String content) throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), content.replace('\'', '"'));
    }

    private void write(String name, String content) throws IOException {
        Files.createDirectories(file(name).getParent());
        Files.writeString(file(name), content.replace('\'', '"'));
    }

    private Path file(String name) {
        return home.resolve(".docker/contexts/meta/" + hash(name) + "/meta.json");
    }

    private static String hash(String name) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
