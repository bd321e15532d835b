package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.BuiltImage;
import dev.fairlead.model.LoadedImage;
import dev.fairlead.model.Platform;
import dev.fairlead.model.PulledImage;
import dev.fairlead.model.Pushed;
import dev.fairlead.model.TransferPhase;
import dev.fairlead.model.TransferProgress;
import dev.fairlead.testing.ChunkedAnswer;
import dev.fairlead.testing.Flood;
import dev.fairlead.testing.Gate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Transfers of an Engine that says what real ones have said, or breaks it off. */
@Timeout(120)
final class TransferTest {

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    private static final Path RECORDED = Path.of("..", "client-core", "src", "test", "resources", "transfer");
    private static final String ID = "sha256:" + "1".repeat(64);
    private static final String DIGEST = "sha256:" + "d".repeat(64);
    private static final String OTHER = "sha256:" + "e".repeat(64);
    private static final String PULLING = "{\"status\":\"Pulling from x\",\"id\":\"1\"}\r\n";

    private OnFakeEngine fake;

    @BeforeEach
    void start() throws IOException {
        fake = new OnFakeEngine("1.51");
        inspected("x:1", List.of("x@" + DIGEST));
    }

    @AfterEach
    void stop() throws IOException {
        fake.close();
    }

    private void answers(String path, String body) {
        fake.engine.on("POST", path, exchange -> exchange.startChunked(200, JSON)
                .write(body)
                .end());
    }

    private void inspected(String name, List<String> repoDigests) {
        String digests = repoDigests.isEmpty() ? "" : "\"" + String.join("\",\"", repoDigests) + "\"";
        fake.engine.on(
                "GET",
                "/images/" + encoded(name) + "/json",
                exchange -> exchange.answer(200, JSON, "{\"Id\":\"" + ID + "\",\"RepoDigests\":[" + digests + "]}"));
    }

    private static String encoded(String name) {
        return name.replace(":", "%3A").replace("@", "%40");
    }

    private Images images() {
        return fake.docker.images();
    }

    /** What each kind of operation is asked for, by the name of its recording. */
    private Transfer<?> transfer(String name, String body) {
        if (name.startsWith("plugin-pull")) {
            answers("/plugins/pull", body);
            return fake.docker.plugins().pull("a/b:1", List.of());
        }
        if (name.startsWith("plugin-push")) {
            answers("/plugins/a/*/push", body);
            return fake.docker.plugins().push("a/b:1");
        }
        if (name.startsWith("pull")) {
            answers("/images/create", body);
            return name.startsWith("pull-all") ? images().pullAllTags("x") : images().pull("x:1");
        }
        if (name.startsWith("push")) {
            answers("/images/docker.io/library/x/push", body);
            return name.startsWith("push-all") ? images().pushAllTags("x") : images().push("x:1");
        }
        if (name.startsWith("load")) {
            answers("/images/load", body);
            return images().load(Flux.empty());
        }
        answers("/build", body);
        return images().build(Flux.empty(), build -> build.quiet(name.contains("quiet")));
    }

    static Stream<Path> recorded() throws IOException {
        try (Stream<Path> files = Files.walk(RECORDED)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readString(file).lines().filter(line -> !line.isBlank()).toList();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void anErrorAnywhereAmongTheMessagesIsTheEnd(Path recorded) throws IOException {
        List<String> lines = lines(recorded);
        for (int at = 0; at <= lines.size(); at++) {
            List<String> broken = new ArrayList<>(lines);
            broken.add(at, "{\"errorDetail\":{\"code\":42,\"message\":\"gave up\"},\"error\":\"gave up\"}");
            boolean fails = lines.subList(0, at).stream().anyMatch(line -> line.contains("errorDetail"));
            if (fails) {
                continue;
            }
            Transfer<?> transfer = transfer(recorded.getFileName().toString(), String.join("\r\n", broken));
            StreamFailed failure = EngineTest.failure(StreamFailed.class, transfer.result());
            assertThat(failure.code()).as("at " + at).isEqualTo(42);
            assertThat(failure.engineMessage()).isEqualTo("gave up");
            if (at % 7 == 0) {
                EngineTest.failure(StreamFailed.class, transfer.progress());
                EngineTest.failure(StreamFailed.class, transfer.messages());
                EngineTest.failure(StreamFailed.class, transfer.signals().filter(signal -> {
                    assertThat(signal).isInstanceOf(TransferSignal.Progress.class);
                    return false;
                }));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pull",
                "pull-all",
                "push",
                "push-all",
                "load",
                "build",
                "build-quiet",
                "plugin-push",
                "plugin-pull"
            })
    void sayingNothingIsNoSuccess(String operation) {
        Transfer<?> transfer = transfer(operation, "");

        assertThat(EngineTest.failure(ProtocolFailure.class, transfer.result()))
                .hasMessageContaining("without a result");
        EngineTest.failure(ProtocolFailure.class, transfer.progress());
        EngineTest.failure(ProtocolFailure.class, transfer.signals());
        assertThat(EngineTest.all(transfer.messages())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"20.10/build-classic", "28.5/build-classic", "28.5/build-buildkit", "20.10/plugin-push"})
    void endingBeforeTheResultIsAnError(String name) throws IOException {
        Path file = RECORDED.resolve(name + ".json");
        List<String> lines = lines(file);
        for (int end = 1; end <= lines.size(); end++) {
            List<String> before = lines.subList(0, end);
            Transfer<?> transfer = transfer(file.getFileName().toString(), String.join("\r\n", before));
            boolean told = before.stream().anyMatch(line -> line.contains("\"aux\":{"));
            if (told) {
                OnFakeEngine.get(transfer.result());
            } else {
                EngineTest.failure(ProtocolFailure.class, transfer.result());
            }
        }
    }

    @Test
    void aCutInTheMiddleOfAMessageIsAnError() {
        fake.engine.on("POST", "/images/create", exchange -> {
            exchange.startChunked(200, JSON).write(PULLING + "{\"status\":\"Dow");
            exchange.close();
        });

        EngineTest.failure(Truncated.class, images().pull("x:1").result());
        EngineTest.failure(Truncated.class, images().pull("x:1").progress());
    }

    @Test
    void theOldFormOfAnErrorIsOneToo() {
        answers("/images/create", PULLING + "{\"error\":\"gave up\"}");

        assertThat(EngineTest.failure(StreamFailed.class, images().pull("x:1").result())
                        .engineMessage())
                .isEqualTo("gave up");
    }

    @Test
    void aPullTellsWhatTheEngineHasThen() {
        answers("/images/create", PULLING);

        assertThat(OnFakeEngine.get(images().pull("x:1").result())).isEqualTo(new PulledImage("x:1", ID, DIGEST));
    }

    @Test
    void aPullByDigestIsThatDigest() {
        answers("/images/create", PULLING);
        inspected("x@" + OTHER, List.of("x@" + DIGEST));

        assertThat(OnFakeEngine.get(images().pull("x@" + OTHER).result()))
                .isEqualTo(new PulledImage("x@" + OTHER, ID, OTHER));
    }

    @Test
    void ofSeveralDigestsItIsTheOneThatWasMentioned() {
        inspected("x:1", List.of("x@" + DIGEST, "y@" + ID, "x@" + OTHER, "x@" + OTHER));
        answers("/images/create", PULLING + "{\"status\":\"Prüfsumme: " + OTHER + "\"}");
        assertThat(OnFakeEngine.get(images().pull("x:1").result()).digest()).isEqualTo(OTHER);

        answers("/images/create", PULLING);
        assertThat(OnFakeEngine.get(images().pull("x:1").result()).digest()).isEmpty();

        answers("/images/create", PULLING + "{\"status\":\"Digest: " + ID + "\"}");
        assertThat(OnFakeEngine.get(images().pull("x:1").result()).digest()).isEmpty();
    }

    @Test
    void whatIsGoneAgainIsNotFound() {
        answers("/images/create", PULLING);

        EngineTest.failure(NotFound.class, images().pull("gone:1").result());
    }

    @Test
    void allTagsAreThoseThatTheMessagesAreHeadedBy() {
        inspected("x:2", List.of("x@" + OTHER));
        answers("/images/create", """
                {"status":"Pulling from x","id":"2"}
                {"status":"Pulling from x","id":"1"}
                {"status":"Waiting","progressDetail":{},"id":"abc"}
                {"status":"Pulling from x","id":"gone"}
                {"status":"?","id":"no tag"}
                """);

        assertThat(OnFakeEngine.get(images().pullAllTags("x").result()))
                .containsExactly(new PulledImage("x:2", ID, OTHER), new PulledImage("x:1", ID, DIGEST));
        assertThat(fake.engine.requests("POST", "/images/create").get(0).query())
                .doesNotContainKey("tag");
    }

    @Test
    void aPushThatTellsNoDigestIsAskedFor() throws IOException {
        String body = Files.readString(RECORDED.resolve("28.5-containerd/push.json"));
        assertThat(OnFakeEngine.get(transfer("push", body).result())).isEqualTo(new Pushed("x:1", DIGEST));
        assertThat(fake.engine.requests("GET", "/distribution/x%3A1/json")).isEmpty();
    }

    @Test
    void aPushOfOnePlatformIsAskedOfTheRegistry() throws IOException {
        answers("/images/docker.io/library/x/push", Files.readString(RECORDED.resolve("28.5-containerd/push.json")));
        fake.engine.on(
                "GET",
                "/distribution/x%3A1/json",
                exchange -> exchange.answer(200, JSON, "{\"Descriptor\":{\"digest\":\"" + OTHER + "\"}}"));

        assertThat(OnFakeEngine.get(images().push("x:1", push -> push.platform(Platform.of("linux", "arm64"))
                                .registryAuth("eyJ1c2VybmFtZSI6Im1lIn0="))
                        .result()))
                .isEqualTo(new Pushed("x:1", OTHER));
        assertThat(fake.engine
                        .requests("GET", "/distribution/x%3A1/json")
                        .get(0)
                        .header("X-Registry-Auth"))
                .contains("eyJ1c2VybmFtZSI6Im1lIn0=");
    }

    @Test
    void aPushOfAllTagsThatTellsNoneIsAskedFor() throws IOException {
        fake.engine.on(
                "GET",
                "/images/json",
                exchange -> exchange.answer(
                        200, JSON, "[{\"Id\":\"a\",\"RepoTags\":[\"x:1\",\"x:2\",\"xy:1\"]},{\"Id\":\"b\"}]"));
        inspected("x:2", List.of("x@" + OTHER));

        assertThat(OnFakeEngine.get(
                        transfer("push-all", Files.readString(RECORDED.resolve("28.5-containerd/push-all.json")))
                                .result()))
                .isEqualTo(List.of(new Pushed("x:1", DIGEST), new Pushed("x:2", OTHER)));
    }

    @Test
    void aQuietBuildTellsItsIdAlone() throws IOException {
        String body = Files.readString(RECORDED.resolve("28.5/build-quiet.json"));

        assertThat(OnFakeEngine.get(transfer("build-quiet", body).result()))
                .isInstanceOfSatisfying(
                        BuiltImage.class, built -> assertThat(built.id()).startsWith("sha256:cc38e186"));
        // What a step prints is no result.
        EngineTest.failure(ProtocolFailure.class, transfer("build", body).result());
    }

    @Test
    void aLoadIsWhatTheEngineKnowsOfWhatItMentioned() {
        inspected("y:2", List.of());
        inspected(ID, List.of());
        Transfer<?> load = transfer(
                "load",
                "{\"stream\":\"Geladen: x:1\\n\"}{\"stream\":\"Loaded image: y:2\\nseen: at:noon\\n\"}{\"stream\":\"Loaded image ID: "
                        + ID + "\\n\"}");

        assertThat(OnFakeEngine.get(load.result()))
                .isEqualTo(List.of(new LoadedImage("x:1", ID), new LoadedImage("y:2", ID), new LoadedImage("", ID)));
        EngineTest.failure(
                ProtocolFailure.class,
                transfer("load", "{\"stream\":\"Loaded image: gone:1\\n\"}").result());
        fake.engine.on("GET", "/images/x%3A1/json", exchange -> exchange.answer(500, "{\"message\":\"ill\"}"));
        EngineTest.failure(
                EngineFailure.class,
                transfer("load", "{\"stream\":\"Loaded image: x:1\\n\"}").result());
    }

    @Test
    void anImportIsItsIdAndNothingElse() {
        answers("/images/create", "{\"status\":\"Downloading\"}\r\n{\"status\":\"" + ID + "\"}");
        assertThat(OnFakeEngine.get(images().importImage(Flux.empty()))).isEqualTo(ID);

        answers("/images/create", "{\"status\":\"" + ID + "\"}\r\n{\"status\":\"Downloading\"}");
        EngineTest.failure(ProtocolFailure.class, images().importImage(Flux.empty()));
        answers("/images/create", "");
        EngineTest.failure(ProtocolFailure.class, images().importImage(Flux.empty()));
    }

    @Test
    void signalsEndWithTheResultOfTheSameOperation() throws IOException {
        Transfer<PulledImage> pull = pullAsRecorded();

        List<TransferSignal<PulledImage>> signals = EngineTest.all(pull.signals());

        assertThat(signals).last().isEqualTo(new TransferSignal.Done<>(new PulledImage("x:1", ID, DIGEST)));
        assertThat(signals.subList(0, signals.size() - 1)).hasOnlyElementsOfType(TransferSignal.Progress.class);
        assertThat(signals.get(signals.size() - 2))
                .isInstanceOfSatisfying(TransferSignal.Progress.class, last -> assertThat(
                                last.progress().layers().get(1).phase())
                        .isEqualTo(TransferPhase.DONE));
        assertThat(fake.engine.requests("POST", "/images/create")).hasSize(1);
    }

    @Test
    void theResultCallsWithEachSnapshot() throws IOException {
        List<TransferProgress> seen = new ArrayList<>();

        assertThat(OnFakeEngine.get(pullAsRecorded().result(seen::add)).digest())
                .isEqualTo(DIGEST);

        assertThat(seen).hasSize(lines(RECORDED.resolve("20.10/pull.json")).size());
        assertThat(seen).last().extracting(TransferProgress::done).isEqualTo(7_502_796L);
    }

    private Transfer<PulledImage> pullAsRecorded() throws IOException {
        answers("/images/create", Files.readString(RECORDED.resolve("20.10/pull.json")));
        return images().pull("x:1");
    }

    @Test
    void eachSubscriptionDoesTheWhole() throws IOException {
        Transfer<PulledImage> pull = pullAsRecorded();
        assertThat(fake.engine.requests("POST", "/images/create")).isEmpty();

        OnFakeEngine.get(pull.result());
        OnFakeEngine.get(pull.result());
        EngineTest.done(pull.progress().then());

        assertThat(fake.engine.requests("POST", "/images/create")).hasSize(3);
    }

    private static String downloading(int bytes) {
        return "{\"status\":\"Downloading\",\"progressDetail\":{\"current\":" + bytes
                + ",\"total\":1000000},\"id\":\"a\"}\r\n";
    }

    @Test
    void aSlowReaderNeverStallsTheEngineAndSeesTheNewest() throws Exception {
        Gate written = new Gate();
        fake.engine.on("POST", "/images/create", exchange -> {
            ChunkedAnswer answer = exchange.startChunked(200, JSON);
            for (int at = 0; at < 1_000; at++) {
                answer.write(downloading(at).repeat(100));
            }
            answer.write(downloading(1_000_000));
            answer.end();
            written.open();
        });

        // 9 MB do not fit into any socket: that all is written shows that all is read.
        StepVerifier.create(images().pull("x:1").progress().map(TransferProgress::done), 0)
                .thenAwait()
                .then(() -> await(written))
                .then(() -> EngineTest.eventually(() -> fake.engine.openConnections() <= 1))
                .thenRequest(1)
                .expectNext(1_000_000L)
                .expectComplete()
                .verify(EngineTest.LIMIT);
    }

    private static void await(Gate gate) {
        try {
            gate.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void messagesThatNobodyTakesStayInTheSocket() throws Exception {
        Flood flood = new Flood(downloading(5).repeat(1_000).getBytes(StandardCharsets.UTF_8));
        fake.engine.on("POST", "/images/create", exchange -> exchange.startChunked(200, JSON)
                .flood(flood));

        StepVerifier.create(images().pull("x:1").messages(), 0)
                .thenRequest(3)
                .expectNextCount(3)
                .then(() -> assertThat(blockedAt(flood)).isPositive())
                .thenCancel()
                .verify(EngineTest.LIMIT);
        // The one that is left is the pool's.
        fake.engine.awaitOpenConnections(1, OnFakeEngine.LIMIT);
    }

    private static long blockedAt(Flood flood) {
        try {
            return flood.awaitBlocked();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void cancelClosesTheConnectionAtEachStage() throws Exception {
        Gate never = new Gate();
        fake.engine.on("POST", "/images/create", exchange -> exchange.stall(never));
        fake.engine.on("POST", "/build", exchange -> {
            exchange.startChunked(200, JSON).write("{\"stream\":\"Step 1\"}");
            exchange.stall(never);
        });
        answers("/images/docker.io/library/x/push", "{\"status\":\"1: digest\"}");
        fake.engine.on("GET", "/images/x%3A1/json", exchange -> exchange.stall(never));
        OnFakeEngine.get(fake.docker.apiVersion());

        // Before the answer, among the messages, and while the result is asked for.
        for (Transfer<?> transfer : List.of(images().pull("x:1"), images().build(Flux.never()), images().push("x:1"))) {
            int before = fake.engine.requests().size();
            for (Flux<?> one : List.of(
                    transfer.result().flux(),
                    transfer.progress(),
                    transfer.signals(),
                    transfer.result(p -> {}).flux())) {
                StepVerifier.create(one.then())
                        .then(() -> EngineTest.eventually(
                                () -> fake.engine.requests().size() > before))
                        .thenCancel()
                        .verify(EngineTest.LIMIT);
            }
        }
        EngineTest.eventually(() -> fake.engine.openConnections() <= 1);
        never.open();
    }

    @Test
    void refusesNonsenseBeforeItSendsAnything() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> images().pull("x:1", pull -> pull.tag("")))
                .withMessageContaining("pullAllTags");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> images().push("x:1", push -> push.tag("")))
                .withMessageContaining("pushAllTags");
        assertThatIllegalArgumentException().isThrownBy(() -> images().pullAllTags("x:1"));
        assertThatIllegalArgumentException().isThrownBy(() -> images().pushAllTags("x@" + DIGEST));
        assertThatIllegalArgumentException().isThrownBy(() -> images().pullAllTags("x", pull -> pull.tag("1")));
        assertThatIllegalArgumentException().isThrownBy(() -> images().pushAllTags("x", push -> push.tag("1")));
        assertThatIllegalArgumentException().isThrownBy(() -> images().pull(" "));
        assertThat(fake.engine.requests()).isEmpty();
    }
}
