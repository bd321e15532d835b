package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.AuthConfig;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is logged, thrown or printed on the way of credentials to a registry, they are not in it. */
@NewestEngine
final class SecretsInLogsIT extends EngineTest {

    private static final String WRONG = "wrong>>>password";

    @TempDir
    Path folder = Path.of("");

    SecretsInLogsIT(RealEngine engine) {
        super(engine);
    }

    /** Runs {@link CredentialsUse} with all that Reactor Netty, Netty and Fairlead could log; what it wrote. */
    private String output(String name) throws IOException, InterruptedException {
        Path log = folder.resolve("output");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CredentialsUse.class.getName(),
                        engine.host(),
                        folder.toString(),
                        name)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(child.waitFor(4, TimeUnit.MINUTES)).isTrue();
            String output = Files.readString(log);
            assertThat(child.exitValue()).as(output).isZero();
            return output;
        } finally {
            child.destroyForcibly();
        }
    }

    /** What a secret looks like on its way, but for its ends: in base64 they depend on what is around them. */
    private static Map<String, String> shapes(String password, String host) {
        String basic = PrivateRegistry.base64(password);
        AuthConfig credentials = AuthConfig.builder()
                .username(PrivateRegistry.USER)
                .password(password)
                .serverAddress(host)
                .build();
        String header = RegistryCredentials.encode(credentials);
        String all = RegistryCredentials.encode(Map.of(host, credentials));
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        Map<String, String> shapes = new LinkedHashMap<>();
        shapes.put("the password", password);
        shapes.put(
                "the password in base64", Base64.getEncoder().withoutPadding().encodeToString(bytes));
        shapes.put("user and password", basic.substring(4, basic.length() - 4));
        shapes.put("X-Registry-Auth", header.substring(12, 36));
        shapes.put("X-Registry-Config", all.substring(36, 60));
        return shapes;
    }

    private static void hasNone(String output, String host, String... passwords) {
        for (String password : passwords) {
            shapes(password, host).forEach((what, text) -> assertThat(output.contains(text))
                    .as("%s is in the output of %s", what, password)
                    .isFalse());
        }
    }

    @Test
    void noneIsInWhatIsLoggedThrownAndPrinted() throws IOException, InterruptedException {
        PrivateRegistry registry = new PrivateRegistry(folder, PrivateRegistry.start(engine));
        String name = registry.host() + "/logged:1";
        done(docker.images().tag(IMAGE, name));

        registry.loggedIn(PrivateRegistry.PASSWORD);
        String right = output(name);
        registry.helper(WRONG, PrivateRegistry.PASSWORD, WRONG + "2", WRONG + "3", WRONG + "4");
        String changing = output(name);
        registry.loggedIn(WRONG);
        String wrong = output(name);
        registry.config("{'auths': {'HOST': {'auth': '" + PrivateRegistry.PASSWORD + "'}}}");
        String broken = output(name);

        // That they were used, and that much was logged, or there is nothing to see.
        assertThat(right)
                .contains("push: went well", "pull: went well", "inspect: went well", "pull nothing: failed: ")
                .contains("values: AuthConfig[username=me, password=***", "DEBUG io.netty");
        assertThat(changing).contains("push: went well");
        assertThat(wrong).contains("push: failed: ", "pull: failed: ", "inspect: failed: ");
        assertThat(broken).contains("pull: failed: dev.fairlead.core.error.CredentialsFailed");
        for (String output : List.of(right, changing, wrong, broken)) {
            hasNone(output, registry.host(), PrivateRegistry.PASSWORD, WRONG, WRONG + "2", WRONG + "3", WRONG + "4");
        }
        done(docker.images()
                .remove(name, how -> how.force(true))
                .onErrorComplete(NotFound.class)
                .then());
    }
}
