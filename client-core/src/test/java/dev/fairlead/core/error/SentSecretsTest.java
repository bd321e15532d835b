package dev.fairlead.core.error;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.auth.AuthHeaders;
import dev.fairlead.model.AuthConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentSecretsTest {
    private static final String SECRET = "s3cr\"et\nT0p";

    @Test
    void whatIsInAHeaderOfCredentialsIsHidden() {
        AuthConfig credentials = AuthConfig.builder()
                .username("someone")
                .password(SECRET)
                .serverAddress("registry.test")
                .build();
        for (String value :
                List.of(AuthHeaders.encode(credentials), AuthHeaders.encode(Map.of("registry.test", credentials)))) {
            SentSecrets sent = SentSecrets.of(Map.of("X-Registry-Auth", List.of(value)), null);

            assertThat(sent.hide("header " + value + " of someone at registry.test"))
                    .isEqualTo("header *** of someone at registry.test");
            assertThat(sent.hide("password " + SECRET + ", quoted \"s3cr\\\"et\\nT0p\""))
                    .isEqualTo("password ***, quoted \"***\"");
        }
    }

    @Test
    void whatFollowsTheWordOfASchemeIsHidden() {
        String basic = Base64.getEncoder().encodeToString("me:pass:word".getBytes(UTF_8));
        Map<String, List<String>> headers = Map.of(
                "Authorization", List.of("Basic " + basic),
                "X-Api-Key", List.of("Key12345"),
                "User-Agent", List.of("fairlead"));

        assertThat(SentSecrets.of(headers, null).hide(basic + " pass:word Key12345 fairlead"))
                .isEqualTo("*** *** *** fairlead");
    }

    @ParameterizedTest
    @CsvSource({
        "password",
        "identitytoken",
        "registrytoken",
        "JoinToken",
        "UnlockKey",
        "SigningCAKey",
        "Data",
        "Options"
    })
    void secretFieldsOfABodyAreHidden(String field) {
        String value = field.equals("Options") ? "{\"a\":\"Value77\"}" : "\"Value77\"";
        byte[] json = ("{\"Name\":\"Name7\",\"Deep\":[{\"" + field + "\":" + value + "}]}").getBytes(UTF_8);

        assertThat(SentSecrets.of(Map.of(), json).hide("Name7 Value77")).isEqualTo("Name7 ***");
    }

    @Test
    void theDataOfASecretIsHiddenInBothItsForms() {
        String data = Base64.getEncoder().encodeToString("the value".getBytes(UTF_8));
        byte[] json = ("{\"Data\":\"" + data + "\"}").getBytes(UTF_8);

        assertThat(SentSecrets.of(Map.of(), json).hide(data + " the value")).isEqualTo("*** ***");
    }

    @Test
    void theUserOfAnAddressIsHidden() {
        assertThat(SentSecrets.NONE.hide("git clone https://me:pw@host/x.git, http://token@h ftp://h/@x mail a@b"))
                .isEqualTo("git clone https://***@host/x.git, http://***@h ftp://h/@x mail a@b");
    }

    /** A word that happens to be a short password would make a text unreadable. */
    @Test
    void whatIsShortIsLeftAlone() {
        byte[] json = "{\"password\":\"the\"}".getBytes(UTF_8);

        assertThat(SentSecrets.of(Map.of(), json).hide("the container")).isEqualTo("the container");
    }

    /** A new one in the schema belongs in the list too. */
    @Test
    void allFieldsThatTheSchemaCallsSecretAreKnown() throws IOException {
        Path schema = Path.of("..", "client-model", "src", "main", "schema");
        Set<String> missing = new TreeSet<>();
        int found = 0;
        Pattern field = Pattern.compile("^\\s+([\\w-]+):\\s*\\{.*\\bsecret: true");
        try (Stream<Path> files = Files.list(schema)) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".yaml")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    Matcher matcher = field.matcher(line);
                    if (matcher.find() && !line.contains("in: header")) {
                        found++;
                        missing.add(matcher.group(1).toLowerCase(Locale.ROOT));
                    }
                }
            }
        }
        missing.removeAll(SentSecrets.FIELDS);
        assertThat(found).isGreaterThan(10);
        assertThat(missing).isEmpty();
    }

    @Test
    void whatIsSecretOfADriversSettingsIsHidden() {
        byte[] volume = ("{\"DriverOpts\":{\"type\":\"cifs\",\"o\":\"username=someone,password=pa55word\","
                        + "\"access_token\":\"token77\"}}")
                .getBytes(UTF_8);
        assertThat(SentSecrets.of(Map.of(), volume).hide("mount cifs as someone with password=pa55word and token77"))
                .isEqualTo("mount cifs as someone with password=*** and ***");
        byte[] log = "{\"LogConfig\":{\"Type\":\"splunk\",\"Config\":{\"splunk-token\":\"token77\"}}}".getBytes(UTF_8);
        assertThat(SentSecrets.of(Map.of(), log).hide("splunk: token77 is none"))
                .isEqualTo("splunk: *** is none");
    }

    @Test
    void aSettingThatIsAWordIsNoSecret() {
        byte[] json = "{\"Options\":{\"encrypted\":\"true\",\"key\":\"Value77\"}}".getBytes(UTF_8);

        assertThat(SentSecrets.of(Map.of(), json).hide("it is true of Value77")).isEqualTo("it is true of ***");
    }
}
