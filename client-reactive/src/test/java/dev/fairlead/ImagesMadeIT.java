package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.model.BuilderVersion;
import dev.fairlead.model.BuiltImage;
import dev.fairlead.model.ImageConfig;
import dev.fairlead.model.ImageHistoryResponseItem;
import dev.fairlead.model.ImageInspect;
import dev.fairlead.model.ImageSummary;
import dev.fairlead.model.LoadedImage;
import dev.fairlead.model.Platform;
import dev.fairlead.model.TransferMessage;
import dev.fairlead.testing.RealEngine;
import dev.fairlead.testing.Tar;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class ImagesMadeIT extends EngineTest {

    private static final String MADE = "fairlead-made";

    ImagesMadeIT(RealEngine engine) {
        super(engine);
    }

    @AfterEach
    void removeImages() {
        done(docker.images()
                .list()
                .flatMapIterable(ImageSummary::repoTags)
                .filter(tag -> tag.startsWith(MADE))
                .concatMap(tag -> docker.images().remove(tag, how -> how.force(true)))
                .then());
    }

    private static Flux<ByteBuffer> context(String dockerfile) {
        return Flux.defer(() -> Flux.just(new Tar()
                .file("Dockerfile", dockerfile)
                .file("payload", "from the context\n")
                .end()));
    }

    private static String said(Transfer<?> transfer) {
        return all(transfer.messages()).stream().map(TransferMessage::text).reduce("", String::concat);
    }

    @Test
    void classicBuildMakesAnImage() {
        Transfer<BuiltImage> build = docker.images()
                .build(
                        context(
                                "FROM busybox\nARG word\nCOPY payload /payload\nRUN cat /payload && echo built $word\n"),
                        options -> options.tags(MADE + ":classic")
                                .buildArg("word", "well")
                                .label("a", "b"));

        assertThat(said(build))
                .contains("from the context")
                .contains("built well")
                .contains("Successfully built");
        assertThat(get(build.result()).id())
                .isEqualTo(get(docker.images().inspect(MADE + ":classic")).id());
        ImageConfig config = Objects.requireNonNull(
                get(docker.images().inspect(MADE + ":classic")).config());
        assertThat(config.labels()).containsEntry("a", "b");
    }

    @Test
    void buildThatFailsTellsTheStepsExitCode() {
        StreamFailed failure = failure(
                StreamFailed.class,
                docker.images().build(context("FROM busybox\nRUN exit 7\n"), build -> build.forceRm(true)));

        assertThat(failure.code()).isEqualTo(7);
        assertThat(failure).hasMessageContaining("exit 7");
        failure(DockerException.class, docker.images().build(context("NONSENSE\n")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> docker.images().build(context("FROM busybox"), build -> build.remote("https://x")))
                .withMessageContaining("remote");
    }

    @Test
    void buildFailsWithTheSourcesOwnError() {
        Flux<ByteBuffer> broken =
                context("FROM busybox\n").concatWith(Mono.error(new IllegalStateException("no more")));

        failure(IllegalStateException.class, docker.images().build(broken));
    }

    @Test
    void buildKitMakesAnImage() {
        Transfer<BuiltImage> build = docker.images()
                .build(context("FROM busybox\nCOPY payload /payload\n"), options -> options.version(
                                BuilderVersion.BUILDKIT)
                        .buildId("fairlead-" + System.nanoTime())
                        .tags(MADE + ":buildkit"));

        assertThat(all(build.messages()))
                .extracting(TransferMessage::id)
                .contains("moby.buildkit.trace", "moby.image.id");
        assertThat(get(build.result()).id())
                .isEqualTo(get(docker.images().inspect(MADE + ":buildkit")).id());
        get(docker.images().pruneBuildCache(prune -> prune.all(true)));
    }

    @Test
    void cancelBuildEndsABuildOfBuildKit() {
        String buildId = "fairlead-" + System.nanoTime();
        Flux<TransferMessage> endless = docker.images()
                .build(context("FROM busybox\nRUN while :; do sleep 0.1; done\n"), build -> build.version(
                                BuilderVersion.BUILDKIT)
                        .buildId(buildId)
                        .noCache(true))
                .messages();
        // A build that is not registered yet is not cancelled, and the Engine says nothing: so ask again until it is.
        Mono<Void> cancels = Flux.interval(Duration.ofMillis(300))
                .onBackpressureDrop()
                .concatMap(tick -> docker.images().cancelBuild(buildId))
                .then();

        failure(DockerException.class, Flux.merge(endless, cancels));
    }

    @Test
    void buildFromNeedsWhatTheEngineCanFetch() {
        failure(DockerException.class, docker.images().buildFrom("http://127.0.0.1:1/Dockerfile"));
    }

    @Test
    void savesAndLoads() {
        done(docker.images().tag(IMAGE, MADE + ":one"));
        done(docker.images().tag(IMAGE, MADE + ":two"));
        List<ByteBuffer> one = all(docker.images().save(MADE + ":one"));
        List<ByteBuffer> both = all(docker.images().saveAll(List.of(MADE + ":one", MADE + ":two")));
        assertThat(Tar.read(one)).containsKey("manifest.json");
        done(docker.images().remove(MADE + ":one").then());
        done(docker.images().remove(MADE + ":two").then());

        List<LoadedImage> loaded = get(docker.images()
                .load(Flux.fromIterable(both).map(ByteBuffer::duplicate))
                .result());

        String id = get(docker.images().inspect(IMAGE)).id();
        assertThat(loaded)
                .containsExactlyInAnyOrder(new LoadedImage(MADE + ":one", id), new LoadedImage(MADE + ":two", id));
        assertThat(get(docker.images().inspect(MADE + ":two")).id()).isEqualTo(id);
        failure(NotFound.class, docker.images().save("missing"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> docker.images().saveAll(List.of()))
                .withMessageContaining("names");
    }

    @Test
    void loadFailsForWhatIsNoImage() {
        failure(DockerException.class, docker.images().load(Flux.just(bytes("this is no tar at all ".repeat(100)))));
    }

    @Test
    void savesOnePlatform() {
        Platform here = platform();

        since(48, client -> client.images().save(IMAGE, save -> save.platform(here)));
    }

    private Platform platform() {
        ImageInspect image = get(docker.images().inspect(IMAGE));
        return Platform.of(image.os(), image.architecture());
    }

    @Test
    void historyNamesTheSteps() {
        get(docker.images()
                .build(context("FROM busybox\nENV a=b\n"), build -> build.tags(MADE + ":history"))
                .result());

        assertThat(all(docker.images().history(MADE + ":history")))
                .extracting(ImageHistoryResponseItem::createdBy)
                .first()
                .asString()
                .contains("ENV a=b");
        since(48, client -> client.images().history(IMAGE, history -> history.platform(platform())));
        failure(NotFound.class, docker.images().history("missing"));
    }

    @Test
    void commitKeepsFilesAndSettings() {
        String id = ended("echo kept > /kept");

        String plain = get(docker.images().commit(id));
        String changed = get(docker.images().commit(id, commit -> commit.repo(MADE)
                .tag("commit")
                .comment("a note")
                .author("somebody")
                .pause(false)
                .changes("ENV x=y")
                .cmd("cat", "/kept")));

        assertThat(Objects.requireNonNull(get(docker.images().inspect(plain)).config())
                        .cmd())
                .contains("echo kept > /kept");
        ImageInspect image = get(docker.images().inspect(changed));
        assertThat(image.comment()).isEqualTo("a note");
        assertThat(image.author()).isEqualTo("somebody");
        ImageConfig config = Objects.requireNonNull(image.config());
        assertThat(config.cmd()).containsExactly("cat", "/kept");
        assertThat(config.env()).contains("x=y");
        done(docker.images().remove(plain).then());
        failure(NotFound.class, docker.images().commit("missing"));
    }

    @Test
    void pruneRemovesWhatTheFiltersSelect() {
        Map<String, String> label = Map.of("fairlead.prune", MADE);
        get(docker.images()
                .build(context("FROM busybox\nENV prune=me\n"), build -> build.labels(label))
                .result());

        assertThat(get(docker.images().prune(prune -> prune.filters(which -> which.label("fairlead.prune=" + MADE))))
                        .imagesDeleted())
                .isNotEmpty();
        assertThat(get(docker.images().inspect(IMAGE)).id()).isNotEmpty();
    }

    @Test
    void pushFailsInTheStreamWhenThereIsNoRegistry() {
        done(docker.images().tag(IMAGE, "127.0.0.1:1/" + MADE + ":push"));

        failure(StreamFailed.class, docker.images().push("127.0.0.1:1/" + MADE + ":push"));
        failure(StreamFailed.class, docker.images().pushAllTags("127.0.0.1:1/" + MADE));
        done(docker.images().remove("127.0.0.1:1/" + MADE + ":push").then());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> docker.images().push("busybox@sha256:" + "a".repeat(64)))
                .withMessageContaining("digest");
    }

    @Test
    void searchFailsWithoutANetwork() {
        failure(DockerException.class, docker.images().search("busybox", search -> search.limit(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> docker.images().search("busybox", search -> search.limit(-1)))
                .withMessageContaining("limit");
    }

    @Test
    void pruneBuildCacheTakesItsLimits() {
        since(48, client -> client.images().pruneBuildCache(prune -> prune.reservedSpace(1L << 40)));
        if (has(48)) {
            get(docker.images().pruneBuildCache());
        } else {
            get(docker.images().pruneBuildCache(prune -> prune.keepStorage(1L << 40)));
        }
    }

    @Test
    void attestationsNeedANewerEngine() {
        since(55, client -> client.images().attestations(IMAGE));
    }
}
