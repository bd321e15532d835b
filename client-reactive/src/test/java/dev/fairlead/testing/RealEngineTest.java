package dev.fairlead.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A missing Engine fails the tests, and says why. */
class RealEngineTest {

    @Test
    void failsWithTheOutputOfTheTool() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> RealEngine.tool(Duration.ofSeconds(30), "start", "1.2", "/tmp/none"))
                .withMessageContaining("exit status 2")
                .withMessageContaining("no such version: 1.2");
    }

    @Test
    void failsEachClassWithTheFirstFailure() {
        AssertionError cause = new AssertionError("dockerd: not found");
        RealEngineExtension.Start failed = RealEngineExtension.Start.of(() -> {
            throw cause;
        });
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(failed::engine)
                .withCause(cause);
        failed.close();
    }

    @Test
    void findsTheRepository() {
        assertThat(Repository.root().resolve("pom.xml")).exists();
    }
}
