package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.CredentialsFailed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Unauthorized;
import dev.fairlead.model.AuthConfig;
import dev.fairlead.testing.OutermostEngines;
import dev.fairlead.testing.RealEngine;
import dev.fairlead.testing.Tar;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A registry that wants a password, and each way to one. */
@OutermostEngines
final class CredentialsIT extends EngineTest {

    private static final String WRONG = "wrong>>>password";

    @TempDir
    Path folder = Path.of("");

    private String host = "";
    private PrivateRegistry registry;
    private DockerClient client;

    @SuppressWarnings("NullAway.Init")
    CredentialsIT(RealEngine engine) {
        super(engine);
    }

    @BeforeAll
    void startRegistry() throws IOException {
        host = PrivateRegistry.start(engine);
    }

    @BeforeEach
    void start() throws IOException {
        registry = new PrivateRegistry(folder, host);
        client = client(config -> config.credentials(registry.credentials()));
    }

    @AfterEach
    void removeImages() {
        client.close();
        done(docker.images()
                .list()
                .flatMapIterable(image -> Stream.of(image.repoTags(), image.repoDigests())
                        .flatMap(List::stream)
                        .filter(name -> name.startsWith(registry.host() + "/") || name.startsWith("127.0.0.1:5000/"))
                        .toList())
                .concatMap(name ->
                        docker.images().remove(name, how -> how.force(true)).onErrorComplete(NotFound.class))
                .then());
    }

    private Mono<Void> push(String name) {
        return client.images().push(name).result().then();
    }

    private Mono<Void> pull(String name) {
        return client.images().pull(name).result().then();
    }

    private String tagged(String repository) {
        return tagged(registry.host(), repository);
    }

    private String tagged(String host, String repository) {
        String name = host + "/" + repository + ":1";
        done(docker.images().tag(IMAGE, name));
        return name;
    }

    /** An image that is there and nowhere else. */
    private String inRegistry(String repository) throws IOException {
        String name = tagged(repository);
        registry.loggedIn(PrivateRegistry.PASSWORD);
        done(push(name));
        done(docker.images().remove(name).then());
        failure(NotFound.class, docker.images().inspect(name));
        return name;
    }

    private void isHere(String name) {
        assertThat(get(docker.images().inspect(name)).id())
                .isEqualTo(get(docker.images().inspect(IMAGE)).id());
    }

    @Test
    void theFilesPasswordServesEverything() throws IOException {
        String name = inRegistry("file");
        done(pull(name));
        isHere(name);
        assertThat(get(client.distribution().inspect(name)).platforms()).isNotEmpty();
        done(client.images().pushAllTags(registry.host() + "/file").result().then());
    }

    @Test
    void aLegacyKeyIsFound() throws IOException {
        String name = inRegistry("legacy");
        registry.config(
                "{'auths': {'http://HOST/v1/': {'auth': '" + PrivateRegistry.base64(PrivateRegistry.PASSWORD) + "'}}}");
        done(pull(name));
        isHere(name);
    }

    @Test
    void aHelpersPasswordServesEverything() throws IOException {
        String name = tagged("helped");
        registry.helper(PrivateRegistry.PASSWORD);
        done(push(name));
        done(docker.images().remove(name).then());
        done(pull(name));
        isHere(name);
        assertThat(get(client.distribution().inspect(name)).descriptor()).isNotNull();
        // One for each operation: nothing is kept.
        assertThat(registry.asked()).isEqualTo(3);
    }

    @Test
    void givenCredentialsServe() throws IOException {
        String name = inRegistry("given");
        RegistryCredentials given =
                RegistryCredentials.basic(registry.host(), PrivateRegistry.USER, PrivateRegistry.PASSWORD);
        try (DockerClient other = client(config -> config.credentials(given))) {
            done(other.images().pull(name).result().then());
        }
        isHere(name);
    }

    @Test
    void whatTheOptionsSayWins() throws IOException {
        String name = inRegistry("explicit");
        String auth = RegistryCredentials.encode(AuthConfig.builder()
                .username(PrivateRegistry.USER)
                .password(PrivateRegistry.PASSWORD)
                .build());
        registry.loggedIn(WRONG);
        done(client.images()
                .pull(name, pull -> pull.registryAuth(auth))
                .result()
                .then());
        isHere(name);
    }

    @Test
    void withoutCredentialsItIsRefused() throws IOException {
        String name = inRegistry("none");
        registry.config("{}");
        assertThat(failure(EngineFailure.class, pull(name)).engineMessage()).contains("no basic auth credentials");
        failure(EngineFailure.class, client.distribution().inspect(name));
        assertThat(failure(StreamFailed.class, push(tagged("none"))).engineMessage())
                .contains("no basic auth credentials");
    }

    @Test
    void aWrongPasswordIsRefused() throws IOException {
        String name = inRegistry("wrong");
        registry.loggedIn(WRONG);
        // Before 28 it is the Engine's own failure.
        Class<? extends DockerException> type = has(51) ? Unauthorized.class : EngineFailure.class;
        for (DockerException failure : List.of(
                failure(type, pull(name)),
                failure(Unauthorized.class, client.distribution().inspect(name)),
                failure(StreamFailed.class, push(tagged("wrong"))))) {
            assertThat(failure.engineMessage()).contains("unauthorized");
            assertThat(failure).hasMessageNotContaining(WRONG);
        }
        failure(NotFound.class, docker.images().inspect(registry.host() + "/wrong:2"));
    }

    @Test
    void anExpiredPasswordIsReplacedByAFreshOne() throws IOException {
        String name = inRegistry("stale");
        registry.helper(WRONG, PrivateRegistry.PASSWORD);
        done(pull(name));
        isHere(name);
        assertThat(registry.asked()).isEqualTo(2);

        registry.helper(WRONG, PrivateRegistry.PASSWORD);
        done(push(name));
        assertThat(registry.asked()).isEqualTo(2);

        registry.helper(WRONG, PrivateRegistry.PASSWORD);
        assertThat(get(client.distribution().inspect(name)).descriptor()).isNotNull();
        assertThat(registry.asked()).isEqualTo(2);

        registry.helper(WRONG, PrivateRegistry.PASSWORD);
        done(client.images().pushAllTags(registry.host() + "/stale").result().then());
        assertThat(registry.asked()).isEqualTo(2);
    }

    @Test
    void itIsTriedAgainOnce() throws IOException {
        String name = inRegistry("twice");
        registry.helper(WRONG, WRONG + "2", PrivateRegistry.PASSWORD);
        failure(DockerException.class, pull(name));
        assertThat(registry.asked()).isEqualTo(2);

        registry.helper(WRONG, WRONG + "2", PrivateRegistry.PASSWORD);
        failure(StreamFailed.class, push(tagged("twice")));
        assertThat(registry.asked()).isEqualTo(2);
    }

    @Test
    void aHelperThatIsAwayMattersOnlyWhereItIsNeeded() throws IOException {
        String name = inRegistry("away");
        registry.config("{'credsStore': 'nosuch'}");

        String open = tagged(engine.registry(), "open");
        done(push(open));
        done(pull(open));

        assertThat(failure(CredentialsFailed.class, pull(name)))
                .hasMessageContaining("docker-credential-nosuch, which is in no folder of PATH")
                .hasMessageContaining("no basic auth credentials")
                .hasCauseInstanceOf(EngineFailure.class);
        assertThat(failure(CredentialsFailed.class, push(tagged("away")))).hasCauseInstanceOf(StreamFailed.class);
    }

    @Test
    void aBuildPullsWithThem() throws IOException {
        String name = inRegistry("base");
        Flux<ByteBuffer> context = Flux.defer(() ->
                Flux.just(new Tar().file("Dockerfile", "FROM " + name + "\n").end()));
        String made = registry.host() + "/built:1";
        registry.config("{}");
        failure(
                DockerException.class,
                client.images().build(context, build -> build.tags(made)).result());

        registry.helper(PrivateRegistry.PASSWORD);
        done(client.images().build(context, build -> build.tags(made)).result().then());
        isHere(made);
    }

    @Test
    void pluginsGoAndComeWithThem() throws IOException {
        String name = registry.host() + "/plugin:1";
        var tar = new Tar()
                .file("config.json", """
                        {"description": "private", "documentation": "", "entrypoint": ["/plugin"], "workdir": "/",
                         "interface": {"types": ["docker.fairleadtest/1.0"], "socket": "p"},
                         "network": {"type": "host"}, "linux": {}}
                        """)
                .directory("rootfs")
                .file("rootfs/plugin", "#!")
                .end();
        done(docker.plugins().create(name, Flux.just(tar)));
        try {
            failure(DockerException.class, client.plugins().push(name).result());
            // Of a wrong password the Engine tells nothing here: it goes on to ask by TLS, and tells of that.
            registry.helper(PrivateRegistry.PASSWORD);
            done(client.plugins().push(name).result().then());
            done(docker.plugins().remove(name));

            var asked = all(client.plugins().privileges(name));
            assertThat(asked).isNotEmpty();
            done(client.plugins().pull(name, asked).result().then());
            done(client.plugins().upgrade(name, name, asked).result().then());
            assertThat(get(docker.plugins().inspect(name)).pluginReference()).isEqualTo(name);
        } finally {
            done(docker.plugins().remove(name, how -> how.force(true)).onErrorComplete(NotFound.class));
        }
    }
}
