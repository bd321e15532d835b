package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.ContainerInspectResponse;
import dev.fairlead.model.ContainerStatsResponse;
import dev.fairlead.model.HostConfig;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.RealEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class ContainerUseIT extends EngineTest {

    ContainerUseIT(RealEngine engine) {
        super(engine);
    }

    @Test
    void statsComeAsLongAsTheyAreAskedFor() {
        String id = idle();

        List<ContainerStatsResponse> samples = all(docker.containers().stats(id).take(2));

        Instant first = Objects.requireNonNull(samples.get(0).read());
        assertThat(samples.get(1).read()).isAfter(first);
        assertThat(Objects.requireNonNull(samples.get(1).cpuStats()).systemCpuUsage())
                .isPositive();
        failure(NotFound.class, docker.containers().stats("missing"));
    }

    @Test
    void statsOnceHasASampleToCompareWith() {
        ContainerStatsResponse stats = get(docker.containers().statsOnce(idle()));

        assertThat(Objects.requireNonNull(stats.preRead())).isBefore(stats.read());
    }

    @Test
    void oneShotStatsHaveNothingToCompareWith() {
        String id = idle();
        since(41, client -> client.containers().statsOnce(client == docker ? id : "x", how -> how.oneShot(true)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> docker.containers().statsOnce(id, how -> how.stream(true)))
                .withMessageContaining("stream");
    }

    @Test
    void updateChangesLimits() {
        String id = idle();

        get(docker.containers().update(id, limits -> limits.memory(64L << 20).memorySwap(128L << 20)));

        ContainerInspectResponse container = get(docker.containers().inspect(id));
        HostConfig host = Objects.requireNonNull(container.hostConfig());
        assertThat(host.memory()).isEqualTo(64L << 20);
        failure(NotFound.class, docker.containers().update("missing", limits -> limits.memory(64L << 20)));
    }

    @Test
    void pruneRemovesOnlyWhatTheFiltersSelect() {
        String removed = create(container -> container.cmd("true").label("fairlead.prune", "yes"));
        String kept = create("true");

        assertThat(get(docker.containers().prune(prune -> prune.filters(which -> which.label("fairlead.prune=yes"))))
                        .containersDeleted())
                .containsExactly(removed);
        assertThat(get(docker.containers().inspect(kept)).id()).isEqualTo(kept);
    }

    private String reader() {
        return create(container -> container
                .cmd("sh", "-c", "cat; echo over >&2")
                .openStdin(true)
                .stdinOnce(true)
                .attachStdin(true));
    }

    @Test
    void webSocketEchoesToItsEnd() {
        String id = reader();
        Session session = get(attached(id));
        done(docker.containers().start(id));

        Mono<String> output = session.output()
                .map(OutputFrame::text)
                .collect(StringBuilder::new, StringBuilder::append)
                .map(StringBuilder::toString);
        Mono<Void> input =
                session.write(Flux.just(bytes("hello\n"), bytes("world\n"))).then(session.closeInput());

        String all = get(Mono.zip(output, input.thenReturn(true))).getT1();
        // The Engine passes on each output by itself: there is no order between the two.
        assertThat(all.replaceFirst("over\n", "")).isEqualTo("hello\nworld\n");
        assertThat(all).contains("over\n");
    }

    private Mono<Session> attached(String id) {
        return docker.containers().attachWebSocket(id, attach -> {
            if (has42()) {
                attach.stdin(true).stdout(true).stderr(true);
            }
        });
    }

    private boolean has42() {
        return has(42);
    }

    @Test
    void webSocketCarriesFramesOfEveryLength() {
        String id = reader();
        Session session = get(attached(id));
        done(docker.containers().start(id));
        String text = "0123456789abcdef".repeat(20 * 1024);

        Mono<Long> output =
                session.output().map(frame -> (long) frame.bytes().remaining()).reduce(0L, Long::sum);
        Mono<Void> input = session.write(
                        Flux.just(bytes(""), bytes("1".repeat(125)), bytes("2".repeat(126)), bytes(text)))
                .then(session.closeInput());

        assertThat(get(Mono.zip(output, input.thenReturn(true))).getT1()).isEqualTo(125 + 126 + text.length() + 5);
    }

    @Test
    void webSocketReplaysTheLogAndEnds() {
        String id = ended("echo out; echo err >&2");

        Session session = get(docker.containers().attachWebSocket(id, attach -> attach.logs(true)));

        assertThat(text(session.output())).contains("out\n").contains("err\n");
        failure(NotFound.class, docker.containers().attachWebSocket("missing"));
    }

    @Test
    void webSocketsOutputIsLive() {
        String id = create("while :; do echo tick; sleep 0.05; done");
        Session session = get(docker.containers().attachWebSocket(id));
        done(docker.containers().start(id));

        assertThat(get(session.output().map(OutputFrame::text).next().timeout(Duration.ofSeconds(30))))
                .startsWith("tick");
    }

    @Test
    void checkpointsNeedAnExperimentalEngine() {
        String id = idle();

        assertThat(failure(DockerException.class, docker.containers().checkpoints(id))
                        .status())
                .isGreaterThanOrEqualTo(400);
        assertThat(failure(DockerException.class, docker.containers().createCheckpoint(id, "one"))
                        .status())
                .isGreaterThanOrEqualTo(400);
        assertThat(failure(DockerException.class, docker.containers().removeCheckpoint(id, "one"))
                        .status())
                .isGreaterThanOrEqualTo(400);
    }
}
