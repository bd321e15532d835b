package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.CredentialsFailed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Unauthorized;
import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.core.json.Json;
import dev.fairlead.model.AuthConfig;
import dev.fairlead.model.Platform;
import dev.fairlead.model.RegistryAuthSource;
import dev.fairlead.model.ServiceSpec;
import dev.fairlead.model.TransferMessage;
import dev.fairlead.testing.Request;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** Which credentials are sent with what, and what becomes of a refusal. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
final class CredentialsTest {

    private static final String SECRET = "hunter2>>>secret";
    private static final String IMAGE = "r.example.com/app:1";

    private OnFakeEngine fake;

    /** For which registries credentials were looked for. */
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() throws IOException {
        fake.close();
    }

    private DockerClient start(RegistryCredentials credentials) throws IOException {
        fake = new OnFakeEngine("1.51", config -> config.credentials(credentials));
        return fake.docker;
    }

    /** Other credentials at each search: the user is {@code user1}, then {@code user2}. */
    private RegistryCredentials changing() {
        AtomicInteger searches = new AtomicInteger();
        return host -> Mono.fromSupplier(() -> {
            asked.add(host);
            return user("user" + searches.incrementAndGet());
        });
    }

    private static AuthConfig user(String name) {
        return AuthConfig.builder().username(name).password(SECRET).build();
    }

    private static RegistryCredentials failing(Throwable failure) {
        return host -> Mono.error(failure);
    }

    private static CredentialsFailed unavailable() {
        return new CredentialsFailed("find credentials for r.example.com", "the helper is away", "call it back");
    }

    private void answer(String method, String path, int status, String text) {
        fake.engine.on(method, path, exchange -> exchange.answer(status, text));
    }

    /** Answers the first request so, and those after it with success. */
    private void answerFirst(String method, String path, int status, String text) {
        AtomicInteger requests = new AtomicInteger();
        fake.engine.on(
                method,
                path,
                exchange -> exchange.answer(
                        requests.getAndIncrement() == 0 ? status : 200,
                        requests.get() == 1 ? text : "{\"status\":\"done\"}"));
    }

    private static void done(Publisher<?> call) {
        StepVerifier.create(Flux.from(call).then()).expectComplete().verify(OnFakeEngine.LIMIT);
    }

    private static AuthConfig decoded(Request request) {
        return Json.read(
                "test",
                Base64.getUrlDecoder().decode(request.header("X-Registry-Auth").orElse("e30=")),
                AuthConfig.class);
    }

    private List<String> users(String method, String path) {
        return fake.engine.requests(method, path).stream()
                .map(request -> decoded(request).username())
                .toList();
    }

    /** An operation that needs a registry, and where the Engine has it. */
    record Operation(
            String name, String method, String path, String answer, Function<DockerClient, Publisher<?>> call) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Operation> operations() {
        String progress = "{\"status\":\"done\"}";
        return Stream.of(
                new Operation("pull", "POST", "/images/create", progress, docker -> docker.images()
                        .pull(IMAGE)
                        .messages()),
                new Operation("push", "POST", "/images/r.example.com/app/push", progress, docker -> docker.images()
                        .push(IMAGE)
                        .messages()),
                new Operation(
                        "pushAllTags", "POST", "/images/r.example.com/app/push", progress, docker -> docker.images()
                                .pushAllTags("r.example.com/app")
                                .messages()),
                new Operation("search", "GET", "/images/search", "[]", docker -> docker.images()
                        .search("r.example.com/app")),
                new Operation(
                        "distribution",
                        "GET",
                        "/distribution/r.example.com/*/json",
                        "{}",
                        docker -> docker.distribution().inspect(IMAGE)),
                new Operation("privileges", "GET", "/plugins/privileges", "[]", docker -> docker.plugins()
                        .privileges(IMAGE)),
                new Operation("plugin pull", "POST", "/plugins/pull", progress, docker -> docker.plugins()
                        .pull(IMAGE, List.of())
                        .messages()),
                new Operation("plugin upgrade", "POST", "/plugins/x/upgrade", progress, docker -> docker.plugins()
                        .upgrade("x", IMAGE, List.of())
                        .messages()),
                new Operation(
                        "plugin push", "POST", "/plugins/r.example.com/*/push", progress, docker -> docker.plugins()
                                .push(IMAGE)
                                .messages()));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void theRegistrysCredentialsAreSent(Operation operation) throws IOException {
        DockerClient docker = start(changing());
        answer(operation.method(), operation.path(), 200, operation.answer());

        Publisher<?> call = operation.call().apply(docker);
        assertThat(asked).as("looked for before anybody subscribed").isEmpty();
        done(call);

        assertThat(users(operation.method(), operation.path())).containsExactly("user1");
        assertThat(asked).containsExactly("r.example.com");
        // Each subscription looks again.
        done(call);
        assertThat(users(operation.method(), operation.path())).containsExactly("user1", "user2");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aRefusalIsTriedAgainWithFreshOnes(Operation operation) throws IOException {
        DockerClient docker = start(changing());
        AtomicInteger requests = new AtomicInteger();
        fake.engine.on(operation.method(), operation.path(), exchange -> {
            boolean first = requests.getAndIncrement() == 0;
            exchange.answer(first ? 401 : 200, first ? "{\"message\":\"unauthorized: wrong\"}" : operation.answer());
        });

        done(operation.call().apply(docker));

        assertThat(users(operation.method(), operation.path())).containsExactly("user1", "user2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // As the real Engines say it.
                "401 | {\"message\":\"unauthorized: authentication required\"}",
                "500 | {\"message\":\"Head \\\"http://127.0.0.1:5000/v2/box/manifests/1\\\": no basic auth credentials\"}",
                "500 | {\"message\":\"Head \\\"http://127.0.0.1:5000/v2/box/manifests/1\\\": unauthorized: authentication required\"}",
                "500 | {\"message\":\"pull access denied, repository does not exist or may require authorization: x\"}",
                "404 | {\"message\":\"pull access denied for app, repository does not exist or may require 'docker login'\"}",
                "200 | {\"status\":\"Preparing\"}{\"errorDetail\":{\"message\":\"unauthorized: authentication required\"},\"error\":\"x\"}",
                "200 | {\"errorDetail\":{\"message\":\"no basic auth credentials\"},\"error\":\"no basic auth credentials\"}",
                "200 | {\"errorDetail\":{\"message\":\"denied: requested access to the resource is denied\"},\"error\":\"x\"}",
                "200 | {\"errorDetail\":{\"message\":\"push access denied, insufficient_scope: authorization failed\"},\"error\":\"x\"}"
            })
    void aRefusalIsKnownByItsMeaning(int status, String text) throws IOException {
        DockerClient docker = start(changing());
        answerFirst("POST", "/images/create", status, text);

        List<TransferMessage> messages =
                OnFakeEngine.get(docker.images().pull(IMAGE).messages().collectList());

        assertThat(users("POST", "/images/create")).containsExactly("user1", "user2");
        assertThat(messages.get(messages.size() - 1).status()).isEqualTo("done");
    }

    @Test
    void itIsTriedAgainOnce() throws IOException {
        DockerClient docker = start(changing());
        answer("POST", "/images/create", 401, "{\"message\":\"unauthorized: still wrong\"}");

        Unauthorized failure = OnFakeEngine.failure(
                Unauthorized.class, docker.images().pull(IMAGE).messages());

        assertThat(failure.engineMessage()).isEqualTo("unauthorized: still wrong");
        assertThat(users("POST", "/images/create")).containsExactly("user1", "user2");
        assertThat(asked).hasSize(2);
    }

    @Test
    void theSameCredentialsAreNotSentTwice() throws IOException {
        DockerClient docker = start(RegistryCredentials.basic("r.example.com", "me", SECRET));
        answer("POST", "/images/create", 401, "{\"message\":\"unauthorized: wrong\"}");

        OnFakeEngine.failure(Unauthorized.class, docker.images().pull(IMAGE).messages());

        assertThat(users("POST", "/images/create")).containsExactly("me");
    }

    @Test
    void aLoginInBetweenIsFound() throws IOException {
        AtomicInteger searches = new AtomicInteger();
        DockerClient docker = start(
                host -> Mono.defer(() -> searches.getAndIncrement() == 0 ? Mono.empty() : Mono.just(user("late"))));
        answerFirst(
                "POST",
                "/images/r.example.com/app/push",
                200,
                "{\"errorDetail\":{\"message\":\"no basic auth credentials\"}}");

        done(docker.images().push(IMAGE).messages());

        assertThat(users("POST", "/images/r.example.com/app/push")).containsExactly("", "late");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "404 | {\"message\":\"manifest unknown\"}",
                "500 | {\"message\":\"disk is full\"}",
                "200 | {\"errorDetail\":{\"message\":\"disk is full\"}}"
            })
    void otherFailuresAreNone(int status, String text) throws IOException {
        DockerClient docker = start(changing());
        answer("POST", "/images/create", status, text);

        OnFakeEngine.failure(DockerException.class, docker.images().pull(IMAGE).messages());

        assertThat(users("POST", "/images/create")).containsExactly("user1");
        assertThat(asked).hasSize(1);
    }

    @Test
    void withoutCredentialsNothingIsSentButWithAPush() throws IOException {
        DockerClient docker = start(RegistryCredentials.none());
        for (Operation operation : operations().toList()) {
            answer(operation.method(), operation.path(), 200, operation.answer());
            done(operation.call().apply(docker));
        }

        assertThat(fake.engine.requests()).hasSizeGreaterThan(8).allSatisfy(request -> assertThat(
                        request.header("X-Registry-Auth"))
                .isEqualTo(
                        request.path().equals("/images/r.example.com/app/push")
                                ? Optional.of("e30=")
                                : Optional.empty()));
    }

    @Test
    void whatTheOptionsSayWins() throws IOException {
        DockerClient docker = start(changing());
        String own = RegistryCredentials.encode(user("own"));
        answer("POST", "/images/create", 401, "{\"message\":\"unauthorized: wrong\"}");
        answer("POST", "/images/r.example.com/app/push", 200, "");
        answer("POST", "/build", 200, "");

        OnFakeEngine.failure(
                Unauthorized.class,
                docker.images().pull(IMAGE, pull -> pull.registryAuth(own)).messages());
        done(docker.images().push(IMAGE, push -> push.registryAuth(own)).messages());
        done(docker.images()
                .build(Flux.empty(), build -> build.registryConfig("e30="))
                .messages());

        assertThat(users("POST", "/images/create")).containsExactly("own");
        assertThat(users("POST", "/images/r.example.com/app/push")).containsExactly("own");
        assertThat(asked).isEmpty();
    }

    @Test
    void aHeaderOfAllRequestsWins() throws IOException {
        String own = RegistryCredentials.encode(user("own"));
        fake = new OnFakeEngine("1.51", config -> config.credentials(changing()).header("x-registry-auth", own));
        answer("POST", "/images/create", 200, "");

        done(fake.docker.images().pull(IMAGE).messages());

        assertThat(fake.engine.requests("POST", "/images/create").get(0).headers())
                .containsEntry("X-Registry-Auth", List.of(own));
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"busybox, docker.io", "me/app:1, docker.io", "localhost:5000/app, localhost:5000"})
    void theRegistryIsThatOfTheName(String name, String host) throws IOException {
        DockerClient docker = start(changing());
        answer("POST", "/images/create", 200, "");

        done(docker.images().pull(name).messages());

        assertThat(asked).containsExactly(host);
    }

    @Test
    void whatIsNoNameIsTheEnginesToRefuse() throws IOException {
        DockerClient docker = start(changing());
        answer("POST", "/plugins/pull", 400, "{\"message\":\"invalid reference format\"}");

        OnFakeEngine.failure(
                DockerException.class,
                docker.plugins().pull("No Name", List.of()).messages());

        assertThat(asked).isEmpty();
    }

    @Test
    void whatCanNotBeSentIsNotLookedFor() throws IOException {
        DockerClient docker = start(changing());
        fake.engine.apiVersion("1.45");

        OnFakeEngine.failure(
                UnsupportedByEngine.class,
                docker.images()
                        .push(IMAGE, push -> push.platform(Platform.parse("linux/amd64")))
                        .messages());

        assertThat(asked).isEmpty();
    }

    @Test
    void whenTheyCanNotBeHadTheEngineIsAskedWithout() throws IOException {
        DockerClient docker = start(failing(unavailable()));
        answer("POST", "/images/create", 200, "{\"status\":\"done\"}");

        done(docker.images().pull(IMAGE).messages());

        assertThat(fake.engine.requests("POST", "/images/create"))
                .singleElement()
                .satisfies(
                        request -> assertThat(request.header("X-Registry-Auth")).isEmpty());
    }

    @Test
    void whenTheyCanNotBeHadARefusalTellsWhy() throws IOException {
        DockerClient docker = start(failing(unavailable()));
        answer("POST", "/images/create", 500, "{\"message\":\"no basic auth credentials\"}");
        answer(
                "POST",
                "/images/r.example.com/app/push",
                200,
                "{\"errorDetail\":{\"message\":\"no basic auth credentials\"}}");

        CredentialsFailed pull = OnFakeEngine.failure(
                CredentialsFailed.class, docker.images().pull(IMAGE).messages());
        CredentialsFailed push = OnFakeEngine.failure(
                CredentialsFailed.class, docker.images().push(IMAGE).messages());

        assertThat(pull)
                .hasMessage(
                        "find credentials for r.example.com: the helper is away; without them POST /images/create: 500"
                                + " no basic auth credentials (call it back)")
                .hasCauseInstanceOf(EngineFailure.class);
        assertThat(push).hasCauseInstanceOf(StreamFailed.class);
        assertThat(fake.engine.requests("POST", "/images/create")).hasSize(1);
    }

    @Test
    void whenTheyCanNotBeHadOtherFailuresStayAsTheyAre() throws IOException {
        DockerClient docker = start(failing(unavailable()));
        answer("POST", "/images/create", 404, "{\"message\":\"manifest unknown\"}");

        OnFakeEngine.failure(NotFound.class, docker.images().pull(IMAGE).messages());
    }

    @Test
    void whenTheSecondSearchFailsItTellsWhy() throws IOException {
        AtomicInteger searches = new AtomicInteger();
        DockerClient docker = start(host -> Mono.defer(
                () -> searches.getAndIncrement() == 0 ? Mono.just(user("stale")) : Mono.error(unavailable())));
        answer("POST", "/images/create", 401, "{\"message\":\"unauthorized: expired\"}");

        assertThat(OnFakeEngine.failure(
                        CredentialsFailed.class, docker.images().pull(IMAGE).messages()))
                .hasCauseInstanceOf(Unauthorized.class);
        assertThat(users("POST", "/images/create")).containsExactly("stale");
    }

    @Test
    void anyOtherErrorOfTheirsIsTheOperations() throws IOException {
        DockerClient docker = start(failing(new IllegalStateException("vault is sealed")));

        assertThat(OnFakeEngine.failure(
                        IllegalStateException.class, docker.images().pull(IMAGE).messages()))
                .hasMessage("vault is sealed");
        assertThat(fake.engine.requests("POST", "/images/create")).isEmpty();
    }

    @Test
    void cancellingEndsTheSearch() throws IOException {
        TestPublisher<AuthConfig> search = TestPublisher.create();
        DockerClient docker = start(host -> search.mono());

        StepVerifier.create(docker.images().pull(IMAGE).messages())
                .then(() -> {
                    while (!search.wasSubscribed()) {
                        Thread.onSpinWait();
                    }
                })
                .thenCancel()
                .verify(OnFakeEngine.LIMIT);

        search.assertCancelled();
        assertThat(fake.engine.requests("POST", "/images/create")).isEmpty();
    }

    @Test
    void demandCountsOverBothTries() throws IOException {
        DockerClient docker = start(changing());
        AtomicInteger requests = new AtomicInteger();
        fake.engine.on(
                "POST",
                "/images/create",
                exchange -> exchange.answer(
                        200,
                        requests.getAndIncrement() == 0
                                ? "{\"status\":\"a\"}{\"status\":\"b\"}{\"errorDetail\":{\"message\":\"unauthorized: x\"}}"
                                : "{\"status\":\"c\"}{\"status\":\"d\"}"));

        StepVerifier.create(docker.images().pull(IMAGE).messages().map(TransferMessage::status), 1)
                .expectNext("a")
                .thenRequest(1)
                .expectNext("b")
                .expectNoEvent(Duration.ofMillis(300))
                .thenRequest(1)
                .expectNext("c")
                .thenRequest(1)
                .expectNext("d")
                .thenRequest(1)
                .expectComplete()
                .verify(OnFakeEngine.LIMIT);
    }

    @Test
    void aBuildGetsThoseOfAllRegistriesByTheKeysOfTheEngine() throws IOException {
        DockerClient docker = start(RegistryCredentials.of(
                Map.of("docker.io", user("hub"), "https://r.example.com:5000/v2/", user("own"))));
        answer("POST", "/build", 200, "{\"errorDetail\":{\"message\":\"unauthorized: x\"}}");

        OnFakeEngine.failure(
                StreamFailed.class, docker.images().build(Flux.empty()).messages());
        OnFakeEngine.failure(
                StreamFailed.class,
                docker.images().buildFrom("http://127.0.0.1/x.tar").messages());

        List<Request> builds = fake.engine.requests("POST", "/build");
        // Its context may have been there once only.
        assertThat(builds).hasSize(2).allSatisfy(build -> {
            Map<?, ?> sent = Json.read(
                    "test",
                    Base64.getUrlDecoder()
                            .decode(build.header("X-Registry-Config").orElseThrow()),
                    Map.class);
            assertThat(sent)
                    .isEqualTo(Map.of(
                            "https://index.docker.io/v1/",
                            Map.of(
                                    "username",
                                    "hub",
                                    "password",
                                    SECRET,
                                    "serveraddress",
                                    "https://index.docker.io/v1/"),
                            "r.example.com:5000",
                            Map.of("username", "own", "password", SECRET, "serveraddress", "r.example.com:5000")));
        });
    }

    @Test
    void aBuildWithoutCredentialsSendsNone() throws IOException {
        DockerClient docker = start(changing());
        answer("POST", "/build", 200, "");

        done(docker.images().build(Flux.empty()).messages());

        assertThat(fake.engine.requests("POST", "/build").get(0).header("X-Registry-Config"))
                .isEmpty();
    }

    private static ServiceSpec service(String image) {
        return ServiceSpec.builder()
                .name("web")
                .taskTemplate(task -> task.containerSpec(container -> container.image(image)))
                .build();
    }

    private void inspectsService(String image) {
        answer(
                "GET",
                "/services/*",
                200,
                "{\"ID\":\"id\",\"Version\":{\"Index\":7},\"Spec\":{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\""
                        + image + "\"}}}}");
        answer("POST", "/services/id/update", 200, "{}");
    }

    private boolean updateSentNone() {
        List<Request> updates = fake.engine.requests("POST", "/services/id/update");
        return updates.get(updates.size() - 1).header("X-Registry-Auth").isEmpty();
    }

    @Test
    void aNewServiceGetsThoseOfItsImagesRegistry() throws IOException {
        DockerClient docker = start(changing());
        answer("POST", "/services/create", 201, "{\"ID\":\"id\"}");

        done(docker.services().create(service(IMAGE)));
        assertThat(users("POST", "/services/create")).containsExactly("user1");
        assertThat(asked).containsExactly("r.example.com");

        done(docker.services().create(ServiceSpec.builder().name("none").build()));
        assertThat(asked).hasSize(1);
    }

    @Test
    void aServiceIsNotMadeWithoutThoseThatCanNotBeHad() throws IOException {
        DockerClient docker = start(failing(unavailable()));

        OnFakeEngine.failure(CredentialsFailed.class, docker.services().create(service(IMAGE)));

        assertThat(fake.engine.requests("POST", "/services/create")).isEmpty();
    }

    @Test
    void anUpdateSendsThemWithAnotherImageOnly() throws IOException {
        DockerClient docker = start(changing());
        inspectsService(IMAGE);

        // The swarm keeps some, maybe of somebody else.
        done(docker.services().updateWith("web", spec -> spec.name("other")));
        assertThat(updateSentNone()).isTrue();
        done(docker.services().update("id", 7, service("r.example.com/app:2")));
        assertThat(updateSentNone()).isTrue();
        done(docker.services().rollback("web"));
        assertThat(updateSentNone()).isTrue();
        done(docker.services()
                .updateWith(
                        "web",
                        spec -> spec.taskTemplate(task -> task.containerSpec(it -> it.image("r.example.com/app:2"))),
                        how -> how.registryAuthFrom(RegistryAuthSource.PREVIOUS_SPEC)));
        assertThat(updateSentNone()).isTrue();
        assertThat(asked).isEmpty();

        done(docker.services()
                .updateWith(
                        "web",
                        spec -> spec.taskTemplate(task -> task.containerSpec(it -> it.image("r.example.com/app:2")))));
        assertThat(updateSentNone()).isFalse();
        assertThat(asked).containsExactly("r.example.com");
    }

    @Test
    void noErrorHasASecret() throws IOException {
        DockerClient docker = start(changing());
        answer("POST", "/images/create", 401, "{\"message\":\"unauthorized: wrong\"}");
        fake.engine.on("POST", "/images/r.example.com/app/push", exchange -> exchange.close());
        String header = RegistryCredentials.encode(user("user2"));

        for (Throwable failure : List.of(
                OnFakeEngine.failure(
                        DockerException.class, docker.images().pull(IMAGE).messages()),
                OnFakeEngine.failure(
                        DockerException.class, docker.images().push(IMAGE).messages()))) {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text));
            assertThat(text.toString())
                    .contains("/images/")
                    .doesNotContain(SECRET)
                    .doesNotContain(header.substring(0, 16));
        }
    }
}
