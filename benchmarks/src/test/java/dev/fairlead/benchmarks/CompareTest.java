package dev.fairlead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole comparison, with its processes. */
@Timeout(120)
final class CompareTest {

    @Test
    void eachWayOfMeasuringGivesARow() throws Exception {
        String table = Compare.run(CompareOptions.parse(
                        "ping-1",
                        "streams-1000",
                        "slow",
                        "start",
                        "clients=fairlead,plain",
                        "runs=1",
                        "warmups=0",
                        "millis=1",
                        "mebibytes=1",
                        "divisor=500"))
                .text();
        assertThat(table)
                .containsPattern("\\| ping, 1 in flight: requests/s \\| [0-9.,]+ \\| - \\| - \\| - \\| [0-9.,]+ \\|")
                .containsPattern("\\| 1,000 open followed logs: ms \\| [0-9.,]+ \\|")
                .containsPattern("\\| slow consumer: KiB taken ahead \\| [0-9.,]+ \\|")
                .containsPattern("\\| cold start to the first inspect: ms \\| [0-9.,]+ \\|")
                .contains("| ping, 1 in flight: requests/s | 1.20x | 1.70x |")
                .doesNotContain("failed");
    }

    @Test
    void failureIsNamedAndEndsNothingElse() throws Exception {
        // Time for nothing.
        Table table = Compare.run(CompareOptions.parse(
                "ping-1",
                "events",
                "clients=plain",
                "runs=1",
                "warmups=0",
                "millis=1",
                "divisor=500",
                "limit=0"));
        assertThat(table.hasFailures()).isTrue();
        assertThat(table.text())
                .contains("| ping, 1 in flight: requests/s | - | - | - | - | failed [1] |")
                .contains("| events: events/s | - | - | - | - | failed [2] |")
                .contains("[1] failed: ping, 1 in flight, plain blocking socket: no answer within 0 s");
    }
}
