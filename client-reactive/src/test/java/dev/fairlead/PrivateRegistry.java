package dev.fairlead;

import dev.fairlead.core.Environment;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A registry for one user, and a folder with what that user's {@code docker} would have: {@code config.json} and helpers. */
final class PrivateRegistry {

    static final String USER = "me";

    /** In the alphabet of base64 that headers can't have, it needs the two characters that URLs can't. */
    static final String PASSWORD = "abc>>>def";

    private final Path folder;
    private final String host;

    /**
     * A registry and its user's folder, which is empty at first.
     *
     * @param host what {@link #start} gave
     */
    PrivateRegistry(Path folder, String host) {
        this.folder = folder;
        this.host = host;
    }

    /** Starts one beside an Engine; its address. */
    static String start(RealEngine engine) throws IOException {
        return engine.registry(USER, PASSWORD);
    }

    /** Its address, as images are named by it. */
    String host() {
        return host;
    }

    /** The credentials that {@code docker} would find in the folder. */
    RegistryCredentials credentials() {
        return credentials(folder);
    }

    static RegistryCredentials credentials(Path folder) {
        return new DockerConfigCredentials(
                new Environment(
                        Map.of("PATH", folder.toString(), "DOCKER_CONFIG", folder.toString()), folder, Files::exists),
                Duration.ofSeconds(20));
    }

    void config(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json.replace('\'', '"').replace("HOST", host));
    }

    /** As {@code docker login} leaves it without a helper. */
    void loggedIn(String password) throws IOException {
        config("{'auths': {'HOST': {'auth': '" + base64(password) + "'}}}");
    }

    static String base64(String password) {
        return Base64.getEncoder().encodeToString((USER + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** The one helper of all registries: gives these passwords, one after the other, the last one for ever. */
    void helper(String... passwords) throws IOException {
        config("{'credsStore': 'tests'}");
        Files.write(folder.resolve("passwords"), List.of(passwords));
        Files.deleteIfExists(folder.resolve("asked"));
        Path helper = folder.resolve("docker-credential-tests");
        Files.writeString(helper, """
                #!/bin/sh
                PATH=/usr/bin:/bin
                cd %s
                echo "noise that nobody wants" >&2
                input=$(cat)
                if [ "$1" = list ]; then
                  echo '{"%s":"me"}'
                elif [ "$input" = %s ]; then
                  echo "$1" >>asked
                  password=$(head -n "$(wc -l <asked)" passwords | tail -n 1)
                  printf '{"ServerURL":"%%s","Username":"me","Secret":"%%s"}' "$input" "$password"
                else
                  echo 'credentials not found in native keychain'
                  exit 1
                fi
                """.formatted(folder, host, host));
        Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** How often the helper gave credentials. */
    int asked() throws IOException {
        Path asked = folder.resolve("asked");
        return Files.exists(asked) ? Files.readAllLines(asked).size() : 0;
    }
}
