package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.OutputFrame;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Many short runs at once: nothing is lost and nothing is left. */
@NewestEngine
final class ManyRunsIT extends EngineTest {

    private static final int AT_A_TIME = 16;

    ManyRunsIT(RealEngine engine) {
        super(engine);
    }

    @Test
    void everyRunGivesItsOutputAndLeavesNothing() {
        int runs = Figures.inFull() ? 1_000 : 100;
        // Once before it counts: what the first run loads and opens stays.
        assertThat(runs(AT_A_TIME)).hasSize(AT_A_TIME);
        int before = openFiles();
        long start = System.nanoTime();
        List<String> ends = runs(runs);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(ends).hasSize(runs).containsOnly("x\n0");
        assertThat(all(made())).isEmpty();
        eventually(() -> openFiles() <= before);
        Figures.add(
                engine.version(),
                runs + " runs, " + AT_A_TIME + " at a time, " + before + " files open before and " + openFiles()
                        + " after",
                took);
    }

    /** Output and exit code of each, by a client of their own. */
    private List<String> runs(int count) {
        try (DockerClient client = client(config -> {})) {
            return Flux.range(0, count)
                    .flatMap(
                            i -> client.containers()
                                    .run(IMAGE, run -> run.cmd("echo", "x").container(this::marked))
                                    .flatMap(run -> Mono.zip(
                                            run.output()
                                                    .map(OutputFrame::text)
                                                    .collect(StringBuilder::new, StringBuilder::append),
                                            run.exit(),
                                            (output, exit) -> output.toString() + exit.code())),
                            AT_A_TIME)
                    .collectList()
                    .blockOptional(Duration.ofMinutes(10))
                    .orElseThrow();
        }
    }
}
