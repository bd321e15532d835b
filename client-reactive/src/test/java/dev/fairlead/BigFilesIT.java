package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testing.ChildJvm;
import dev.fairlead.testing.LargeFile;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/**
 * A file many times as large as the memory, in and out by every call that moves files: 256 MiB, and with {@code -Dfairlead.long=true} 5
 * GiB. Each call has a JVM of its own, with 64 MiB of heap and of direct memory and a temporary folder that is watched.
 */
@NewestEngine
final class BigFilesIT extends EngineTest {

    private static final String IMAGE_NAME = "fairlead.test/large:1";

    /** Above what a JVM with nothing to do takes, heap and direct memory and all; KiB. */
    private static final long MOST_RESIDENT = 300L * 1024;

    /** Netty unpacks it into the temporary folder, and deletes it when it is loaded. */
    private static final String NATIVE_LIBRARY = "libnetty_";

    /** What a process may write to disks that keeps no file: that library. */
    private static final long MOST_WRITTEN = 4L * 1024 * 1024;

    /** Also for the Engine to hash and to store it. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final LargeFile FILE = new LargeFile("large", Figures.inFull() ? 5 * 1024 : 256);

    @TempDir
    private Path folder;

    BigFilesIT(RealEngine engine) {
        super(engine);
    }

    @AfterEach
    void removeImage() {
        done(docker.images()
                .list(list -> list.filters(which -> which.reference(IMAGE_NAME)))
                .concatMap(image -> docker.images().remove(image.id(), how -> how.force(true)))
                .then());
    }

    @Test
    void goesIntoAContainerAndOut() throws Exception {
        String id = idle();
        String sha256 = LargeFile.sha256(FILE.content());

        call("copyIn", id);

        assertThat(hashInside(id)).isEqualTo(sha256);
        assertThat(call("copyOut", id)).isEqualTo(sha256);
        assertThat(call("export", id)).isEqualTo(sha256);
    }

    @Test
    void goesFromADiskIntoAContainerAndBack() throws Exception {
        Path source = Files.createDirectory(folder.resolve("source")).resolve(FILE.name());
        write(FILE.content(), source);
        String sha256 = LargeFile.sha256(FILE.content());
        String id = idle();

        call("copyFromHost", id, source);

        assertThat(hashInside(id)).isEqualTo(sha256);
        Files.delete(source);
        Path target = folder.resolve("target");
        assertThat(call("copyToHost", id, target)).isEqualTo(new Unpacked(1, FILE.length(), 0).toString());
        assertThat(hash(target)).isEqualTo(sha256);
    }

    @Test
    void goesIntoTheImageStoreAndOut() throws Exception {
        assertThat(call("load", IMAGE_NAME)).contains(IMAGE_NAME);

        // The Engine compares the layer with its hash, and so do we.
        assertThat(call("save", IMAGE_NAME)).isEqualTo(LargeFile.sha256(FILE.tar()));
    }

    /** While it is copied from or to, the Engine keeps a container locked. */
    @Test
    void aCancelledCopyLetsTheContainerGo() {
        LargeFile file = new LargeFile("medium", 64);
        String id = idle();

        AtomicInteger sent = new AtomicInteger();
        Flux<ByteBuffer> endless = Flux.concat(file.tar().take(200), Flux.never());
        StepVerifier.create(docker.containers().copyIn(id, "/", endless.doOnNext(piece -> sent.incrementAndGet())))
                .expectSubscription()
                .then(() -> eventually(() -> sent.get() == 200))
                .thenCancel()
                .verify(LIMIT);
        done(docker.containers().copyIn(id, "/", file.tar()));

        StepVerifier.create(docker.containers().copyOut(id, "/medium"), 1)
                .expectNextCount(1)
                .thenCancel()
                .verify(LIMIT);
        assertThat(get(docker.containers().stat(id, "/medium")).size()).isEqualTo(file.length());
    }

    private String hashInside(String id) {
        ExecResult result = Objects.requireNonNull(
                docker.execs().run(id, "sha256sum", "/" + FILE.name()).block(PATIENCE));
        String line = StandardCharsets.UTF_8.decode(result.stdout()).toString();
        assertThat(line).endsWith("  /" + FILE.name() + "\n");
        return line.substring(0, line.indexOf(' '));
    }

    /** What the call gave. */
    private String call(String call, String what, Path... files) throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(folder.resolve("tmp-" + call));
        Stream<Object> arguments =
                Stream.concat(Stream.of(engine.host(), call, what, FILE.length() >> 20), Stream.of(files));
        try (WatchService watch = folder.getFileSystem().newWatchService();
                ChildJvm child = watching(watch, temporary, arguments)) {
            Set<String> written = child.filesWrittenToEnd(PATIENCE);
            written.removeIf(
                    file -> file.startsWith(temporary.resolve(NATIVE_LIBRARY).toString()));
            assertThat(written)
                    .as("files written")
                    .isEqualTo(call.equals("copyToHost") ? Set.of(files[0].toString()) : Set.of());
            String gave = child.line();
            Map<String, Long> figures = child.figures();
            assertThat(made(watch)).as("temporary files").allMatch(name -> name.startsWith(NATIVE_LIBRARY));

            long time = get(figures, "time");
            Figures.add(
                    engine.version(),
                    "%s of %d MiB with 64 MiB of heap and 64 MiB of direct memory, %d MiB/s, %d ms of processor time with the start; resident KiB %d before, %d at most, %d after; %d bytes to disks"
                            .formatted(
                                    call,
                                    FILE.length() >> 20,
                                    (FILE.length() >> 20) * 1000 / Math.max(1, time),
                                    get(figures, "processor"),
                                    get(figures, "before"),
                                    get(figures, "most"),
                                    get(figures, "after"),
                                    get(figures, "written")),
                    Duration.ofMillis(time));
            assertThat(get(figures, "leaks")).as("leaks").isZero();
            assertThat(get(figures, "most")).as("resident KiB").isLessThan(MOST_RESIDENT);
            assertThat(get(figures, "written"))
                    .as("bytes that went to disks")
                    .isLessThan(MOST_WRITTEN + (call.equals("copyToHost") ? FILE.length() : 0));
            return gave;
        }
    }

    private static ChildJvm watching(WatchService watch, Path temporary, Stream<Object> arguments) throws IOException {
        var unused = temporary.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        return ChildJvm.start(
                BigFiles.class,
                List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:-UsePerfData", "-Djava.io.tmpdir=" + temporary),
                arguments.toArray());
    }

    private static List<String> made(WatchService watch) {
        return Stream.iterate(watch.poll(), Objects::nonNull, key -> watch.poll())
                .flatMap(key -> key.pollEvents().stream())
                .map(event -> String.valueOf(event.context()))
                .toList();
    }

    private static long get(Map<String, Long> figures, String name) {
        return Objects.requireNonNull(figures.get(name), name);
    }

    private static void write(Flux<ByteBuffer> content, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (ByteBuffer piece : content.toIterable(1)) {
                while (piece.hasRemaining()) {
                    var unused = channel.write(piece);
                }
            }
        }
    }

    private static String hash(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return LargeFile.sha256(Flux.generate(sink -> {
                try {
                    ByteBuffer piece = ByteBuffer.allocate(64 * 1024);
                    if (channel.read(piece) < 0) {
                        sink.complete();
                    } else {
                        sink.next(piece.flip());
                    }
                } catch (IOException unreadable) {
                    sink.error(unreadable);
                }
            }));
        }
    }
}
