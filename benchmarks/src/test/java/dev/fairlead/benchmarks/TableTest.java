package dev.fairlead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TableTest {

    @Test
    void ratioIsToTheBetterDockerJava() {
        Results results = new Results();
        results.add(ClientKind.FAIRLEAD, run(300, 2));
        results.add(ClientKind.HTTPCLIENT5, run(100, 8));
        results.add(ClientKind.ZERODEP, run(150, 9));
        Table table = new Table();
        table.add(Scenario.PING_1, results);
        assertThat(table.text())
                .contains("| ping, 1 in flight: requests/s | 300 (2.00) | - | - | 100 | 150 | - |")
                .contains("| CPU µs a request | 2.00 (0.25) | - | - | 8.00 | 9.00 | - |")
                .contains("| ping, 1 in flight: requests/s | 1.20x | 1.70x | 2.00x | aim |")
                .contains("| ping, 64 in flight: requests/s | 3.00x | 6.00x | - | not measured |");
    }

    @Test
    void whatFailedIsNoPeerAndHasItsReason() {
        Results results = new Results();
        results.add(ClientKind.FAIRLEAD, run(300, 2));
        results.add(ClientKind.HTTPCLIENT5, run(200, 4));
        results.add(ClientKind.ZERODEP, run(1000, 1));
        results.fail(ClientKind.ZERODEP, "gave up");
        Table table = new Table();
        table.add(Scenario.EVENTS, results);
        assertThat(table.text())
                .contains("| events: events/s | 300 (1.50) | - | - | 200 | failed [1] | - |")
                .contains("[1] failed: events, docker-java zerodep: gave up")
                .contains("| events: events/s | 2.00x | 4.00x | 1.50x | missed |");
    }

    @Test
    void medianOfAnEvenNumberIsBetweenTheMiddleTwo() {
        Results results = new Results();
        for (double rate : new double[] {9, 1, 4, 2}) {
            results.add(ClientKind.PLAIN, run(rate, 1));
        }
        assertThat(results.median(ClientKind.PLAIN, Metric.RATE)).hasValue(3);
    }

    @Test
    void optionsAreNamed() {
        CompareOptions options =
                CompareOptions.parse("ping-64", "logs-128", "--quick", "clients=fairlead", "mebibytes=2");
        assertThat(options.scenarios()).containsExactly(Scenario.PING_64, Scenario.LOGS_128);
        assertThat(options.clients()).containsExactly(ClientKind.FAIRLEAD);
        assertThat(options.runs()).isEqualTo(2);
        assertThat(options.sizes()).isEqualTo(new Sizes(2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> CompareOptions.parse("quick"));
    }

    private static Measurement run(double rate, double cpu) {
        return new Measurement(Map.of(Metric.RATE, rate, Metric.CPU, cpu));
    }
}
