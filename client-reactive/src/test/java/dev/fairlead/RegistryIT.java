package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.model.DistributionInspect;
import dev.fairlead.model.Platform;
import dev.fairlead.model.PushImageInfo;
import dev.fairlead.model.PushResult;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Images that go to a registry and come back. */
final class RegistryIT extends EngineTest {

    private String registry = "";

    RegistryIT(RealEngine engine) {
        super(engine);
    }

    @BeforeAll
    void startRegistry() throws IOException {
        registry = engine.registry();
    }

    @AfterEach
    void removeImages() {
        done(docker.images()
                .list()
                .flatMapIterable(image -> Stream.of(image.repoTags(), image.repoDigests())
                        .flatMap(List::stream)
                        .filter(name -> name.startsWith(registry + "/"))
                        .toList())
                // The last tag takes the digest's name with it.
                .concatMap(name -> docker.images().remove(name).onErrorComplete(NotFound.class))
                .then());
    }

    private String id(String name) {
        return get(docker.images().inspect(name)).id();
    }

    /** The name of an image, which each test takes another of, as a registry forgets nothing. */
    private String tagged(String repository, String tag) {
        done(docker.images().tag(IMAGE, registry + "/" + repository + ":" + tag));
        return registry + "/" + repository + ":" + tag;
    }

    private static List<PushResult> results(List<PushImageInfo> messages) {
        return messages.stream()
                .map(PushImageInfo::aux)
                .filter(Objects::nonNull)
                .toList();
    }

    private String digest(String name) {
        return Objects.requireNonNull(get(docker.distribution().inspect(name)).descriptor())
                .digest();
    }

    @Test
    void pushTellsWhatTheRegistryHoldsNow() {
        String name = tagged("pushed", "1");
        List<PushResult> results = results(all(docker.images().push(name)));
        assertThat(results).hasSize(1);
        PushResult result = results.get(0);
        assertThat(result.tag()).isEqualTo("1");
        assertThat(result.digest()).isEqualTo(digest(name));
        assertThat(result.size()).isPositive();
    }

    @Test
    void pullsByTag() {
        String name = tagged("pulled", "1");
        done(docker.images().push(name).then());
        done(docker.images().remove(name).then());
        failure(NotFound.class, docker.images().inspect(name));

        assertThat(all(docker.images().pull(name))).isNotEmpty();
        assertThat(id(name)).isEqualTo(id(IMAGE));
    }

    @Test
    void pullsByDigest() {
        String name = tagged("digested", "1");
        done(docker.images().push(name).then());
        String byDigest = registry + "/digested@" + digest(name);
        done(docker.images().remove(name).then());
        failure(NotFound.class, docker.images().inspect(byDigest));

        done(docker.images().pull(byDigest).then());
        assertThat(id(byDigest)).isEqualTo(id(IMAGE));
        failure(NotFound.class, docker.images().inspect(name));
    }

    @Test
    void pullIfMissingPulls() {
        String name = tagged("missing", "latest");
        done(docker.images().push(name).then());
        done(docker.images().remove(name).then());

        done(docker.images().pullIfMissing(registry + "/missing"));
        assertThat(id(name)).isEqualTo(id(IMAGE));
    }

    @Test
    void pullsWhatAContainerRuns() {
        String name = tagged("run", "1");
        done(docker.images().push(name).then());
        done(docker.images().remove(name).then());
        done(docker.images().pull(name).then());
        assertThat(text(docker.containers()
                        .run(name, run -> run.cmd("echo", "pulled"))
                        .flatMapMany(Run::output)))
                .isEqualTo("pulled\n");
    }

    @Test
    void pullOfWhatIsNotThereFails() {
        done(docker.images().push(tagged("there", "1")).then());
        assertThat(failure(NotFound.class, docker.images().pull(registry + "/there:2")))
                .hasMessageContaining(registry + "/there:2");
        failure(NotFound.class, docker.images().pull(registry + "/nosuch:1"));
        failure(NotFound.class, docker.images().pull(registry + "/there@sha256:" + "0".repeat(64)));
    }

    @Test
    void pushFails() {
        assertThat(failure(StreamFailed.class, docker.images().push(registry + "/nosuch:1"))
                        .engineMessage())
                .contains(registry + "/nosuch");
        assertThat(failure(StreamFailed.class, docker.images().pushAllTags(registry + "/nosuch"))
                        .engineMessage())
                .contains(registry + "/nosuch");
    }

    @Test
    void pushAllTagsPushesThemAll() {
        String one = tagged("all", "1");
        String two = tagged("all", "2");
        String other = tagged("other", "1");
        assertThat(results(all(docker.images().pushAllTags(registry + "/all"))))
                .extracting(PushResult::tag)
                .containsExactlyInAnyOrder("1", "2");
        assertThat(digest(one)).isEqualTo(digest(two));
        failure(NotFound.class, docker.distribution().inspect(other));
    }

    @Test
    void distributionTellsWhatTheRegistryHas() {
        String name = tagged("described", "1");
        done(docker.images().push(name).then());
        done(docker.images().remove(name).then());

        DistributionInspect told = get(docker.distribution().inspect(name));
        assertThat(Objects.requireNonNull(told.descriptor()).mediaType()).contains("manifest");
        assertThat(told.descriptor().size()).isPositive();
        assertThat(told.platforms()).extracting(Platform::os).containsExactly("linux");
        assertThat(digest(registry + "/described@" + digest(name))).isEqualTo(digest(name));
        // Asking pulls nothing.
        failure(NotFound.class, docker.images().inspect(name));
    }

    @Test
    void distributionFailsWhenTheRegistryHasItNot() {
        done(docker.images().push(tagged("asked", "1")).then());
        failure(NotFound.class, docker.distribution().inspect(registry + "/asked:2"));
        failure(NotFound.class, docker.distribution().inspect(registry + "/nosuch:1"));
    }
}
