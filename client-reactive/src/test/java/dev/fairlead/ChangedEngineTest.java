package dev.fairlead;

import static dev.fairlead.OnFakeEngine.LIMIT;
import static dev.fairlead.OnFakeEngine.failure;
import static dev.fairlead.OnFakeEngine.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.Platform;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** An Engine that is upgraded or downgraded while a client uses it. */
@Timeout(60)
class ChangedEngineTest {

    private static final String VERSION = "{\"Version\":\"x\"}";
    private static final String TOO_NEW =
            "{\"message\":\"client version 1.51 is too new. Maximum supported API version is 1.41\"}";

    private final OnFakeEngine fake;
    private final FakeEngine engine;
    private final DockerClient docker;

    ChangedEngineTest() throws IOException {
        fake = new OnFakeEngine("1.51");
        engine = fake.engine;
        docker = fake.docker;
        on("GET", "/version", exchange -> exchange.answer(200, VERSION));
        on("POST", "/containers/create", exchange -> exchange.answer(201, "{\"Id\":\"c\",\"Warnings\":[]}"));
        on("POST", "/images/load", exchange -> exchange.answer(200, "{\"stream\":\"Loaded image: x\"}"));
        on("HEAD", "/containers/c/archive", exchange -> exchange.answer(404, ""));
        on("GET", "/images/c/history", exchange -> exchange.answer(200, "[]"));
        on("GET", "/containers/c/logs", exchange -> exchange.answer(200, ""));
    }

    /** As an Engine: the version is looked at before anything else. */
    private void on(String method, String path, FakeEngine.Handler handler) {
        engine.on(method, path, exchange -> {
            ApiVersion used = ApiVersion.parse(exchange.request().apiVersion().orElseThrow());
            if (used.isAtLeast(ApiVersion.parse(engine.apiVersion()))
                    && !used.equals(ApiVersion.parse(engine.apiVersion()))) {
                exchange.answer(
                        400,
                        "{\"message\":\"client version " + used + " is too new. Maximum supported API version is "
                                + engine.apiVersion() + "\"}");
            } else {
                handler.handle(exchange);
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        fake.close();
    }

    private List<String> asked() {
        return engine.requests().stream().map(Object::toString).toList();
    }

    private String versionInUse() {
        return get(docker.apiVersion()).toString();
    }

    @Test
    void goesOnWithAnOlderEngine() {
        get(docker.system().version());
        engine.apiVersion("1.41");
        get(docker.system().version());
        get(docker.system().version());
        assertThat(asked())
                .containsExactly(
                        "HEAD /_ping HTTP/1.1",
                        "GET /v1.51/version HTTP/1.1",
                        "GET /v1.51/version HTTP/1.1",
                        "GET /v1.41/version HTTP/1.1",
                        "GET /v1.41/version HTTP/1.1");
        assertThat(versionInUse()).isEqualTo("1.41");
    }

    @Test
    void usesWhatANewerEngineCanDo() {
        engine.apiVersion("1.41");
        get(docker.system().version());
        engine.apiVersion("1.52");
        get(docker.system().version());
        get(docker.system().version());
        assertThat(asked())
                .endsWith("GET /v1.41/version HTTP/1.1", "GET /v1.41/version HTTP/1.1", "GET /v1.52/version HTTP/1.1");
        assertThat(versionInUse()).isEqualTo("1.52");
    }

    @Test
    void learnsItFromAPingToo() {
        get(docker.system().version());
        engine.apiVersion("1.44");
        get(docker.system().ping());
        assertThat(versionInUse()).isEqualTo("1.44");
        get(docker.system().version());
        assertThat(engine.requests("GET", "/version")).hasSize(2);
    }

    @Test
    void asksNobodyForFiftyCallsThatAreRefusedAtOnce() {
        get(docker.system().version());
        engine.apiVersion("1.41");
        Long done = Flux.range(0, 50)
                .flatMap(call -> docker.system().version(), 50)
                .count()
                .block(LIMIT);
        assertThat(done).isEqualTo(50);
        assertThat(engine.requests("HEAD", "/_ping")).hasSize(1);
        assertThat(engine.requests("GET", "/version").stream()
                        .filter(request -> request.apiVersion().orElseThrow().equals("1.41")))
                .hasSize(50);
        assertThat(engine.requests("GET", "/version").size()).isLessThanOrEqualTo(101);
    }

    @Test
    void sendsAgainWhatWasRefusedAndSoNotDone() {
        get(docker.system().version());
        engine.apiVersion("1.41");
        assertThat(get(docker.containers().create("x")).id()).isEqualTo("c");
        assertThat(engine.requests("POST", "/containers/create"))
                .extracting(request -> request.apiVersion().orElseThrow())
                .containsExactly("1.51", "1.41");
        assertThat(engine.requests("POST", "/containers/create"))
                .extracting(Request::bodyText)
                .containsOnly("{\"Image\":\"x\"}");
    }

    @Test
    void opensAStreamAgain() {
        get(docker.system().version());
        engine.apiVersion("1.41");
        assertThat(docker.containers().logs("c").collectList().block(LIMIT)).isEmpty();
        assertThat(engine.requests("GET", "/containers/c/logs"))
                .extracting(request -> request.apiVersion().orElseThrow())
                .containsExactly("1.51", "1.41");
    }

    @Test
    void readsFromTheHeaderWhatAnAnswerToHeadCannotSay() {
        get(docker.system().version());
        engine.apiVersion("1.41");
        failure(NotFound.class, docker.containers().stat("c", "/x"));
        assertThat(engine.requests("HEAD", "/containers/c/archive"))
                .extracting(request -> request.apiVersion().orElseThrow())
                .containsExactly("1.51", "1.41");
    }

    /** Once more, and then the refusal stands. */
    @Test
    void triesNoThirdTime() {
        get(docker.system().version());
        engine.on("GET", "/version", exchange -> {
            String other = exchange.request().apiVersion().orElseThrow().equals("1.45") ? "1.41" : "1.45";
            exchange.answer(400, Map.of("Api-Version", other), TOO_NEW);
        });
        InvalidRequest refused = failure(InvalidRequest.class, docker.system().version());
        assertThat(refused).hasMessageContaining("is too new").hasMessageContaining("more than one Engine");
        assertThat(engine.requests("GET", "/version")).hasSize(3);
    }

    @Test
    void doesNotAskAgainWithTheSameVersion() {
        get(docker.system().version());
        engine.on(
                "GET",
                "/version",
                exchange -> exchange.answer(
                        400,
                        "{\"message\":\"client version 1.51 is too old. Minimum supported API version is 1.60, please upgrade\"}"));
        failure(InvalidRequest.class, docker.system().version());
        assertThat(engine.requests("GET", "/version")).hasSize(2);
        assertThat(versionInUse()).isEqualTo("1.51");
    }

    @Test
    void neverChangesAVersionThatWasChosen() throws IOException {
        try (OnFakeEngine chosen = new OnFakeEngine("1.41", config -> config.apiVersion(ApiVersion.of(1, 51)))) {
            chosen.engine.on("GET", "/version", exchange -> exchange.answer(400, TOO_NEW));
            InvalidRequest refused =
                    failure(InvalidRequest.class, chosen.docker.system().version());
            assertThat(refused.hint()).contains("chosen", "DOCKER_API_VERSION");
            chosen.engine.on("GET", "/version", exchange -> exchange.answer(200, VERSION));
            get(chosen.docker.system().version());
            assertThat(get(chosen.docker.apiVersion())).isEqualTo(ApiVersion.of(1, 51));
            assertThat(chosen.engine.requests())
                    .extracting(Object::toString)
                    .containsExactly("GET /v1.51/version HTTP/1.1", "GET /v1.51/version HTTP/1.1");
        }
    }

    @Test
    void looksAgainWhetherTheVersionKnowsAllThatIsAsked() {
        get(docker.system().version());
        engine.apiVersion("1.41");
        UnsupportedByEngine unsupported = failure(
                UnsupportedByEngine.class,
                docker.images().history("c", options -> options.platform(Platform.parse("linux/amd64"))));
        assertThat(unsupported.inUse()).isEqualTo(ApiVersion.of(1, 41));
        assertThat(engine.requests("GET", "/images/c/history")).hasSize(1);
    }

    @Test
    void saysWhenTheEngineIsTooOldForAnything() {
        get(docker.system().version());
        engine.apiVersion("1.39");
        failure(UnsupportedByEngine.class, docker.system().version());
        assertThat(engine.requests("GET", "/version")).hasSize(2);
    }

    @Test
    void readsTheTextWhereThereIsNoHeader() {
        get(docker.system().version());
        engine.on("GET", "/version", exchange -> {
            boolean old = exchange.request().apiVersion().orElseThrow().equals("1.41");
            exchange.answer(old ? 200 : 400, Map.of("Api-Version", ""), old ? VERSION : TOO_NEW + "\n");
        });
        get(docker.system().version());
        assertThat(versionInUse()).isEqualTo("1.41");
    }

    @Test
    void readsARefusalThatIsPlainText() {
        engine.apiVersion("1.41");
        get(docker.system().version());
        engine.on("GET", "/version", exchange -> {
            boolean old = exchange.request().apiVersion().orElseThrow().equals("1.41");
            exchange.answer(
                    old ? 400 : 200,
                    Map.of("Api-Version", "1.52", "Content-Type", old ? "text/plain" : "application/json"),
                    old
                            ? "client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your"
                                    + " client to a newer version\n"
                            : VERSION);
        });
        get(docker.system().version());
        assertThat(versionInUse()).isEqualTo("1.52");
    }

    @Test
    void thinksNothingOfAHeaderThatIsMissingOrNoVersion() {
        get(docker.system().version());
        for (String header : new String[] {"", "soon", "1.39"}) {
            engine.on("GET", "/version", exchange -> exchange.answer(200, Map.of("Api-Version", header), VERSION));
            get(docker.system().version());
            assertThat(versionInUse()).isEqualTo("1.51");
        }
    }

    /** A name that somebody chose may be in an Engine's message. */
    @Test
    void takesNoOtherRefusalForThisOne() {
        get(docker.system().version());
        engine.on(
                "GET",
                "/version",
                exchange -> exchange.answer(
                        400,
                        Map.of("Content-Type", "application/json", "Api-Version", "1.51"),
                        "{\"message\":\"no such name: client version 1.51 is too new. Maximum supported API version is 1.41\"}"));
        failure(InvalidRequest.class, docker.system().version());
        assertThat(engine.requests("GET", "/version")).hasSize(2);
        assertThat(versionInUse()).isEqualTo("1.51");
    }

    @Test
    void uploadsFilesAgain(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a"), "hello");
        get(docker.system().version());
        engine.apiVersion("1.41");
        docker.images().load(Tar.of(folder)).messages().then().block(LIMIT);
        assertThat(engine.requests("POST", "/images/load"))
                .extracting(request -> request.apiVersion().orElseThrow())
                .containsExactly("1.51", "1.41");
        assertThat(engine.requests("POST", "/images/load").get(1).bodyText()).contains("hello");
    }

    @Test
    void takesNothingTwiceFromASourceThatMayGiveItOnce() {
        get(docker.system().version());
        engine.apiVersion("1.41");
        Flux<ByteBuffer> once = Flux.just(ByteBuffer.wrap("tar".getBytes(StandardCharsets.UTF_8)));
        InvalidRequest refused =
                failure(InvalidRequest.class, docker.images().load(once).messages());
        assertThat(refused.hint()).contains("may not come twice");
        assertThat(engine.requests("POST", "/images/load")).hasSize(1);
        docker.images()
                .load(Flux.just(ByteBuffer.wrap("tar".getBytes(StandardCharsets.UTF_8))))
                .messages()
                .then()
                .block(LIMIT);
        assertThat(engine.requests("POST", "/images/load").get(1).apiVersion()).hasValue("1.41");
    }
}
