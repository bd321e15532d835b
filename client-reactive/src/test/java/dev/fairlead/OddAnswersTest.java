package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.json.Json;
import dev.fairlead.model.ContainerInspectResponse;
import dev.fairlead.model.ContainerStatsResponse;
import dev.fairlead.model.ImageInspect;
import dev.fairlead.model.NetworkInspect;
import dev.fairlead.model.Node;
import dev.fairlead.model.Plugin;
import dev.fairlead.model.Service;
import dev.fairlead.model.Swarm;
import dev.fairlead.model.SystemInfo;
import dev.fairlead.model.Task;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.netty.resources.LoopResources;

/**
 * What is out of the ordinary is read by databind, which makes what it reads a type with under a lock: no event loop may wait for
 * another one there. The guard of all tests tells if one does.
 */
@Timeout(60)
final class OddAnswersTest {

    private static final int LOOPS = 4;
    private static final List<Class<?>> TYPES = List.of(
            ContainerInspectResponse.class,
            SystemInfo.class,
            Service.class,
            Task.class,
            Node.class,
            Swarm.class,
            ImageInspect.class,
            NetworkInspect.class,
            Plugin.class,
            ContainerStatsResponse.class);

    private final LoopResources loops = LoopResources.create("odd-answers", LOOPS, true);

    @AfterEach
    void dispose() {
        loops.disposeLater().block();
    }

    @Test
    void noEventLoopWaitsForAnotherThatReads() throws Exception {
        for (Class<?> type : TYPES) {
            byte[] odd = "{\"ID\":7,\"Id\":7}".getBytes(StandardCharsets.UTF_8);
            assertThat(onAll(() -> Json.read("GET /odd", odd, type))).hasOnlyElementsOfType(type);
        }
    }

    @Test
    void noEventLoopWaitsForAnotherThatWrites() throws Exception {
        for (Class<?> type : TYPES) {
            Object value = Json.read("GET /odd", "{\"New\":{}}".getBytes(StandardCharsets.UTF_8), type);
            assertThat(onAll(() -> Json.write(value))).hasSize(LOOPS);
        }
    }

    /** Does it on all event loops at once. */
    private List<Object> onAll(Callable<Object> work) throws Exception {
        List<Future<Object>> begun = new ArrayList<>();
        for (int loop = 0; loop < LOOPS; loop++) {
            begun.add(loops.onServer(false).next().submit(work));
        }
        List<Object> done = new ArrayList<>();
        for (Future<Object> each : begun) {
            done.add(each.get(20, TimeUnit.SECONDS));
        }
        return done;
    }
}
