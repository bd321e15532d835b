package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.ImageDeleteResponseItem;
import dev.fairlead.model.ImageInspect;
import dev.fairlead.model.ImageListOptions;
import dev.fairlead.model.ImageSummary;
import dev.fairlead.model.Platform;
import dev.fairlead.testing.RealEngine;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class ImagesIT extends EngineTest {

    private static final String REPOSITORY = "fairlead.test/images";

    ImagesIT(RealEngine engine) {
        super(engine);
    }

    @AfterEach
    void removeImages() {
        done(docker.images()
                .list(list -> list.filters(which -> which.reference(REPOSITORY + ":*", REPOSITORY + "-*:*")))
                .concatMap(image -> docker.images().remove(image.id(), how -> how.force(true)))
                .onErrorComplete(NotFound.class)
                .then());
    }

    /** A tar that holds one file. */
    private static byte[] tar(String name, byte[] content) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, String.format("%011o\0", content.length));
        put(header, 136, "00000000000\0");
        Arrays.fill(header, 148, 156, (byte) ' ');
        header[156] = '0';
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte octet : header) {
            sum += octet & 0xff;
        }
        put(header, 148, String.format("%06o\0 ", sum));
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.writeBytes(header);
        tar.writeBytes(content);
        tar.writeBytes(new byte[(512 - content.length % 512) % 512 + 1024]);
        return tar.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    /** The content in buffers of that size. */
    private static Flux<ByteBuffer> pieces(byte[] content, int size) {
        return Flux.range(0, (content.length + size - 1) / size)
                .map(i -> ByteBuffer.wrap(content, i * size, Math.min(size, content.length - i * size)));
    }

    /** An image of the own repository, unlike any other. */
    private String imported(String tag) {
        return get(docker.images()
                .importImage(pieces(tar("file", tag.getBytes(StandardCharsets.UTF_8)), 1024), to -> to.repo(REPOSITORY)
                        .tag(tag)));
    }

    @Test
    void importTakesSmallBuffers() {
        byte[] content = new byte[300_000];
        Arrays.fill(content, (byte) 'x');
        String id = get(docker.images().importImage(pieces(tar("big", content), 1_000), to -> to.repo(REPOSITORY)
                .tag("small")
                .message("by test")
                .changes("CMD [\"echo\", \"imported\"]", "ENV A=b")));
        assertThat(id).startsWith("sha256:");
        ImageInspect made = get(docker.images().inspect(REPOSITORY + ":small"));
        assertThat(made.id()).isEqualTo(id);
        assertThat(made.comment()).isEqualTo("by test");
        assertThat(made.size()).isBetween(300_000L, 400_000L);
        assertThat(Objects.requireNonNull(made.config()).cmd()).containsExactly("echo", "imported");
        assertThat(Objects.requireNonNull(made.config()).env()).contains("A=b");
    }

    @Test
    void importTakesAPlatform() {
        since(42, client -> client.images()
                .importImage(pieces(tar("file", new byte[10]), 512), to -> to.repo(REPOSITORY + ":arm")
                        .platform(Platform.parse("linux/arm64"))));
        if (has(42)) {
            assertThat(get(docker.images().inspect(REPOSITORY + ":arm")).architecture())
                    .isEqualTo("arm64");
        }
    }

    @Test
    void importWithoutANameGivesAnIdAlone() {
        String id = get(docker.images().importImage(pieces(tar("nameless", new byte[1]), 512)));
        assertThat(get(docker.images().inspect(id)).repoTags()).isEmpty();
        assertThat(filtered(which -> which.dangling(true))).contains(id);
        done(docker.images().remove(id).then());
    }

    @Test
    void importRefusesWhatIsNoTar() {
        assertThat(failure(
                        DockerException.class,
                        docker.images().importImage(pieces("x".repeat(5_000).getBytes(StandardCharsets.UTF_8), 100))))
                .hasMessageContaining("tar");
    }

    @Test
    void importFailsWhenItsSourceDoes() {
        failure(
                ArithmeticException.class,
                docker.images().importImage(Flux.concat(Mono.just(bytes("x")), Mono.error(new ArithmeticException()))));
    }

    @Test
    void importFromAPlaceThatCannotBeReachedFails() {
        failure(DockerException.class, docker.images().importFrom(URI.create("http://127.0.0.1:1/x.tar")));
    }

    @Test
    void importedBusyboxRuns() {
        // The layer of the image itself, taken out of a container by its own tar.
        String container = create("true");
        done(docker.containers().start(container));
        get(docker.containers().awaitExit(container));
        String source = idle();
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        get(docker.execs().run(source, exec -> exec.cmd("tar", "cf", "-", "/bin")
                .output(output -> output.doOnNext(frame -> {
                    if (frame instanceof dev.fairlead.model.OutputFrame.Stdout) {
                        byte[] piece = new byte[frame.size()];
                        frame.bytes().get(piece);
                        tar.writeBytes(piece);
                    }
                }))));
        String id = get(docker.images().importImage(pieces(tar.toByteArray(), 4_096), to -> to.repo(REPOSITORY)
                .tag("busybox")
                .changes("CMD [\"/bin/busybox\", \"echo\", \"hi\"]")));
        assertThat(text(docker.containers()
                        .run(id, run -> run.container(this::marked))
                        .flatMapMany(Run::output)))
                .isEqualTo("hi\n");
    }

    @Test
    void tagGivesAnotherName() {
        String id = imported("one");
        done(docker.images().tag(id, REPOSITORY + ":two"));
        done(docker.images().tag(REPOSITORY + ":two", REPOSITORY + "-more"));
        assertThat(get(docker.images().inspect(REPOSITORY + "-more:latest")).repoTags())
                .containsExactlyInAnyOrder(REPOSITORY + ":one", REPOSITORY + ":two", REPOSITORY + "-more:latest");
        failure(NotFound.class, docker.images().tag("nosuch:1", REPOSITORY + ":three"));
        assertThatThrownBy(() -> docker.images().tag(id, "bad/UPPER")).isInstanceOf(IllegalArgumentException.class);
    }

    private List<String> filtered(Consumer<ImageListOptions.Filters> filters) {
        return all(docker.images().list(list -> list.filters(filters)).map(ImageSummary::id));
    }

    @Test
    void listFilters() {
        String first = imported("first");
        String second = get(docker.images().importImage(pieces(tar("file", new byte[3]), 512), to -> to.repo(REPOSITORY)
                .tag("second")
                .changes("LABEL colour=red")));
        assertThat(filtered(which -> which.reference(REPOSITORY + ":fir*"))).containsExactly(first);
        assertThat(filtered(which -> which.label("colour=red"))).containsExactly(second);
        assertThat(filtered(which -> which.since(first))).contains(second).doesNotContain(first);
        assertThat(filtered(which -> which.before(second))).contains(first).doesNotContain(second);
        assertThat(filtered(which -> which.dangling(true))).doesNotContain(first, second);
        assertThat(filtered(which -> which.dangling(false))).contains(first, second);
        ImageSummary seen = get(docker.images()
                .list(list -> list.all(true).digests(true).filters(which -> which.reference(REPOSITORY + ":second")))
                .single());
        assertThat(seen.repoTags()).containsExactly(REPOSITORY + ":second");
        assertThat(seen.labels()).containsEntry("colour", "red");
        assertThat(seen.size()).isPositive();
        assertThat(seen.created()).isNotNull();
    }

    @Test
    void listTakesItsNewerOptionsFromTheirVersionsOn() {
        since(42, client -> client.images().list(list -> list.sharedSize(true)));
        since(47, client -> client.images().list(list -> list.manifests(true)));
        since(54, client -> client.images().list(list -> list.identity(true)));
        if (has(42)) {
            assertThat(all(docker.images().list(list -> list.sharedSize(true))))
                    .allSatisfy(image -> assertThat(image.sharedSize()).isNotNegative());
        }
    }

    @Test
    void inspectTakesItsNewerOptionsFromTheirVersionsOn() {
        since(48, client -> client.images().inspect(IMAGE, options -> options.manifests(true)));
        ImageInspect image = get(docker.images().inspect(IMAGE));
        Platform platform = Platform.of(image.os(), image.architecture());
        since(49, client -> client.images().inspect(IMAGE, options -> options.platform(platform)));
        assertThat(image.repoTags()).contains("busybox:latest");
        assertThat(image.created()).isNotNull();
    }

    @Test
    void removeTakesOneNameAfterTheOther() {
        String id = imported("one");
        done(docker.images().tag(id, REPOSITORY + ":two"));
        assertThat(all(docker.images().remove(REPOSITORY + ":two")))
                .extracting(ImageDeleteResponseItem::untagged)
                .containsExactly(REPOSITORY + ":two");
        assertThat(get(docker.images().inspect(id)).repoTags()).containsExactly(REPOSITORY + ":one");
        assertThat(all(docker.images().remove(REPOSITORY + ":one", how -> how.noPrune(true))))
                .extracting(ImageDeleteResponseItem::deleted)
                .contains(id);
        failure(NotFound.class, docker.images().inspect(id));
        failure(NotFound.class, docker.images().remove(id));
    }

    @Test
    void removeRefusesWhatIsUsedUnlessForced() {
        String id = imported("used");
        String container = get(docker.containers()
                        .create(REPOSITORY + ":used", options -> marked(options).cmd("/x")))
                .id();
        failure(Conflict.class, docker.images().remove(id));
        assertThat(all(docker.images().remove(REPOSITORY + ":used", how -> how.force(true))))
                .isNotEmpty();
        done(docker.containers().remove(container));
        done(docker.images().remove(id).onErrorComplete(NotFound.class).then());
    }

    @Test
    void removeTakesPlatformsFromItsVersionOn() {
        Platform platform = Platform.of("linux", "amd64");
        if (has(50)) {
            // The classic image store has no platforms to take away, and says so; but it is asked.
            assertThat(failure(DockerException.class, docker.images().remove("nosuch", how -> how.platforms(platform)))
                            .status())
                    .isPositive();
        } else {
            failure(
                    dev.fairlead.core.error.UnsupportedByEngine.class,
                    docker.images().remove("nosuch", how -> how.platforms(platform)));
        }
    }

    @Test
    void pullIfMissingLeavesAloneWhatIsThere() {
        done(docker.images().pullIfMissing(IMAGE));
    }

    @Test
    void pullOfWhatCannotBeHadFailsTyped() {
        assertThat(failure(DockerException.class, docker.images().pull("127.0.0.1:1/nosuch:1")))
                .isInstanceOfAny(EngineFailure.class, NotFound.class, dev.fairlead.core.error.StreamFailed.class);
        failure(DockerException.class, docker.images().pull("127.0.0.1:1/nosuch", pull -> pull.platform(
                        Platform.parse("linux/amd64"))
                .registryAuth("e30=")));
        failure(DockerException.class, docker.images().pullIfMissing("127.0.0.1:1/nosuch:1"));
    }
}
