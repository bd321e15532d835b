package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.RealEngine;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The kinds of exchange that there are, once more without the native transport. */
final class JdkTransportIT extends EngineTest {

    JdkTransportIT(RealEngine engine) {
        super(engine, false);
    }

    @Test
    void callsAndErrors() {
        assertThat(get(docker.system().info()).osType()).isEqualTo("linux");
        failure(NotFound.class, docker.containers().inspect("nosuch"));
    }

    @Test
    void runGivesOutputAndExit() {
        Run run = get(docker.containers().run(IMAGE, options -> options.cmd("sh", "-c", "cat; exit 3")
                .stdin(true)
                .container(this::marked)));
        done(run.session().write(Mono.just(bytes("hello"))).then(run.session().closeInput()));
        assertThat(text(run.output())).isEqualTo("hello");
        assertThat(get(run.exit()).code()).isEqualTo(3);
        assertThat(all(made())).isEmpty();
    }

    @Test
    void execSeesTheEndOfItsInput() {
        assertThat(get(docker.execs().run(idle(), exec -> exec.cmd("sh", "-c", "cat >/dev/null; echo done")
                                .stdin(Flux.range(0, 100).map(i -> bytes("x".repeat(10_000))))))
                        .stdoutText())
                .isEqualTo("done\n");
    }

    @Test
    void followedLogsCanBeCancelled() {
        String id = start("while :; do echo x; sleep 0.01; done");
        int before = openFiles();
        StepVerifier.create(
                        docker.containers().logs(id, logs -> logs.follow(true)).map(OutputFrame::text))
                .expectNext("x\n", "x\n", "x\n")
                .thenCancel()
                .verify(LIMIT);
        eventually(() -> openFiles() <= before);
    }

    @Test
    void importTakesAnUpload() {
        String id = get(docker.images().importImage(Flux.range(0, 20).map(i -> java.nio.ByteBuffer.allocate(512))));
        assertThat(get(docker.images().inspect(id)).id()).isEqualTo(id);
        assertThat(all(docker.images().remove(id))).isNotEmpty();
    }
}
