package dev.fairlead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole comparison, with its processes. */
@Timeout(120)
final class CompareTest {

    // The other clients are in ClientsTest: here it is about the processes, and theirs take long.
    @Test
    void eachWayOfMeasuringGivesARow() throws Exception {
        assertThat(measure("ping-1", "streams-1000", "slow", "start", "clients=plain"))
                .containsPattern("\\| ping, 1 in flight: requests/s \\| - \\| - \\| - \\| - \\| - \\| [0-9.,]+ \\|")
                .containsPattern("\\| 1,000 open followed logs: ms \\| - \\| - \\| - \\| - \\| - \\| [0-9.,]+ \\|")
                .containsPattern("\\| slow consumer: KiB taken ahead \\| - \\| - \\| - \\| - \\| - \\| [0-9.,]+ \\|")
                .containsPattern(
                        "\\| cold start to the first inspect: ms \\| - \\| - \\| - \\| - \\| - \\| [0-9.,]+ \\|")
                .doesNotContain("failed");
    }

    @Test
    void whatFairleadReachesStandsBesideTheTargets() throws Exception {
        assertThat(measure("streams-1000", "clients=fairlead"))
                .containsPattern("\\| 1,000 open followed logs: threads added \\| 0.00 \\| 0.00 \\| [0-9.,]+ \\|")
                .contains("| ping, 1 in flight: requests/s | 1.20x | 1.70x | - | not measured |");
    }

    @Test
    void anotherEngineCanBeMeasured(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("another.sock");
        try (FakeEngine engine = FakeEngine.start(socket)) {
            assertThat(measure("ping-1", "clients=plain", "engine=" + socket)).doesNotContain("failed");
            assertThat(engine.requests()).isPositive();
        }
    }

    private static String measure(String... arguments) throws Exception {
        List<String> tiny = new ArrayList<>(List.of(arguments));
        tiny.addAll(List.of("runs=1", "warmups=0", "millis=1", "mebibytes=1", "divisor=500"));
        return Compare.run(CompareOptions.parse(tiny.toArray(String[]::new))).text();
    }

    @Test
    void failureIsNamedAndEndsNothingElse() throws Exception {
        // Time for nothing.
        Table table = Compare.run(CompareOptions.parse(
                "ping-1", "events", "clients=plain", "runs=1", "warmups=0", "millis=1", "divisor=500", "limit=0"));
        assertThat(table.hasFailures()).isTrue();
        assertThat(table.text())
                .contains("| ping, 1 in flight | - | - | - | - | - | failed [1] |")
                .contains("| events | - | - | - | - | - | failed [2] |")
                .contains("[1] failed: ping, 1 in flight, plain socket: no answer within 0 s");
    }
}
