package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.ignore.BadIgnorePattern;
import dev.fairlead.core.tar.FileShrank;
import dev.fairlead.model.BuilderVersion;
import dev.fairlead.model.ImageBuildOptions;
import dev.fairlead.model.ImageSummary;
import dev.fairlead.model.TransferMessage;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Builds from folders: what the Engine gets of them, and what happens when it does not want it. */
@NewestEngine
final class BuildContextIT extends EngineTest {

    private static final String MADE = "fairlead-context";

    /** Lists all that is in the context. */
    private static final String LIST = "FROM busybox\nCOPY . /c/\nRUN cd /c && find . | sort && echo END\n";

    @TempDir
    Path folder;

    BuildContextIT(RealEngine engine) {
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

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static Consumer<ImageBuildOptions.Builder> tagged(Consumer<ImageBuildOptions.Builder> more) {
        return build -> more.accept(build.tags(MADE).noCache(true));
    }

    private static String said(Flux<TransferMessage> build) {
        return all(build).stream().map(TransferMessage::text).reduce("", String::concat);
    }

    /** What a build that lists its context has found there, by the classic builder. */
    private String listed(Flux<TransferMessage> build) {
        String said = said(build);
        int start = said.indexOf("\n.\n");
        return said.substring(start + 1, said.indexOf("END\n", start))
                .replace("./", "")
                .replaceFirst("^\\.\n", "");
    }

    @Test
    void folderIsBuiltWithoutWhatIsIgnored() throws IOException {
        file("Dockerfile", LIST + "RUN stat -c '%n %a %F %s' /c/run /c/link /c/" + "n".repeat(150) + "\n");
        file(".dockerignore", "secret\n**/*.log\n!keep/**/x.log\n");
        file("secret/key", "x");
        file("keep/a/x.log", "x");
        file("keep/a/y.log", "x");
        file("日本/é", "x");
        file("n".repeat(150), "long");
        Files.setAttribute(file("run", "x"), "unix:mode", 0751);
        Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));

        String said = said(docker.images().build(folder, tagged(build -> {})).messages());

        assertThat(said)
                .contains("\n./keep/a/x.log\n")
                .contains("\n./日本/é\n")
                .contains("\n./.dockerignore\n")
                .contains("\n./Dockerfile\n")
                .contains("/c/run 751 regular file 1")
                .contains("/c/link 777 symbolic link")
                .contains("n".repeat(150) + " 644 regular file 4")
                .doesNotContain("secret")
                .doesNotContain("y.log");
    }

    @Test
    void whatIsSentInAnyCaseIsTakenAwayAgain() throws IOException {
        file("Dockerfile", LIST);
        file(".dockerignore", "Dockerfile\n.dockerignore\n");
        file("a", "x");

        assertThat(listed(docker.images().build(folder, tagged(build -> {})).messages()))
                .isEqualTo("a\n");
    }

    @Test
    void aDockerfilesOwnIgnoreFileIsInForce() throws IOException {
        file("docker/web", LIST);
        file("docker/web.dockerignore", "a\ndocker\n");
        file(".dockerignore", "b\n");
        file("a", "x");
        file("b", "x");

        assertThat(listed(docker.images()
                        .build(folder, tagged(build -> build.dockerfile("docker/web")))
                        .messages()))
                .isEqualTo(".dockerignore\nb\ndocker\n");
    }

    @Test
    void whatTheOtherIgnoreFileSaysOfTheDockerfileDoesNotCount() throws IOException {
        file("web", LIST);
        file("web.dockerignore", "a\n");
        file(".dockerignore", "web\n.dockerignore\n");
        file("a", "x");

        assertThat(listed(docker.images()
                        .build(folder, tagged(build -> build.dockerfile("web")))
                        .messages()))
                .isEqualTo(".dockerignore\nweb\nweb.dockerignore\n");
    }

    @Test
    void dockerfileMayBeElsewhere(@TempDir Path elsewhere) throws IOException {
        Path dockerfile = Files.writeString(elsewhere.resolve("Other"), LIST);
        Files.writeString(elsewhere.resolve("Other.dockerignore"), "b");
        file("a", "x");
        file("b", "x");

        assertThat(listed(docker.images()
                        .build(folder, tagged(build -> build.dockerfile(dockerfile.toString())))
                        .messages()))
                .isEqualTo("a\n");
        Path link = Files.createSymbolicLink(folder.resolve("Dockerfile"), dockerfile);
        assertThat(listed(docker.images().build(folder, tagged(build -> {})).messages()))
                .isEqualTo("Dockerfile\na\nb\n");
        Files.delete(link);
        file("dockerfile", LIST);
        assertThat(listed(docker.images().build(folder, tagged(build -> {})).messages()))
                .isEqualTo("a\nb\ndockerfile\n");
    }

    @Test
    void dockerfileMayBeAText() throws IOException {
        file("a", "x");
        BuildContext context = BuildContext.of(folder).withDockerfile(LIST);

        assertThat(listed(docker.images().build(context, tagged(build -> {})).messages()))
                .isEqualTo("a\n");
        file(".dockerignore", "a\n");
        assertThat(listed(docker.images().build(context, tagged(build -> {})).messages()))
                .isEqualTo(".dockerignore\n");
        assertThat(said(docker.images()
                        .build(BuildContext.ofDockerfile("FROM busybox\nRUN echo alone\n"), tagged(build -> {}))
                        .messages()))
                .contains("\nalone\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BuildContext.ofDockerfile(" "))
                .withMessageContaining("dockerfile");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> docker.images()
                        .build(context, build -> build.dockerfile("x"))
                        .messages())
                .withMessageContaining("dockerfile");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> docker.images()
                        .build(folder, build -> build.remote("https://x"))
                        .messages())
                .withMessageContaining("remote");
    }

    @Test
    void buildKitTakesAFolderToo() throws IOException {
        file(
                "Dockerfile",
                "FROM busybox\nCOPY . /c/\nRUN test \"$(cd /c && echo $(find . | sort))\" = \". ./Dockerfile ./a\"\n");
        file(".dockerignore", "Dockerfile\n.dockerignore\nb\n");
        file("a", "x");
        file("b", "x");

        all(docker.images()
                .build(folder, tagged(build -> build.version(BuilderVersion.BUILDKIT)))
                .messages());

        assertThat(get(docker.images().inspect(MADE)).id()).startsWith("sha256:");
        get(docker.images().pruneBuildCache(prune -> prune.all(true)));
    }

    @Test
    void whatIsMissingIsNamedBeforeTheEngineHearsAnything() throws IOException {
        file("x", "");
        try (DockerClient nowhere = DockerClient.create(config -> config.host("unix:///nowhere/docker.sock"))) {
            Images images = nowhere.images();
            assertThat(failure(NoSuchFileException.class, images.build(folder)))
                    .hasMessageContaining(folder.toRealPath().resolve("Dockerfile") + ": there is no such Dockerfile");
            assertThat(failure(NoSuchFileException.class, images.build(folder, build -> build.dockerfile("a/b"))))
                    .hasMessageContaining(folder.toRealPath().resolve("a/b").toString());
            assertThat(failure(NoSuchFileException.class, images.build(folder.resolve("nosuch"))))
                    .hasMessageContaining("nosuch");
            assertThat(failure(NotDirectoryException.class, images.build(folder.resolve("x"))))
                    .hasMessageContaining(folder.resolve("x").toString());
            assertThat(failure(FileSystemException.class, images.build(folder, build -> build.dockerfile("."))))
                    .hasMessageContaining("directory");
            file("Dockerfile", LIST);
            file(".dockerignore", "a\n[b\n");
            assertThat(failure(BadIgnorePattern.class, images.build(folder)))
                    .hasMessageContaining(".dockerignore, line 2: [b: ");
            Files.delete(folder.resolve(".dockerignore"));
            failure(ConnectionFailed.class, images.build(folder));
        }
    }

    /** 200 MB that the Engine does not want: it says why at once, and nothing more of the file is read. */
    @Test
    void anEarlyRefusalStopsTheUpload() throws IOException {
        file("Dockerfile", LIST);
        Path large = folder.resolve("large");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(200_000_000);
        }
        // Once ahead: what is opened once and stays open is no leak.
        failure(
                DockerException.class,
                docker.images()
                        .build(folder, build -> build.tags("NO:SUCH:NAME"))
                        .messages());
        int before = openFiles();

        for (int round = 0; round < 10; round++) {
            StepVerifier.create(docker.images()
                            .build(folder, build -> build.tags("NO:SUCH:NAME"))
                            .messages())
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(DockerException.class)
                            .hasMessageContaining("invalid reference format"))
                    .verify(Duration.ofSeconds(10));
        }

        eventually(() -> openFiles() <= before);
        assertThat(get(docker.system().ping())).isNotNull();
    }

    @Test
    void aFileThatShrinksFailsTheBuild() throws IOException {
        file("Dockerfile", LIST);
        Path large = folder.resolve("large");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(8L << 30);
        }
        int before = openFiles();

        Flux<TransferMessage> build = docker.images()
                .build(folder)
                .messages()
                .mergeWith(underWay(large).doOnNext(BuildContextIT::truncate).thenMany(Flux.empty()));
        assertThat(failure(FileShrank.class, build)).hasMessageContaining(large.toString());

        eventually(() -> openFiles() <= before);
    }

    /** The file, once it is read. */
    private static Mono<Path> underWay(Path file) {
        return Mono.fromSupplier(() -> TarTest.opened(file))
                .subscribeOn(Schedulers.boundedElastic())
                .filter(opened -> opened > 0)
                .repeatWhenEmpty(Integer.MAX_VALUE, empty -> empty.delayElements(Duration.ofMillis(20)))
                .map(opened -> file);
    }

    private static void truncate(Path file) {
        try (RandomAccessFile shrinking = new RandomAccessFile(file.toFile(), "rw")) {
            shrinking.setLength(1);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void cancellingClosesTheFileAndTheConnection() throws IOException {
        file("Dockerfile", LIST);
        Path large = folder.resolve("large");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(8L << 30);
        }
        int before = openFiles();

        done(docker.images().build(folder).messages().then(Mono.<Path>never()).or(underWay(large)));

        eventually(() -> TarTest.opened(large) == 0);
        eventually(() -> openFiles() <= before);
    }

    @Test
    void aStepThatFailsTellsItsCode() throws IOException {
        file("Dockerfile", "FROM busybox\nRUN exit 3\n");

        assertThat(failure(
                                StreamFailed.class,
                                docker.images()
                                        .build(folder, build -> build.forceRm(true))
                                        .messages())
                        .code())
                .isEqualTo(3);
        file("Dockerfile", "NONSENSE\n");
        failure(DockerException.class, docker.images().build(folder).messages());
    }
}
