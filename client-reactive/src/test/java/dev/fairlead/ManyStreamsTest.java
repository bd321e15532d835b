package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testing.ChildJvm;
import dev.fairlead.testing.QuietEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many followed logs from one program, on one event loop: what each costs. Two thousand, and ten thousand with {@code
 * -Dfairlead.long=true}.
 */
class ManyStreamsTest {

    private static final int STREAMS = Figures.inFull() ? 10_000 : 2_000;

    /** Beside the streams: class files, sockets of the pool, pipes. */
    private static final int OTHER_FILES = 300;

    private static final long MOST_HEAP = 6 * 1024;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Timeout(300)
    void eachCostsLittleHeapAndNoThread(boolean nativeTransport) throws Exception {
        assertThat(filesAllowed())
                .as("`ulimit -Hn`: %s streams need as many open files, raise it", STREAMS)
                .isGreaterThanOrEqualTo(STREAMS + OTHER_FILES);
        Path socket = folder.resolve("e.sock");
        long start = System.nanoTime();
        try (ChildJvm engine = ChildJvm.start(QuietEngine.class, List.of("-Xmx128m"), socket)) {
            assertThat(engine.line()).isEqualTo("ready");
            Map<String, Long> figures;
            try (ChildJvm client = ChildJvm.start(
                    ManyStreams.class,
                    List.of("-Xmx512m", "-XX:+UseSerialGC"),
                    "unix://" + socket,
                    "x",
                    STREAMS,
                    nativeTransport)) {
                figures = client.figures();
            }
            Figures.add(
                    "fake",
                    figures + (nativeTransport ? ", epoll" : ", the JDK's sockets"),
                    Duration.ofNanos(System.nanoTime() - start));
            assertThat(figures)
                    .containsEntry("streams", (long) STREAMS)
                    .containsEntry("open", (long) STREAMS)
                    .containsEntry("threads", 0L)
                    .containsEntry("left", 0L);
            assertThat(figures.get("heap")).as("heap of a stream, in bytes").isLessThanOrEqualTo(MOST_HEAP);
        }
    }

    /** A JVM raises its own limit to the hard one when it starts. */
    private static long filesAllowed() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.replaceFirst("Max open files", "").strip().split("\\s+", -1)[1])
                .mapToLong(limit -> limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit))
                .findFirst()
                .orElseThrow();
    }
}
