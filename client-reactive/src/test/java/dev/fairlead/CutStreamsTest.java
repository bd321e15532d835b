package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.ContainerStatsResponse;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.FakeEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What real Engines sent for an attach, an exec and statistics, cut at every byte: what was sent is delivered and no more, and the
 * end is told for what it is.
 */
@Timeout(240)
final class CutStreamsTest {

    private static final Duration ALL = Duration.ofSeconds(100);

    @TempDir
    Path folder;

    /** How a stream ended, and what came before. */
    private record Seen<T>(List<T> values, @Nullable Throwable failure) {}

    private static byte[] recorded(String name) throws IOException {
        try (var resource = CutStreamsTest.class.getResourceAsStream("/recorded/" + name + ".http")) {
            return Objects.requireNonNull(resource, name).readAllBytes();
        }
    }

    private static int headLength(byte[] answer) {
        return new String(answer, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
    }

    /** One stream for each number of bytes that are sent before the connection ends; the number is the name of what is asked for. */
    private <T> List<Seen<T>> cutAtEveryByte(
            byte[] answer,
            String version,
            boolean tty,
            boolean tcp,
            Function<DockerClient, Function<String, Flux<T>>> ask)
            throws IOException {
        FakeEngine.Handler cut = exchange -> {
            String[] path = exchange.request().path().split("/", -1);
            int length = Integer.parseInt(path[path.length - 2]);
            exchange.raw(Arrays.copyOf(answer, length));
            exchange.close();
        };
        try (FakeEngine engine = (tcp ? FakeEngine.tcp() : FakeEngine.unix(folder.resolve("cut.sock")))
                        .apiVersion(version)
                        .on("POST", "/containers/*/attach", cut)
                        .on("POST", "/exec/*/start", cut)
                        .on("GET", "/containers/*/stats", cut)
                        .on(
                                "GET",
                                "/containers/*/json",
                                exchange -> exchange.answer(
                                        200,
                                        "{\"Config\":{\"Tty\":" + tty
                                                + "},\"State\":{\"Status\":\"running\",\"Running\":true}}"))
                        .on(
                                "GET",
                                "/exec/*/json",
                                exchange -> exchange.answer(200, "{\"ProcessConfig\":{\"tty\":" + tty + "}}"));
                DockerClient docker = DockerClient.create(config -> config.host(engine.host()))) {
            Function<String, Flux<T>> one = ask.apply(docker);
            return Objects.requireNonNull(Flux.range(0, answer.length + 1)
                    .flatMapSequential(length -> seen(one.apply(String.valueOf(length))), 8)
                    .collectList()
                    .block(ALL));
        }
    }

    private static <T> Mono<Seen<T>> seen(Flux<T> stream) {
        return Mono.defer(() -> {
            List<T> values = new ArrayList<>();
            return stream.timeout(OnFakeEngine.LIMIT)
                    .doOnNext(values::add)
                    .then(Mono.fromSupplier(() -> new Seen<>(values, null)))
                    .onErrorResume(failure -> Mono.just(new Seen<>(values, failure)));
        });
    }

    private static Flux<OutputFrame> attach(DockerClient docker, String id) {
        return docker.containers().attach(id).flatMapMany(Session::output);
    }

    private static Flux<OutputFrame> exec(DockerClient docker, String id) {
        return docker.execs().start(id).flatMapMany(Session::output);
    }

    private void verifyFrames(byte[] answer, List<Seen<OutputFrame>> all) {
        int head = headLength(answer);
        List<OutputFrame> whole = new ArrayList<>();
        ByteBuffer left = ByteBuffer.wrap(answer, head, answer.length - head);
        List<Integer> ends = new ArrayList<>(List.of(head));
        while (left.hasRemaining()) {
            byte type = left.get();
            left.position(left.position() + 3);
            byte[] payload = new byte[left.getInt()];
            left.get(payload);
            whole.add(type == 2 ? OutputFrame.stderr(payload) : OutputFrame.stdout(payload));
            ends.add(left.position());
        }
        assertThat(whole).hasSizeGreaterThan(1);
        for (int length = 0; length <= answer.length; length++) {
            Seen<OutputFrame> seen = all.get(length);
            int sent = length;
            if (length < head) {
                assertThat(seen.failure()).as("cut at %d", length).isInstanceOf(ConnectionFailed.class);
                assertThat(seen.values()).isEmpty();
                continue;
            }
            int count = (int) ends.stream().filter(end -> end <= sent).count() - 1;
            assertThat(seen.values()).as("cut at %d", length).isEqualTo(whole.subList(0, count));
            if (ends.contains(length)) {
                // An end between two frames says nothing: the exit code of the exec or of the container tells.
                assertThat(seen.failure()).as("cut at %d", length).isNull();
            } else {
                assertThat(seen.failure()).as("cut at %d", length).isInstanceOf(Truncated.class);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"attach-20.10, 1.41", "attach-28.5, 1.51", "exec-20.10, 1.41", "exec-28.5, 1.51"})
    void framesAreDeliveredAsTheyWereSent(String recording, String version) throws IOException {
        byte[] answer = recorded(recording);
        boolean attached = recording.startsWith("attach");
        for (boolean tcp : new boolean[] {false, true}) {
            verifyFrames(
                    answer,
                    cutAtEveryByte(
                            answer,
                            version,
                            false,
                            tcp,
                            docker -> id -> attached ? attach(docker, id) : exec(docker, id)));
        }
    }

    @ParameterizedTest
    @CsvSource({"exec-tty-20.10, 1.41", "exec-tty-28.5, 1.51"})
    void aTerminalsBytesAreDeliveredAsTheyWereSent(String recording, String version) throws IOException {
        byte[] answer = recorded(recording);
        int head = headLength(answer);
        List<Seen<OutputFrame>> all = cutAtEveryByte(answer, version, true, false, docker -> id -> exec(docker, id));
        for (int length = 0; length <= answer.length; length++) {
            Seen<OutputFrame> seen = all.get(length);
            String text = String.join(
                    "", seen.values().stream().map(OutputFrame::text).toList());
            assertThat(text)
                    .isEqualTo(new String(
                            answer, Math.min(head, length), Math.max(0, length - head), StandardCharsets.UTF_8));
            if (length < head) {
                assertThat(seen.failure()).isInstanceOf(ConnectionFailed.class);
            } else {
                assertThat(seen.failure()).isNull();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"stats-20.10, 1.41", "stats-28.5, 1.51"})
    void samplesAreDeliveredAsTheyWereSent(String recording, String version) throws IOException {
        byte[] answer = recorded(recording);
        int head = headLength(answer);
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        // Each sample is one line; the answer's framing is around it.
        int[] ends = IntStream.range(0, text.length())
                .filter(at -> text.startsWith("}\n\r\n", at))
                .map(at -> at + 1)
                .toArray();
        assertThat(ends).hasSizeGreaterThan(1);
        List<Seen<ContainerStatsResponse>> all = cutAtEveryByte(
                answer,
                version,
                false,
                false,
                docker -> id -> docker.containers().stats(id));
        List<ContainerStatsResponse> whole = all.get(answer.length).values();
        assertThat(whole).hasSize(ends.length);
        assertThat(all.get(answer.length).failure()).isNull();
        for (int length = 0; length < answer.length; length++) {
            int sent = length;
            Seen<ContainerStatsResponse> seen = all.get(length);
            int count = (int) Arrays.stream(ends).filter(end -> end <= sent).count();
            assertThat(seen.values()).as("cut at %d", length).isEqualTo(whole.subList(0, count));
            assertThat(seen.failure())
                    .as("cut at %d", length)
                    .isInstanceOf(length < head ? ConnectionFailed.class : Truncated.class);
        }
    }
}
