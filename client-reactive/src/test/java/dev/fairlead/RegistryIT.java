package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Unauthorized;
import dev.fairlead.model.DistributionInspect;
import dev.fairlead.model.ImageSearchResult;
import dev.fairlead.model.Platform;
import dev.fairlead.model.PulledImage;
import dev.fairlead.model.Pushed;
import dev.fairlead.model.TransferPhase;
import dev.fairlead.model.TransferProgress;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import dev.fairlead.testing.SearchStandIn;
import dev.fairlead.testing.Tar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Images that go to a registry and come back. */
class RegistryIT extends EngineTest {

    private static final String USER = "somebody";

    /** In base64 it has a character that the two alphabets write in different ways. */
    private static final String PASSWORD = "abc>>>def";

    private String registry = "";
    private String locked = "";

    RegistryIT(RealEngine engine) {
        super(engine);
    }

    @BeforeAll
    void startRegistry() throws IOException {
        registry = engine.registry();
        locked = engine.registry(USER, PASSWORD);
    }

    @AfterEach
    void removeImages() {
        done(docker.images()
                .list()
                .flatMapIterable(image -> Stream.of(image.repoTags(), image.repoDigests())
                        .flatMap(List::stream)
                        .filter(name -> name.startsWith(registry + "/") || name.startsWith(locked + "/"))
                        .distinct()
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

    private String digest(String name) {
        return Objects.requireNonNull(get(docker.distribution().inspect(name)).descriptor())
                .digest();
    }

    @Test
    void pushTellsWhatTheRegistryHoldsNow() {
        String name = tagged("pushed", "1");
        Pushed pushed = get(docker.images().push(name).result());
        assertThat(pushed).isEqualTo(new Pushed(name, digest(name)));
        // A second time nothing is moved, and the result is the same.
        assertThat(get(docker.images().push(name).result())).isEqualTo(pushed);
    }

    @Test
    void pushTellsHowFarItIs() {
        String repository = "moved" + System.nanoTime();
        String name = big(registry + "/" + repository + ":1");

        List<TransferProgress> seen = all(docker.images().push(name).progress());

        TransferProgress last = seen.get(seen.size() - 1);
        assertThat(last.layers()).hasSize(1).allSatisfy(layer -> assertThat(layer.phase())
                .isEqualTo(TransferPhase.DONE));
        assertThat(last.done()).isEqualTo(last.total()).isGreaterThan(30_000_000);
        assertThat(seen).extracting(TransferProgress::done).isSorted();
    }

    /** An image of one layer that is like no other, by this name. */
    private String big(String name) {
        // containerd looks ten times a second how far it is: of what is moved faster it tells nothing.
        byte[] content = new byte[30_000_000];
        new Random().nextBytes(content);
        get(docker.images().importImage(Flux.just(new Tar().file("big", content).end()), to -> to.repo(
                        name.substring(0, name.lastIndexOf(':')))
                .tag(name.substring(name.lastIndexOf(':') + 1))));
        return name;
    }

    @Test
    void pullsByTag() {
        String name = tagged("pulled", "1");
        done(docker.images().push(name).result());
        done(docker.images().remove(name).then());
        failure(NotFound.class, docker.images().inspect(name));

        assertThat(get(docker.images().pull(name).result())).isEqualTo(new PulledImage(name, id(IMAGE), digest(name)));
        assertThat(id(name)).isEqualTo(id(IMAGE));
        // A second time it is up to date, and the result is the same.
        assertThat(get(docker.images().pull(name).result())).isEqualTo(new PulledImage(name, id(IMAGE), digest(name)));
    }

    @Test
    void pullTellsHowFarItIsAndThenItsResult() {
        String name = big(registry + "/brought" + System.nanoTime() + ":1");
        Pushed pushed = get(docker.images().push(name).result());
        String id = id(name);
        all(docker.images().remove(name));

        List<TransferSignal<PulledImage>> signals =
                all(docker.images().pull(name).signals());

        assertThat(signals).last().isEqualTo(new TransferSignal.Done<>(new PulledImage(name, id, pushed.digest())));
        TransferProgress last = ((TransferSignal.Progress<PulledImage>) signals.get(signals.size() - 2)).progress();
        assertThat(last.layers()).hasSize(1);
        assertThat(last.layers().get(0).phase()).isIn(TransferPhase.DONE, TransferPhase.DOWNLOADED);
        assertThat(last.done()).isEqualTo(last.total());
    }

    @Test
    void pullsByDigest() {
        String name = tagged("digested", "1");
        done(docker.images().push(name).result());
        String byDigest = registry + "/digested@" + digest(name);
        done(docker.images().remove(name).then());
        failure(NotFound.class, docker.images().inspect(byDigest));

        PulledImage pulled = get(docker.images().pull(byDigest).result());
        assertThat(pulled)
                .isEqualTo(new PulledImage(byDigest, id(IMAGE), byDigest.substring(byDigest.indexOf('@') + 1)));
        assertThat(id(byDigest)).isEqualTo(id(IMAGE));
        failure(NotFound.class, docker.images().inspect(name));
    }

    @Test
    void pullIfMissingPulls() {
        String name = tagged("missing", "latest");
        done(docker.images().push(name).result());
        done(docker.images().remove(name).then());

        done(docker.images().pullIfMissing(registry + "/missing"));
        assertThat(id(name)).isEqualTo(id(IMAGE));
    }

    @Test
    void pullsWhatAContainerRuns() {
        String name = tagged("run", "1");
        done(docker.images().push(name).result());
        done(docker.images().remove(name).then());
        done(docker.images().pull(name).result());
        assertThat(text(docker.containers()
                        .run(name, run -> run.cmd("echo", "pulled"))
                        .flatMapMany(Run::output)))
                .isEqualTo("pulled\n");
    }

    @Test
    void pullOfWhatIsNotThereFails() {
        done(docker.images().push(tagged("there", "1")).result());
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
        List<Pushed> pushed = get(docker.images().pushAllTags(registry + "/all").result());
        assertThat(pushed).containsExactlyInAnyOrder(new Pushed(one, digest(one)), new Pushed(two, digest(two)));
        assertThat(digest(one)).isEqualTo(digest(two));
        failure(NotFound.class, docker.distribution().inspect(other));
    }

    @Test
    void pullAllTagsPullsThemAll() {
        String one = tagged("every", "1");
        String two = big(registry + "/every:2");
        get(docker.images().pushAllTags(registry + "/every").result());
        String id = id(two);
        all(docker.images().remove(one));
        all(docker.images().remove(two));
        String local = tagged("every", "never-pushed");

        assertThat(get(docker.images().pullAllTags(registry + "/every").result()))
                .containsExactlyInAnyOrder(
                        new PulledImage(one, id(IMAGE), digest(one)), new PulledImage(two, id, digest(two)));
        failure(NotFound.class, docker.distribution().inspect(local));
        failure(DockerException.class, docker.images().pullAllTags(registry + "/nosuch"));
    }

    private static String credentials(String password) {
        String json = "{\"username\":\"" + USER + "\",\"password\":\"" + password + "\"}";
        return Base64.getUrlEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aPasswordGetsThroughAsItIs() {
        assertThat(credentials(PASSWORD)).contains("-");
        String auth = credentials(PASSWORD);
        String name = locked + "/box:1";
        done(docker.images().tag(IMAGE, name));
        done(docker.images().tag(IMAGE, locked + "/box:2"));

        Pushed pushed =
                get(docker.images().push(name, push -> push.registryAuth(auth)).result());
        assertThat(pushed.digest())
                .isEqualTo(Objects.requireNonNull(
                                get(docker.distribution().inspect(name, inspect -> inspect.registryAuth(auth)))
                                        .descriptor())
                        .digest());
        assertThat(get(docker.images()
                        .pushAllTags(locked + "/box", push -> push.registryAuth(auth))
                        .result()))
                .hasSize(2);
        all(docker.images().remove(name));
        assertThat(get(docker.images()
                        .pull(name, pull -> pull.registryAuth(auth))
                        .result()))
                .isEqualTo(new PulledImage(name, id(IMAGE), pushed.digest()));
        assertThat(get(docker.images()
                        .pullAllTags(locked + "/box", pull -> pull.registryAuth(auth))
                        .result()))
                .hasSize(2);
    }

    @Test
    void aWrongPasswordAndNoneAreRefused() {
        String wrong = credentials("abc>>>deg");
        String name = locked + "/refused:1";
        done(docker.images().tag(IMAGE, name));

        for (DockerException failure : List.of(
                failure(StreamFailed.class, docker.images().push(name, push -> push.registryAuth(wrong))),
                failure(StreamFailed.class, docker.images().push(name)),
                failure(DockerException.class, docker.images().pull(name, pull -> pull.registryAuth(wrong))),
                failure(DockerException.class, docker.images().pull(name)),
                failure(DockerException.class, docker.images().pullAllTags(locked + "/refused")),
                failure(
                        Unauthorized.class,
                        docker.distribution().inspect(name, inspect -> inspect.registryAuth(wrong))),
                failure(DockerException.class, docker.distribution().inspect(name)))) {
            assertThat(failure.engineMessage())
                    .satisfiesAnyOf(
                            message -> assertThat(message).containsIgnoringCase("unauthorized"),
                            message -> assertThat(message).contains("no basic auth credentials"),
                            message -> assertThat(message).contains("authorization"));
            assertThat(failure.toString()).doesNotContain("abc>>>").doesNotContain(wrong);
        }
    }

    /** The Engine waits for ten seconds. */
    @Test
    @NewestEngine
    void searchAsksTheRegistryOfTheTerm() throws IOException {
        int port = engine.port();
        Process registryOfOld = engine.run(SearchStandIn.class, Integer.toString(port));
        try {
            assertThat(all(docker.images().search("127.0.0.1:" + port + "/box", search -> search.limit(5))))
                    .extracting(ImageSearchResult::name, ImageSearchResult::starCount)
                    .containsExactly(tuple("library/box", 7), tuple("me/box", 0));
        } finally {
            registryOfOld.destroy();
        }
    }

    @Test
    void distributionTellsWhatTheRegistryHas() {
        String name = tagged("described", "1");
        done(docker.images().push(name).result());
        done(docker.images().remove(name).then());

        DistributionInspect told = get(docker.distribution().inspect(name));
        assertThat(Objects.requireNonNull(told.descriptor()).mediaType()).contains("manifest");
        assertThat(told.descriptor().size()).isPositive();
        // What the containerd image store pushes has OCI's form, of which Engines tell no platform.
        String[] platforms = told.descriptor().mediaType().contains("docker") ? new String[] {"linux"} : new String[0];
        assertThat(told.platforms()).extracting(Platform::os).containsExactly(platforms);
        assertThat(digest(registry + "/described@" + digest(name))).isEqualTo(digest(name));
        // Asking pulls nothing.
        failure(NotFound.class, docker.images().inspect(name));
    }

    @Test
    void distributionFailsWhenTheRegistryHasItNot() {
        done(docker.images().push(tagged("asked", "1")).result());
        failure(NotFound.class, docker.distribution().inspect(registry + "/asked:2"));
        failure(NotFound.class, docker.distribution().inspect(registry + "/nosuch:1"));
    }
}
