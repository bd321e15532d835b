package dev.fairlead.surface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.DockerClient;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.testing.FakeEngine;
import java.time.Duration;
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

    /** Where an answer has to come in time, however busy the machine is. */
    private static final Duration LONGER = Duration.ofSeconds(3);

    /** The Engine waits for the end of all calls, which are many and not begun at once. */
    private static final Duration WHOLE_TEST = Duration.ofSeconds(110);

    /** What may take long or be quiet. A new method is expected to answer at once unless it is named here. */
    private static final Set<String> PATIENT = Set.of(
            "containers.awaitExit",
            "containers.changes",
            "containers.copyIn",
            "containers.copyOut",
            "containers.copyToHost",
            "containers.createCheckpoint",
            "containers.export",
            "containers.logs",
            "containers.prune",
            "containers.remove",
            "containers.restart",
            "containers.start",
            "containers.stats",
            "containers.stop",
            "containers.update",
            "distribution.inspect",
            "execs.resize",
            "grpc",
            "images.build",
            "images.buildFrom",
            "images.commit",
            "images.importFrom",
            "images.importImage",
            "images.load",
            "images.prune",
            "images.pruneBuildCache",
            "images.pull",
            "images.pullAllTags",
            "images.push",
            "images.pushAllTags",
            "images.remove",
            "images.save",
            "images.saveAll",
            "images.search",
            "networks.connect",
            "networks.create",
            "networks.disconnect",
            "networks.prune",
            "networks.remove",
            "plugins.create",
            "plugins.disable",
            "plugins.enable",
            "plugins.privileges",
            "plugins.pull",
            "plugins.push",
            "plugins.remove",
            "plugins.upgrade",
            "services.create",
            "services.logs",
            "services.update",
            "session",
            "swarm.init",
            "swarm.join",
            "swarm.leave",
            "swarm.unlock",
            "swarm.update",
            "system.auth",
            "system.dataUsage",
            "system.eventSignals",
            "system.events",
            "tasks.logs",
            "volumes.create",
            "volumes.inspect",
            "volumes.list",
            "volumes.prune",
            "volumes.remove",
            "volumes.update");

    /** What looks something up first, in an answer that comes at once, and may be quiet from then on. */
    private static final Set<String> PATIENT_THEN = Set.of(
            "containers.attach",
            "containers.attachWebSocket",
            "containers.logLines",
            "containers.run",
            "containers.startAttached",
            "execs.open",
            "execs.start");

    /** How each method ended, by its name; those that have not ended are not in it. */
    private final Map<GroupMethod, Throwable> ends = new ConcurrentHashMap<>();

    @Test
    void onlyWhatIsAnsweredAtOnceHasATimeOut() throws Exception {
        try (FakeEngine engine = silent()) {
            List<GroupMethod> methods = GroupMethod.all();
            callAll(engine, methods, RESPONSE, 4);
            Map<String, String> wrong = new TreeMap<>();
            ends.forEach((method, failure) -> {
                if (!(failure instanceof ConnectionFailed failed)
                        || !failed.toString().contains(failed.operation() + ": ")
                        || !failed.toString().contains("no answer within 300 ms")) {
                    wrong.put(method.toString(), failure.toString());
                }
            });
            assertThat(wrong).isEmpty();
            assertThat(names(methods.stream()
                            .filter(method -> !ends.containsKey(method))
                            .toList()))
                    .isEqualTo(new TreeSet<>(PATIENT));
        }
    }

    @Test
    void whatIsLookedUpFirstIsFollowedByPatience() throws Exception {
        try (FakeEngine engine = silent()) {
            engine.on("GET", "/containers/*/json", exchange -> exchange.answer(200, "{\"Config\":{\"Tty\":false}}"));
            engine.on("POST", "/containers/create", exchange -> exchange.answer(201, "{\"Id\":\"c\",\"Warnings\":[]}"));
            engine.on("GET", "/exec/*/json", exchange -> exchange.answer(200, "{\"ProcessConfig\":{\"tty\":false}}"));
            engine.on("POST", "/containers/*/exec", exchange -> exchange.answer(201, "{\"Id\":\"e\"}"));
            List<GroupMethod> methods = GroupMethod.all().stream()
                    .filter(method -> PATIENT_THEN.contains(name(method)))
                    .toList();
            assertThat(names(methods)).isEqualTo(new TreeSet<>(PATIENT_THEN));
            callAll(engine, methods, LONGER, 2);
            assertThat(ends).isEmpty();
        }
    }

    /** Makes these calls, and cancels what has outlived several time-outs. */
    private void callAll(FakeEngine engine, List<GroupMethod> methods, Duration response, int times) throws Exception {
        Disposable.Composite calls = Disposables.composite();
        try (DockerClient docker = DockerClient.create(config -> config.host(engine.host())
                .apiVersion(ApiVersion.NEWEST)
                .responseTimeout(response)
                .maxConnections(1000))) {
            for (GroupMethod method : methods) {
                calls.add(Flux.from(method.call(docker, Samples.setsWhatIsNeeded()))
                        .subscribe(
                                value -> {},
                                failure -> ends.put(method, failure),
                                () -> ends.put(method, new IllegalStateException("completed"))));
            }
            // Each of these takes one time-out more; what has not ended by then has outlived several.
            for (int more = 0; more < times; more++) {
                StepVerifier.create(docker.system().info())
                        .expectError(ConnectionFailed.class)
                        .verify(LIMIT);
            }
            calls.dispose();
        }
    }

    private static Set<String> names(List<GroupMethod> methods) {
        return methods.stream().map(TimeoutsTest::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(GroupMethod method) {
        return (method.group() == null ? "" : method.group().getName() + ".")
                + method.method().getName();
    }

    private static FakeEngine silent() throws Exception {
        FakeEngine engine = FakeEngine.tcp();
        for (String method : new String[] {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
            engine.on(method, "/**", exchange -> exchange.awaitPeerClosed(WHOLE_TEST));
        }
        return engine;
    }
}
