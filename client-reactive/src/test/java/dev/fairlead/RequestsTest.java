package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.AttestationStatement;
import dev.fairlead.model.BuilderVersion;
import dev.fairlead.model.Checkpoint;
import dev.fairlead.model.DataUsage;
import dev.fairlead.model.ImagesDiskUsage;
import dev.fairlead.model.Platform;
import dev.fairlead.testing.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is sent, and what is made of answers that no Engine here gives. */
@Timeout(30)
@SuppressWarnings("NullAway.Init")
final class RequestsTest {

    private static final Platform ARM = new Platform("linux", "arm", "v7", "", List.of());
    private static final Platform AMD64 = Platform.of("linux", "amd64");

    private OnFakeEngine fake;

    @BeforeEach
    void start() throws IOException {
        fake = new OnFakeEngine("1.55");
    }

    @AfterEach
    void stop() throws IOException {
        fake.close();
    }

    private Request only(String method, String path) {
        List<Request> requests = fake.engine.requests(method, path);
        assertThat(requests).hasSize(1);
        return requests.get(0);
    }

    private void answer(String method, String path, int status, String text) {
        fake.engine.on(method, path, exchange -> exchange.answer(status, text));
    }

    private static <T> List<T> all(Flux<T> flux) {
        return OnFakeEngine.get(flux.collectList());
    }

    private static void done(Mono<Void> mono) {
        assertThat(OnFakeEngine.get(mono.thenReturn(true))).isTrue();
    }

    @Test
    void platformsAreSentInTheFormOfEachEndpoint() {
        answer("DELETE", "/images/x", 200, "[]");
        answer("GET", "/images/x/history", 200, "[]");
        answer("POST", "/build", 200, "");

        all(fake.docker.images().remove("x", remove -> remove.platforms(AMD64, ARM)));
        all(fake.docker.images().history("x", history -> history.platform(AMD64)));
        all(fake.docker
                .images()
                .build(
                        Flux.empty(),
                        build -> build.platform(ARM).cacheFrom("a", "b").version(BuilderVersion.BUILDKIT))
                .messages());

        assertThat(only("DELETE", "/images/x").query())
                .containsEntry(
                        "platforms",
                        List.of(
                                "{\"os\":\"linux\",\"architecture\":\"amd64\"}",
                                "{\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":\"v7\"}"));
        assertThat(only("GET", "/images/x/history").query())
                .containsEntry("platform", List.of("{\"os\":\"linux\",\"architecture\":\"amd64\"}"));
        assertThat(only("POST", "/build").query())
                .containsEntry("platform", List.of("linux/arm/v7"))
                .containsEntry("cachefrom", List.of("[\"a\",\"b\"]"))
                .containsEntry("version", List.of("2"));
    }

    @Test
    void aPushAlwaysSaysWhoseCredentials() {
        answer("POST", "/images/docker.io/library/x/push", 200, "{\"status\":\"done\"}");

        all(fake.docker.images().push("x:1").messages());

        Request push = only("POST", "/images/docker.io/library/x/push");
        assertThat(push.header("X-Registry-Auth")).contains("e30=");
        assertThat(push.query()).containsEntry("tag", List.of("1"));
    }

    @Test
    void aCommitWithoutSettingsHasNoBody() {
        answer("POST", "/commit", 201, "{\"Id\":\"sha256:1\"}");

        assertThat(OnFakeEngine.get(fake.docker.images().commit("x"))).isEqualTo("sha256:1");

        assertThat(only("POST", "/commit").body()).isEmpty();
        assertThat(only("POST", "/commit").header("Content-Length")).contains("0");
    }

    @Test
    void aTarWithAnErrorBehindItFails() {
        fake.engine.on(
                "GET",
                "/images/x/get",
                exchange -> exchange.answer(
                        200,
                        Map.of("Content-Type", "application/x-tar"),
                        "x".repeat(512)
                                + "{\"errorDetail\":{\"message\":\"disk is broken\"},\"error\":\"disk is broken\"}\r\n"));
        fake.engine.on(
                "GET",
                "/containers/x/export",
                exchange -> exchange.answer(200, Map.of(), "x".repeat(512) + "{\"message\":\"no such layer\"}\n"));
        fake.engine.on(
                "GET",
                "/containers/x/archive",
                exchange -> exchange.answer(200, Map.of(), "x".repeat(512) + "\0".repeat(512)));

        assertThat(OnFakeEngine.failure(StreamFailed.class, fake.docker.images().save("x")))
                .hasMessageContaining("disk is broken");
        assertThat(OnFakeEngine.failure(
                        StreamFailed.class, fake.docker.containers().export("x")))
                .hasMessageContaining("no such layer");
        OnFakeEngine.failure(Truncated.class, fake.docker.containers().copyOut("x", "/"));
    }

    @Test
    void checkpointsAsAnExperimentalEngineHasThem() {
        answer("GET", "/containers/x/checkpoints", 200, "[{\"Name\":\"one\"},{\"Name\":\"two\"}]");
        answer("POST", "/containers/x/checkpoints", 201, "");
        answer("DELETE", "/containers/x/checkpoints/one", 204, "");
        answer("POST", "/containers/x/start", 204, "");

        assertThat(all(fake.docker.containers().checkpoints("x", list -> list.directory("/dir"))))
                .extracting(Checkpoint::name)
                .containsExactly("one", "two");
        done(fake.docker.containers().createCheckpoint("x", "one", how -> how.exit(true)
                .directory("/dir")));
        done(fake.docker.containers().removeCheckpoint("x", "one"));
        done(fake.docker
                .containers()
                .start("x", start -> start.checkpoint("one").checkpointDir("/dir"))
                .then());

        assertThat(only("GET", "/containers/x/checkpoints").query()).containsEntry("dir", List.of("/dir"));
        assertThat(only("POST", "/containers/x/checkpoints").bodyText())
                .isEqualTo("{\"CheckpointDir\":\"/dir\",\"CheckpointID\":\"one\",\"Exit\":true}");
        assertThat(only("POST", "/containers/x/start").query())
                .containsEntry("checkpoint", List.of("one"))
                .containsEntry("checkpoint-dir", List.of("/dir"));
    }

    @Test
    void attestationsAsANewEngineGivesThem() {
        answer(
                "GET",
                "/images/x/attestations",
                200,
                "[{\"Descriptor\":{\"digest\":\"sha256:1\"},\"PredicateType\":\"https://slsa.dev/provenance/v1\"}]");

        assertThat(all(fake.docker.images().attestations("x", which -> which.platform(AMD64)
                        .type("a", "b")
                        .statement(true))))
                .extracting(AttestationStatement::predicateType)
                .containsExactly("https://slsa.dev/provenance/v1");
        assertThat(only("GET", "/images/x/attestations").query())
                .containsEntry("platform", List.of("{\"os\":\"linux\",\"architecture\":\"amd64\"}"))
                .containsEntry("type", List.of("a", "b"))
                .containsEntry("statement", List.of("true"));
    }

    @Test
    void oldDiskUsageGetsTheSameTotals() {
        fake.engine.apiVersion("1.51");
        answer(
                "GET",
                "/system/df",
                200,
                "{\"LayersSize\":100,\"Images\":[{\"Id\":\"a\",\"Size\":70,\"SharedSize\":10,\"Containers\":1},"
                        + "{\"Id\":\"b\",\"Size\":40,\"SharedSize\":10,\"Containers\":0}],"
                        + "\"Containers\":[{\"Id\":\"c\",\"State\":\"running\",\"SizeRw\":5},{\"Id\":\"d\",\"State\":\"exited\",\"SizeRw\":7}],"
                        + "\"Volumes\":[{\"Name\":\"v\",\"UsageData\":{\"Size\":9,\"RefCount\":0}},"
                        + "{\"Name\":\"w\",\"UsageData\":{\"Size\":-1,\"RefCount\":1}}],"
                        + "\"BuildCache\":[{\"ID\":\"e\",\"Size\":3,\"InUse\":true},{\"ID\":\"f\",\"Size\":4},"
                        + "{\"ID\":\"g\",\"Size\":8,\"Shared\":true}]}");

        DataUsage usage = OnFakeEngine.get(fake.docker.system().dataUsage());

        ImagesDiskUsage images = Objects.requireNonNull(usage.imageUsage());
        assertThat(List.of(images.activeCount(), images.totalCount(), images.totalSize(), images.reclaimable()))
                .containsExactly(1L, 2L, 100L, 40L);
        assertThat(images.items()).hasSize(2);
        assertThat(Objects.requireNonNull(usage.containerUsage()).reclaimable()).isEqualTo(7);
        assertThat(Objects.requireNonNull(usage.containerUsage()).totalSize()).isEqualTo(12);
        assertThat(Objects.requireNonNull(usage.volumeUsage()).reclaimable()).isEqualTo(9);
        assertThat(Objects.requireNonNull(usage.buildCacheUsage()).totalSize()).isEqualTo(7);
        assertThat(Objects.requireNonNull(usage.buildCacheUsage()).reclaimable())
                .isEqualTo(4);
    }

    @Test
    void newDiskUsageIsTakenAsItIs() {
        answer("GET", "/system/df", 200, "{\"ImageUsage\":{\"TotalCount\":3},\"LayersSize\":1}");

        DataUsage usage = OnFakeEngine.get(fake.docker.system().dataUsage());

        assertThat(Objects.requireNonNull(usage.imageUsage()).totalCount()).isEqualTo(3);
        assertThat(usage.containerUsage()).isNull();
    }

    @Test
    void sessionsOfferEachMethodInAHeaderOfItsOwn() {
        fake.engine.on("POST", "/session", exchange -> exchange.upgrade(Map.of("Upgrade", "h2c"), new byte[] {1, 2})
                .endOutput());

        RawConnection session = OnFakeEngine.get(
                fake.docker.session("me", offer -> offer.sharedKey("k").methods("/a", "/b")));

        assertThat(OnFakeEngine.get(session.input().map(ByteBuffer::remaining).reduce(0, Integer::sum)))
                .isEqualTo(2);
        Request request = only("POST", "/session");
        assertThat(request.header("Upgrade")).contains("h2c");
        assertThat(request.headers()).containsEntry("X-Docker-Expose-Session-Grpc-Method", List.of("/a", "/b"));
        session.close();
    }
}
