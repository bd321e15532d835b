package dev.fairlead.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.json.Json;
import dev.fairlead.model.AuthConfig;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AuthHeadersTest {

    private static AuthConfig read(String header) {
        return Json.read("test", Base64.getUrlDecoder().decode(header), AuthConfig.class);
    }

    @Test
    void theAlphabetIsThatOfUrls() {
        AuthConfig credentials =
                AuthConfig.builder().username("me").password("abc>>>def").build();

        String header = AuthHeaders.encode(credentials);

        // The standard alphabet would have a + here, and the Engine would take it as no credentials.
        assertThat(header).isEqualTo("eyJwYXNzd29yZCI6ImFiYz4-PmRlZiIsInVzZXJuYW1lIjoibWUifQ==");
        assertThat(read(header)).isEqualTo(credentials);
    }

    @Test
    void thousandPasswordsComeBack() {
        Random random = new Random(4711);
        int special = 0;
        for (int i = 0; i < 1000; i++) {
            String password = random.ints(1 + random.nextInt(40), ' ', 0x17F)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            AuthConfig credentials = AuthConfig.builder()
                    .username("user" + i)
                    .password(password)
                    .serverAddress("registry.example.com")
                    .build();

            String header = AuthHeaders.encode(credentials);

            assertThat(header).matches("[A-Za-z0-9_-]+=*").hasSizeGreaterThan(8);
            assertThat(header.length() % 4).as("padding of %s", header).isZero();
            assertThat(read(header)).isEqualTo(credentials);
            special += header.matches(".*[_-].*") ? 1 : 0;
        }
        assertThat(special).as("those that the standard alphabet would lose").isGreaterThan(100);
    }

    @Test
    void anIdentityTokenStandsAlone() {
        String header =
                AuthHeaders.encode(AuthConfig.builder().identityToken("t").build());

        assertThat(new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8))
                .isEqualTo("{\"identitytoken\":\"t\"}");
    }

    @Test
    void ofAllRegistriesAMapIsMade() {
        String header = AuthHeaders.encode(Map.of(
                "registry.example.com",
                AuthConfig.builder().username("me").password("?>").build()));

        assertThat(new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8))
                .isEqualTo("{\"registry.example.com\":{\"password\":\"?>\",\"username\":\"me\"}}");
    }

    @Test
    void noneIsAnEmptyObject() {
        assertThat(AuthHeaders.encode(AuthConfig.builder().build())).isEqualTo(AuthHeaders.NONE);
    }
}
