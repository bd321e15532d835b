package dev.fairlead.surface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.DockerClient;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.testing.FakeEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/**
 * Every method of every group against an Engine that takes the request and says nothing: what is answered at once fails at the response
 * time-out and says so; what may take long or be quiet goes on.
 */
@Timeout(120)
class TimeoutsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration RESPONSE = Duration.ofMillis(300);

    /** What may take long or be quiet. A new method is expected to answer at once unless it is named here. */
    private static final Set<String> PATIENT = Set.of();

    /** How each method ended, by its name; those that have not ended are not in it. */
    private final Map<GroupMethod, Throwable> ends = new ConcurrentHashMap<>();

    @Test
    void onlyWhatIsAnsweredAtOnceHasATimeOut() throws Exception {
        Disposable.Composite calls = Disposables.composite();
        try (FakeEngine engine = silent();
                DockerClient docker = DockerClient.create(config -> config.host(engine.host())
                        .apiVersion(ApiVersion.NEWEST)
                        .responseTimeout(RESPONSE)
                        .maxConnections(1000))) {
            List<GroupMethod> methods = GroupMethod.all();
            for (GroupMethod method : methods) {
                calls.add(Flux.from(method.call(docker, Samples.setsWhatIsNeeded()))
                        .subscribe(
                                value -> {},
                                failure -> ends.put(method, failure),
                                () -> ends.put(method, new IllegalStateException("completed"))));
            }
            // Each of these takes one time-out more; what has not ended by then has outlived several.
            for (int more = 0; more < 4; more++) {
                StepVerifier.create(docker.system().info())
                        .expectError(ConnectionFailed.class)
                        .verify(LIMIT);
            }
            java.nio.file.Files.write(java.nio.file.Path.of("/tmp/calls-names"), names(methods.stream().filter(m -> !ends.containsKey(m)).toList()));
            Map<String, String> wrong = new TreeMap<>();
            ends.forEach((method, failure) -> {
                if (!(failure instanceof ConnectionFailed failed)
                        || !failed.getMessage().contains("no answer within 300 ms")
                        || !failed.getMessage().startsWith(failed.operation())) {
                    wrong.put(method.toString(), failure.toString());
                }
            });
            assertThat(wrong).isEmpty();
            assertThat(names(methods.stream()
                            .filter(method -> !ends.containsKey(method))
                            .toList()))
                    .isEqualTo(new TreeSet<>(PATIENT));
            calls.dispose();
            engine.awaitOpenConnections(0, LIMIT);
        }
    }

    private static Set<String> names(List<GroupMethod> methods) {
        return methods.stream()
                .map(method -> (method.group() == null ? "" : method.group().getName() + ".")
                        + method.method().getName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static FakeEngine silent() throws Exception {
        FakeEngine engine = FakeEngine.tcp();
        for (String method : new String[] {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
            engine.on(method, "/**", exchange -> exchange.awaitPeerClosed(LIMIT));
        }
        return engine;
    }
}
