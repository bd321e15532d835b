package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.testing.Forwarder;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Containers made over connections that break anywhere, with retries on. */
@NewestEngine
final class CreateOnceIT extends EngineTest {

    private static final int CALLS = 100;
    private static final String CALL = "dev.fairlead.call";

    CreateOnceIT(RealEngine engine) {
        super(engine);
    }

    @Test
    @Timeout(180)
    void noCallMakesTwoContainers() throws Exception {
        long seed = Long.getLong("fairlead.seed", System.nanoTime());
        Random random = new Random(seed);
        Map<String, String> made = new ConcurrentHashMap<>();
        long begin = System.nanoTime();
        try (Forwarder forwarder = new Forwarder(engine.host());
                DockerClient client = DockerClient.create(config -> config.host(forwarder.host())
                        .apiVersion(get(docker.apiVersion()))
                        .retries(Retries.of(how -> how.attempts(5)
                                .budget(1000)
                                .firstWait(Duration.ofMillis(5))
                                .longestWait(Duration.ofMillis(50)))))) {
            // A call and its answer are about a thousand bytes: in the first, between the two, in the answer, behind
            // it.
            forwarder.endAfter(() -> {
                synchronized (random) {
                    return random.nextInt(2000);
                }
            });
            done(Flux.range(0, CALLS)
                    .flatMap(call -> create(client, String.valueOf(call), made), 8)
                    .then());
            assertThat(forwarder.endedEarly()).isPositive();
            Map<String, Long> found = all(made()).stream()
                    .map(CreateOnceIT::call)
                    .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
            assertThat(found).as("seed %s", seed).allSatisfy((call, containers) -> assertThat(containers)
                    .isEqualTo(1));
            assertThat(found.keySet()).as("seed %s", seed).containsAll(made.keySet());
            assertThat(made.size()).as("seed %s", seed).isBetween(1, CALLS - 1);
            Figures.add(
                    engine.version(),
                    CALLS + " creates, " + forwarder.endedEarly() + " connections cut, " + made.size() + " answered, "
                            + found.size() + " containers, none twice",
                    Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    private Mono<Void> create(DockerClient client, String call, Map<String, String> made) {
        return client.containers()
                .create(IMAGE, container -> marked(container).label(CALL, call))
                .doOnNext(created -> made.put(call, created.id()))
                .onErrorResume(DockerException.class, lost -> Mono.empty())
                .then();
    }

    private static String call(ContainerSummary container) {
        return String.valueOf(container.labels().get(CALL));
    }
}
