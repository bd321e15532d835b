package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.ignore.IgnoreRules;
import dev.fairlead.core.tar.FileShrank;
import dev.fairlead.testing.BlockingGuard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@ExtendWith(BlockingGuard.class)
final class TarTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final int PIECE = 64 * 1024;

    @TempDir
    Path folder;

    private static Map<String, String> read(Flux<ByteBuffer> tar) {
        return dev.fairlead.testing.Tar.read(
                Objects.requireNonNull(tar.collectList().block(LIMIT)));
    }

    private Path large(int pieces) throws IOException {
        return Files.write(folder.resolve("large"), new byte[pieces * PIECE]);
    }

    @Test
    void folderAndFileAndMemoryComeTogether() throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve("sub")).resolve("a"), "from the disk");
        Flux<ByteBuffer> tar = Tar.of(all -> all.file("b", "from memory")
                .file("c", new byte[] {'x'}, entry -> entry.mode(0600)
                        .owner(1, 2)
                        .modified(Instant.EPOCH))
                .directory("d")
                .symbolicLink("e", "b")
                .add(folder)
                .add(folder.resolve("sub"), "f", tree -> tree.keepOwners().ignore(IgnoreRules.parse("a")))
                .add(folder.resolve("sub/a"), "g", tree -> tree.owner(5, 6)));

        assertThat(read(tar))
                .containsEntry("b", "from memory")
                .containsEntry("c", "x")
                .containsEntry("sub/a", "from the disk")
                .containsEntry("g", "from the disk")
                .containsOnlyKeys("b", "c", "d/", "e", "sub/", "sub/a", "f/", "g");
        assertThat(read(Tar.of(folder))).containsOnlyKeys("sub/", "sub/a");
        assertThat(read(Tar.of(folder.resolve("sub/a")))).containsOnlyKeys("a");
    }

    @Test
    void namesAndModesAreCheckedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tar.of(tar -> tar.file("/etc/passwd", "")))
                .withMessageContaining("name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tar.of(tar -> tar.add(folder, "../x")))
                .withMessageContaining("name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tar.of(tar -> tar.file("a", "", entry -> entry.mode(0100000))))
                .withMessageContaining("mode");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tar.of(tar -> tar.directory("a", entry -> entry.owner(-1, 0))))
                .withMessageContaining("owner");
    }

    @Test
    void givesWhatIsAskedForAndNoMore() throws IOException {
        large(3);

        StepVerifier.create(Tar.of(folder), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNextCount(1)
                .thenRequest(2)
                .expectNextCount(2)
                // The end comes with the last piece: nobody has to ask for one more.
                .thenRequest(1)
                .expectNextCount(1)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void nothingIsReadWithoutDemand() throws IOException {
        Path large = large(3);

        StepVerifier.create(Tar.of(folder), 1)
                .expectNextCount(1)
                // Were it read ahead, this would come too late.
                .then(() -> truncate(large))
                .thenRequest(10)
                .thenConsumeWhile(piece -> true)
                .expectErrorSatisfies(failure ->
                        assertThat(failure).isInstanceOf(FileShrank.class).hasMessageContaining(large.toString()))
                .verify(LIMIT);
    }

    private static void truncate(Path file) {
        try {
            Files.write(file, new byte[PIECE], StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void filesAreReadElsewhereThanOnTheThreadThatAsks() throws IOException {
        large(2);
        AtomicReference<Thread> reader = new AtomicReference<>();

        // A thread that must not block asks: the guard fails this test if the file is read on it.
        StepVerifier.create(Tar.of(folder)
                        .doOnNext(piece -> reader.set(Thread.currentThread()))
                        .subscribeOn(Schedulers.parallel()))
                .expectNextCount(3)
                .expectComplete()
                .verify(LIMIT);

        assertThat(Objects.requireNonNull(reader.get()).getName()).startsWith("boundedElastic");
    }

    @Test
    void cancellingClosesTheFile() throws IOException {
        Path large = large(8);
        long before = opened(large);

        StepVerifier.create(Tar.of(folder), 1)
                .expectNextCount(1)
                .then(() -> assertThat(opened(large)).isEqualTo(before + 1))
                .thenCancel()
                .verify(LIMIT);

        EngineTest.eventually(() -> opened(large) == before);
    }

    /** How many of this process's open files are that one. */
    private static long opened(Path file) {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).equals(file);
                        } catch (IOException closedMeanwhile) {
                            return false;
                        }
                    })
                    .count();
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @Test
    void everySubscriptionReadsAnew() throws IOException {
        Flux<ByteBuffer> tar = Tar.of(folder);
        assertThat(read(tar)).isEmpty();

        Files.writeString(folder.resolve("a"), "1");

        assertThat(read(tar)).containsOnlyKeys("a");
    }

    @Test
    void aMissingSourceIsNamed() {
        for (Flux<ByteBuffer> tar :
                List.of(Tar.of(folder.resolve("nosuch")), Tar.of(all -> all.add(folder.resolve("nosuch"), "x")))) {
            StepVerifier.create(tar)
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(NoSuchFileException.class)
                            .hasMessageContaining("nosuch"))
                    .verify(LIMIT);
        }
    }
}
