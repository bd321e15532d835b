package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.testing.ChunkedAnswer;
import dev.fairlead.testing.Exchange;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Gate;
import dev.fairlead.testing.LargeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Tars that stop on their way, by the Engine or by us: the end is told for what it is, and nothing stays open. */
@Timeout(120)
final class CutTarsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Longer than all buffers on the way together. */
    private static final LargeFile FILE = new LargeFile("large", 32);

    /** As much of the tar as comes before it stops: in the middle of the file. */
    private static final int CUT = 1024 * 1024 + 100;

    /** In the words of Engines from 29 on, of which one says all twice. */
    private static final String REASON = "unexpected digest of /large" + "/and/a/long/path".repeat(16);

    private static final String ERROR =
            "{\"error\":\"" + REASON + "\",\"errorDetail\":{\"message\":\"" + REASON + "\"}}\r\n";

    @TempDir
    Path folder;

    /** All that reads a tar of the Engine. */
    enum Reading {
        EXPORT,
        COPY_OUT,
        SAVE,
        SAVE_ALL,
        UNPACK_EXPORT,
        UNPACK_SAVE,
        COPY_TO_HOST;

        /** The call; one that makes a file here makes it in the folder. */
        Publisher<?> call(DockerClient docker, Path folder) {
            return switch (this) {
                case EXPORT -> docker.containers().export("x");
                case COPY_OUT -> docker.containers().copyOut("x", "/large");
                case SAVE -> docker.images().save("x");
                case SAVE_ALL -> docker.images().saveAll(List.of("x", "y"));
                case UNPACK_EXPORT -> Tar.unpack(docker.containers().export("x"), folder);
                case UNPACK_SAVE -> Tar.unpack(docker.images().save("x"), folder);
                case COPY_TO_HOST -> docker.containers().copyToHost("x", "/large", folder.resolve("large"));
            };
        }

        boolean writes() {
            return this == UNPACK_EXPORT || this == UNPACK_SAVE || this == COPY_TO_HOST;
        }
    }

    /** How an Engine stops in the middle of an answer that began well. */
    enum Stop {
        CONNECTION_CUT(Truncated.class),
        CUT_IN_A_CHUNK(Truncated.class),
        ENDED_EARLY(Truncated.class),
        ERROR_IN_A_FILE(StreamFailed.class),
        /** Where another entry may begin; and long enough to be taken for one. */
        ERROR_BEHIND_A_FILE(StreamFailed.class),
        GARBAGE_BEHIND_A_FILE(Truncated.class);

        final Class<? extends DockerException> failure;

        Stop(Class<? extends DockerException> failure) {
            this.failure = failure;
        }
    }

    /** A client of an Engine that answers all requests for tars like this. */
    private static OnFakeEngine answering(FakeEngine.Handler handler) throws IOException {
        OnFakeEngine fake = new OnFakeEngine("1.51");
        for (String path : List.of("/containers/*/export", "/containers/*/archive", "/images/*/get", "/images/get")) {
            fake.engine.on("GET", path, handler);
        }
        return fake;
    }

    private static ChunkedAnswer start(Exchange exchange) throws IOException {
        String stat = "{\"name\":\"large\",\"size\":" + FILE.length() + ",\"mode\":420,"
                + "\"mtime\":\"2024-01-01T00:00:00Z\",\"linkTarget\":\"\"}";
        return exchange.startChunked(
                200,
                Map.of(
                        "Content-Type",
                        "application/x-tar",
                        "X-Docker-Container-Path-Stat",
                        Base64.getEncoder().encodeToString(stat.getBytes(StandardCharsets.UTF_8))));
    }

    private static byte[] beginning() {
        ByteBuffer all = ByteBuffer.allocate(CUT);
        for (ByteBuffer piece : FILE.tar().toIterable(1)) {
            all.put(piece.limit(Math.min(piece.limit(), piece.position() + all.remaining())));
            if (!all.hasRemaining()) {
                break;
            }
        }
        return all.array();
    }

    private static void send(Exchange exchange, Stop stop) throws IOException {
        ChunkedAnswer answer = start(exchange);
        answer.write(beginning(), LIMIT);
        switch (stop) {
            case CONNECTION_CUT -> exchange.close();
            case CUT_IN_A_CHUNK -> {
                exchange.raw("1000\r\nless than was said");
                exchange.close();
            }
            case ENDED_EARLY -> answer.end();
            case ERROR_IN_A_FILE -> answer.write(ERROR).end();
            case ERROR_BEHIND_A_FILE -> {
                writeRest(answer);
                answer.write(ERROR).end();
            }
            case GARBAGE_BEHIND_A_FILE -> {
                writeRest(answer);
                answer.write("no tar".repeat(100)).end();
            }
        }
    }

    /** What follows the beginning, to the end of the file. */
    private static void writeRest(ChunkedAnswer answer) throws IOException {
        for (long left = 512 + FILE.length() - CUT; left > 0; left -= 64 * 1024) {
            answer.write(new byte[(int) Math.min(left, 64 * 1024)], LIMIT);
        }
    }

    static List<Object[]> everyStop() {
        return Arrays.stream(Reading.values())
                .flatMap(reading -> Arrays.stream(Stop.values()).map(stop -> new Object[] {reading, stop}))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("everyStop")
    void aTarThatStopsIsAnError(Reading reading, Stop stop) throws Exception {
        Path target = folder.resolve("large");
        try (OnFakeEngine fake = answering(exchange -> send(exchange, stop))) {
            DockerException failure = OnFakeEngine.failure(stop.failure, reading.call(fake.docker, folder));

            if (stop.failure == StreamFailed.class) {
                assertThat(failure.engineMessage()).isEqualTo(REASON);
            }
            if (reading.writes()) {
                // What came stays, and nobody is told that it is all.
                assertThat(Files.size(target)).isGreaterThan(0).isLessThanOrEqualTo(FILE.length());
            }
            assertThat(TarTest.opened(target)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancellingWhatReadsATarClosesAll(Reading reading) throws Exception {
        Path target = folder.resolve("large");
        Gate gone = new Gate();
        try (OnFakeEngine fake = answering(exchange -> {
            start(exchange).write(beginning(), LIMIT);
            exchange.awaitPeerClosed(LIMIT);
            gone.open();
        })) {
            Flux<?> call = Flux.from(reading.call(fake.docker, folder));
            if (reading.writes()) {
                StepVerifier.create(call)
                        .expectSubscription()
                        .then(() -> EngineTest.eventually(() -> TarTest.opened(target) == 1))
                        .then(() -> assertThat(gone.isOpen()).isFalse())
                        .thenCancel()
                        .verify(LIMIT);
            } else {
                StepVerifier.create(call, 1)
                        .expectNextCount(1)
                        .then(() -> assertThat(gone.isOpen()).isFalse())
                        .thenCancel()
                        .verify(LIMIT);
            }

            gone.await();
            EngineTest.eventually(() -> TarTest.opened(target) == 0);
        }
    }

    /** All that sends a tar, to an Engine that reads a part of it and no more. */
    @ParameterizedTest
    @ValueSource(strings = {"copyFromHost", "copyIn", "load", "importImage", "build"})
    void cancellingWhatSendsATarClosesAll(String sending) throws Exception {
        Path source = folder.resolve("large");
        Files.write(source, new byte[(int) FILE.length()]);
        Gate reading = new Gate();
        Gate cancelled = new Gate();
        Gate gone = new Gate();
        FakeEngine.Handler stalls = exchange -> {
            assertThat(exchange.readBody(1024)).isNotEmpty();
            reading.open();
            cancelled.await();
            exchange.awaitPeerClosed(LIMIT);
            gone.open();
        };
        try (OnFakeEngine fake = new OnFakeEngine("1.51")) {
            fake.engine
                    .on("HEAD", "/containers/*/archive", exchange -> exchange.answer(404, "{\"message\":\"none\"}"))
                    .onHead("PUT", "/containers/*/archive", stalls)
                    .onHead("POST", "/images/load", stalls)
                    .onHead("POST", "/images/create", stalls)
                    .onHead("POST", "/build", stalls);

            StepVerifier.create(sending(fake.docker, sending, source))
                    .expectSubscription()
                    .then(() -> EngineTest.eventually(() -> reading.isOpen() && TarTest.opened(source) == 1))
                    .thenCancel()
                    .verify(LIMIT);
            cancelled.open();

            gone.await();
            EngineTest.eventually(() -> TarTest.opened(source) == 0);
        }
    }

    private static Mono<?> sending(DockerClient docker, String sending, Path source) {
        Flux<ByteBuffer> tar = Tar.of(source);
        return switch (sending) {
            case "copyFromHost" -> docker.containers().copyFromHost("x", source, "/large");
            case "copyIn" -> docker.containers().copyIn("x", "/", tar);
            case "load" -> docker.images().load(tar).result();
            case "importImage" -> docker.images().importImage(tar);
            case "build" -> docker.images().build(tar).result();
            default -> throw new IllegalArgumentException(sending);
        };
    }
}
