package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testing.ChildJvm;
import dev.fairlead.testing.FakeEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a program has left of its clients when it has closed them: nothing that grows, and nothing that keeps it from ending. */
@Timeout(120)
class ClosedProgramTest {

    @Test
    void leavesNoThreadAndNoFileAndEnds() throws Exception {
        FakeEngine engine = UnderWay.engine();
        try (ChildJvm program = ChildJvm.start(
                ClosedProgram.class, List.of("-Dio.netty.leakDetection.level=paranoid"), engine.host())) {
            assertThat(program.figures()).isEqualTo(Map.of("threads", 0L, "files", 0L, "lasting", 0L, "leaks", 0L));
            assertThat(program.exitStatus(Duration.ofSeconds(10))).isZero();
            engine.awaitOpenConnections(0, UnderWay.LIMIT);
        } finally {
            engine.stop();
        }
    }
}
