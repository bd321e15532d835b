package dev.fairlead.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.AuthConfig;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {

    private static final String SECRET = "hunter2-secret";

    private static ConfigFile parse(String json) {
        return ConfigFile.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anAuthIsBase64OfUserAndPassword() {
        ConfigFile file = parse("{'auths': {'r.example.com': {'auth': '" + base64("me:abc>>>def") + "'}}}");

        assertThat(file.find("r.example.com"))
                .isEqualTo(AuthConfig.builder()
                        .username("me")
                        .password("abc>>>def")
                        .serverAddress("r.example.com")
                        .build());
        assertThat(file.find("other.example.com")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"me:a:b::c | me | a:b::c", "me: | me | ''", "me:päß | me | päß", "<token>:t | <token> | t"})
    void thePasswordIsAllAfterTheFirstColon(String text, String user, String password) {
        AuthConfig found =
                parse("{'auths': {'r': {'auth': '" + base64(text) + "'}}}").find("r");

        assertThat(Objects.requireNonNull(found).username()).isEqualTo(user);
        assertThat(found.password()).isEqualTo(password);
    }

    @Test
    void zerosAroundAPasswordAreNotItsOwn() {
        AuthConfig found = parse("{'auths': {'r': {'auth': '" + base64("me:pw\0\0") + "'}}}")
                .find("r");

        assertThat(Objects.requireNonNull(found).password()).isEqualTo("pw");
    }

    @Test
    void paddingMayLackAndLinesMayBreak() {
        String auth = base64("me:password");
        AuthConfig found = parse("{'auths': {'r': {'auth': '" + auth.substring(0, 4) + "\\r\\n"
                        + auth.substring(4).replace("=", "") + "'}}}")
                .find("r");

        assertThat(Objects.requireNonNull(found).password()).isEqualTo("password");
    }

    @ParameterizedTest
    @CsvSource({
        // As docker does: the key as it is, else by its host without scheme and path.
        "r.example.com, r.example.com, true",
        "https://r.example.com, r.example.com, true",
        "http://r.example.com/v1/, r.example.com, true",
        "https://r.example.com/v2/, r.example.com, true",
        "r.example.com/team, r.example.com, true",
        "https://r.example.com:5000, r.example.com:5000, true",
        "https://r.example.com:5000, r.example.com, false",
        "r.example.com, r.example.com:5000, false",
        "r.example.com, example.com, false",
        "example.com, r.example.com, false",
        "https://index.docker.io/v1/, https://index.docker.io/v1/, true",
        "docker.io, https://index.docker.io/v1/, true",
        "index.docker.io, https://index.docker.io/v1/, true",
        "https://index.docker.io/v1/, r.example.com, false"
    })
    void keysAreMatchedByHost(String inFile, String asked, boolean found) {
        AuthConfig credentials = parse("{'auths': {'" + inFile + "': {'auth': '" + base64("me:pw") + "'}}}")
                .find(asked);

        assertThat(credentials != null).isEqualTo(found);
        if (credentials != null) {
            assertThat(credentials.serverAddress()).isEqualTo(asked);
        }
    }

    @Test
    void theExactKeyWins() {
        ConfigFile file = parse("{'auths': {'https://r.example.com/v1/': {'auth': '" + base64("old:x")
                + "'}, 'r.example.com': {'auth': '" + base64("new:x") + "'}}}");

        assertThat(Objects.requireNonNull(file.find("r.example.com")).username())
                .isEqualTo("new");
        assertThat(file.keys()).containsExactly("r.example.com");
    }

    @Test
    void tokensAndPlainNamesAreTaken() {
        ConfigFile file = parse("{'auths': {'a': {'identitytoken': 'i', 'auth': '" + base64("0000:") + "'},"
                + "'b': {'registrytoken': 'r'}, 'c': {'username': 'u', 'password': 'p'}, 'd': {}, 'e': null,"
                + "'f': {'email': 'x@example.com', 'auth': ''}}}");

        assertThat(file.find("a"))
                .isEqualTo(AuthConfig.builder()
                        .serverAddress("a")
                        .username("0000")
                        .password("")
                        .identityToken("i")
                        .build());
        assertThat(file.find("b"))
                .isEqualTo(AuthConfig.builder()
                        .serverAddress("b")
                        .registryToken("r")
                        .build());
        assertThat(file.find("c"))
                .isEqualTo(AuthConfig.builder()
                        .serverAddress("c")
                        .username("u")
                        .password("p")
                        .build());
        assertThat(file.find("d")).isNull();
        assertThat(file.find("e")).isNull();
        assertThat(file.find("f")).isNull();
    }

    @Test
    void aRegistrysOwnHelperComesBeforeTheOneForAll() {
        ConfigFile file =
                parse("{'credsStore': 'all', 'credHelpers': {'r.example.com': 'own', 'file.example.com': ''}}");

        assertThat(file.helperFor("r.example.com")).isEqualTo("own");
        assertThat(file.helperFor("other.example.com")).isEqualTo("all");
        // docker's way to leave one registry in the file.
        assertThat(file.helperFor("file.example.com")).isNull();
        assertThat(parse("{'credsStore': ''}").helperFor("r")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n",
                "{}",
                "{'auths': null, 'credsStore': null, 'credHelpers': null}",
                "{'detachKeys': 'ctrl-z'}"
            })
    void whatSaysNothingHasNothing(String json) {
        ConfigFile file = parse(json);

        assertThat(file.find("r")).isNull();
        assertThat(file.helperFor("r")).isNull();
        assertThat(file.keys()).isEmpty();
    }

    @Test
    void whatElseIsInItDoesNotMatter() {
        ConfigFile file = parse("{'HttpHeaders': {'X': 'y'}, 'AUTHS': {'r': {'Auth': '" + base64("me:pw")
                + "', 'new': [1]}}, 'plugins': {'a': 7}} trailing");

        assertThat(Objects.requireNonNull(file.find("r")).username()).isEqualTo("me");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'auths': {'r': {'auth': 'hunter2-secret'}}",
                "{'auths': hunter2-secret}",
                "hunter2-secret",
                "'hunter2-secret'",
                "['hunter2-secret']",
                "{'auths': 'hunter2-secret'}",
                "{'auths': {'r': 'hunter2-secret'}}",
                "{'credsStore': ['hunter2-secret']}",
                "{'credHelpers': {'r': {'x': 'hunter2-secret'}}}"
            })
    void whatCanNotBeReadIsNotShown(String json) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageNotContaining(SECRET)
                .hasMessageMatching("not JSON, at line 1, column \\d+|no JSON object|\\w+ is no object"
                        + "|an entry of auths is no object|cred\\w+ has a value that is no string");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2-secret", "aHVudGVyMi1zZWNyZXQ=", "OmgK", "%%%"})
    void anAuthThatCanNotBeReadIsNotShown(String auth) {
        ConfigFile file =
                parse("{'auths': {'r': {'auth': '" + auth + "'}, 'good': {'auth': '" + base64("a:b") + "'}}}");

        assertThatThrownBy(() -> file.find("r"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessage("auth of r in auths is not the base64 of a user, a colon and a password");
        // The others are none the worse for it.
        assertThat(file.find("good")).isNotNull();
    }

    @Test
    void noSecretIsInItsText() {
        assertThat(parse("{'auths': {'https://me:" + SECRET + "@r.example.com': {'auth': '" + base64("me:" + SECRET)
                        + "', 'identitytoken': '" + SECRET + "'}}}"))
                .hasToString("ConfigFile[auths=[r.example.com], credsStore=, credHelpers={}]");
    }
}
