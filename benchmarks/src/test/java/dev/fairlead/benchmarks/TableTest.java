package dev.fairlead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TableTest {

    @Test
    void ratioIsToTheBetterDockerJava() {
        Table table = new Table();
        table.add(
                Scenario.PING_1,
                Map.of(
                        ClientKind.FAIRLEAD, List.of(new Measurement(300, 2, 1)),
                        ClientKind.HTTPCLIENT5, List.of(new Measurement(100, 8, 4)),
                        ClientKind.ZERODEP, List.of(new Measurement(150, 9, 2))));
        assertThat(table.text())
                .contains("| ping, 1 in flight: requests/s | 300 (2.00) | - | 100 | 150 | - |")
                .contains("| CPU µs a request | 2.00 (0.25) | - | 8.00 | 9.00 | - |");
    }

    @Test
    void medianOfAnEvenNumberIsBetweenTheMiddleTwo() {
        assertThat(Table.median(List.of(9, 1, 4, 2), Integer::doubleValue)).isEqualTo(3);
    }

    @Test
    void optionsAreNamed() {
        CompareOptions options = CompareOptions.parse("scenarios=ping-64,logs-128", "clients=fairlead", "runs=2");
        assertThat(options.scenarios()).containsExactly(Scenario.PING_64, Scenario.LOGS_128);
        assertThat(options.clients()).containsExactly(ClientKind.FAIRLEAD);
        assertThat(options.runs()).isEqualTo(2);
        assertThatIllegalArgumentException().isThrownBy(() -> CompareOptions.parse("quick"));
    }
}
