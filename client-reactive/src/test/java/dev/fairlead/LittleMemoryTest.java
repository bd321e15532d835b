package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testing.ChildJvm;
import dev.fairlead.testing.ChunkedAnswer;
import dev.fairlead.testing.Exchange;
import dev.fairlead.testing.FakeEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Streams many times as large as the memory, to a consumer that is slow at first: 256 MiB each, and with {@code -Dfairlead.long=true} 5
 * GiB of logs, one frame of 3 GiB, and an export of 5 GiB.
 */
class LittleMemoryTest {

    private static final int MIB = 1024 * 1024;

    /** The longest piece, from each place at which one may begin. */
    private static final byte[] PATTERN = pattern(64 * 1024);

    /** Above what a JVM with nothing to do takes, heap and direct memory and all. */
    private static final long MOST_RESIDENT = 400L * 1024;

    /** Longer than the client takes for what is in its socket while it is slow. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** By which memory may grow while most of the stream goes by: heap that the collector did not hurry to reuse. */
    private static final long MOST_GROWTH = 64L * 1024;

    enum Stream {
        LOGS("logs", 5 * 1024L),
        ONE_FRAME("logs", 3 * 1024L),
        EXPORT("export", 5 * 1024L);

        final String name;
        final long mebibytes;

        Stream(String name, long mebibytes) {
            this.name = name;
            this.mebibytes = mebibytes;
        }
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void memoryStaysFlat(Stream stream) throws Exception {
        long length = (Figures.inFull() ? stream.mebibytes : 256L) * MIB;
        int slow = Figures.inFull() ? 60 : 3;
        long start = System.nanoTime();
        try (FakeEngine engine = FakeEngine.unix(folder.resolve("e.sock"))
                        .on("GET", "/containers/*/logs", exchange -> send(exchange, stream, length))
                        .on("GET", "/containers/*/export", exchange -> send(exchange, stream, length));
                ChildJvm client = ChildJvm.start(
                        LittleMemory.class,
                        List.of(
                                "-Xmx64m",
                                "-XX:MaxDirectMemorySize=64m",
                                "-Dio.netty.leakDetection.level=paranoid",
                                "-Dio.netty.leakDetection.targetRecords=2"),
                        engine.host(),
                        stream.name,
                        slow)) {
            assertThat(client.figures().get("slow"))
                    .as("items while it was slow")
                    .isBetween(slow - 1L, (long) slow);
            List<Long> resident = client.residentToEnd(Duration.ofMinutes(15));
            assertThat(client.figures()).isEqualTo(Map.of("bytes", length + end(stream), "wrong", 0L, "leaks", 0L));

            long early = resident.get(resident.size() / 4);
            long most = Collections.max(resident);
            Figures.add(
                    "fake",
                    "%s of %d MiB with 64 MiB of heap and 64 MiB of direct memory, %d s at one item a second; resident KiB %d after a quarter, %d at the end, %d at most, of %d samples"
                            .formatted(
                                    stream,
                                    length / MIB,
                                    slow,
                                    early,
                                    resident.get(resident.size() - 1),
                                    most,
                                    resident.size()),
                    Duration.ofNanos(System.nanoTime() - start));
            assertThat(most).as("resident KiB").isLessThan(MOST_RESIDENT);
            assertThat(most - early).as("growth in KiB").isLessThan(MOST_GROWTH);
        }
    }

    /** What ends a tar. */
    private static int end(Stream stream) {
        return stream == Stream.EXPORT ? LittleMemory.END_OF_TAR : 0;
    }

    private static void send(Exchange exchange, Stream stream, long length) throws IOException {
        boolean framed = stream != Stream.EXPORT;
        ChunkedAnswer answer = exchange.startChunked(
                200,
                Map.of("Content-Type", framed ? "application/vnd.docker.multiplexed-stream" : "application/x-tar"));
        if (stream == Stream.ONE_FRAME) {
            answer.write(header(length));
        }
        int piece = stream == Stream.LOGS ? 16 * 1024 : 64 * 1024;
        for (long sent = 0; sent < length; sent += piece) {
            int size = (int) Math.min(piece, length - sent);
            ByteBuffer bytes = ByteBuffer.allocate(size + 8);
            if (stream == Stream.LOGS) {
                bytes.put(header(size));
            }
            bytes.put(PATTERN, (int) (sent % 251), size);
            byte[] chunk = new byte[bytes.flip().remaining()];
            bytes.get(chunk);
            answer.write(chunk, PATIENCE);
        }
        if (end(stream) > 0) {
            answer.write(new byte[end(stream)]);
        }
        answer.end();
    }

    private static byte[] header(long length) {
        return ByteBuffer.allocate(8).put((byte) 1).putInt(4, (int) length).array();
    }

    private static byte[] pattern(int length) {
        byte[] pattern = new byte[length + 251];
        for (int at = 0; at < pattern.length; at++) {
            pattern[at] = LittleMemory.at(at);
        }
        return pattern;
    }
}
