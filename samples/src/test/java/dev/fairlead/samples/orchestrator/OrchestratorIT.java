package dev.fairlead.samples.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.BuildContext;
import dev.fairlead.DockerClient;
import dev.fairlead.model.ContainerStatus;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.EventType;
import dev.fairlead.samples.testing.Program;
import dev.fairlead.tools.PrivateEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** The orchestrator as it is run, against what happens to containers and Engines. */
class OrchestratorIT {

    private static final boolean LONG = Boolean.getBoolean("fairlead.long");
    private static final int CONTAINERS = LONG ? 300 : 60;
    private static final int KILLED = LONG ? 50 : 15;
    private static final int AT_A_TIME = Runtime.getRuntime().availableProcessors();
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(2);
    private static final Duration REACTS_WITHIN = Duration.ofMillis(100);
    private static final Pattern REACTION = Pattern.compile(" ended with 137, (-?\\d+) ms ago$");

    private static PrivateEngine engine;
    private static DockerClient docker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        engine = new PrivateEngine();
        docker = DockerClient.create(config -> config.host(engine.host()));
    }

    @AfterAll
    static void stop() {
        docker.close();
        engine.close();
    }

    @Test
    void whatIsKilledComesBackAndNothingIsLeftAtTheEnd() throws Exception {
        String whole = "many: " + CONTAINERS + " of " + CONTAINERS + " run";
        try (Program orchestrator = orchestrate(declaration("many", CONTAINERS), "--remove", "--grace", "0s")) {
            long begun = System.nanoTime();
            int line = orchestrator.await(0, whole::equals, LIMIT);
            Duration started = Duration.ofNanos(System.nanoTime() - begun);

            Instant now = Instant.now();
            CompletableFuture<List<EventMessage>> events = docker.system()
                    .events(which -> which.since(now).filters(filters -> filters.type(EventType.CONTAINER)
                            .event("die", "start")))
                    .take(2L * KILLED)
                    .collectList()
                    .toFuture();
            kill();
            List<Duration> waits = waits(events.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
            List<String> lines = orchestrator.lines();
            List<Duration> reactions = reactions(lines.subList(line, lines.size()));
            // Some may have been back before the last one was killed.
            orchestrator.await(lastEnd(lines), whole::equals, LIMIT);
            System.out.printf(
                    "orchestrator: %d started in %d ms; %d killed, decided after: p50 %d ms, p99 %d ms;"
                            + " all back after: p50 %d ms, p99 %d ms%n",
                    CONTAINERS,
                    started.toMillis(),
                    KILLED,
                    percentile(reactions, 50),
                    percentile(reactions, 99),
                    percentile(waits, 50),
                    percentile(waits, 99));
            // Where others use the machine, single events may be late without any fault of ours.
            assertThat(reactions.get(LONG ? KILLED * 99 / 100 : KILLED / 2)).isLessThan(REACTS_WITHIN);
            // Where the machine has no time for so many starts in so little, it is the Engine that is waited for.
            Duration limit =
                    longer(BACK_WITHIN, started.multipliedBy(2L * KILLED).dividedBy(CONTAINERS));
            assertThat(waits).allSatisfy(wait -> assertThat(wait).isLessThan(limit));

            List<Duration> lone = waits(killInTurn());
            System.out.printf(
                    "orchestrator: %d killed, %d at a time, back after: p50 %d ms, p99 %d ms%n",
                    KILLED, AT_A_TIME, percentile(lone, 50), percentile(lone, 99));
            assertThat(lone.get(LONG ? KILLED * 99 / 100 : KILLED * 9 / 10)).isLessThan(BACK_WITHIN);
            line = orchestrator.await(lastEnd(orchestrator.lines()), whole::equals, LIMIT);

            long start = System.nanoTime();
            engine.restart();
            Duration restarted = Duration.ofNanos(System.nanoTime() - start);
            orchestrator.await(line, whole::equals, LIMIT);
            System.out.printf(
                    "orchestrator: Engine restarted in %d ms, %d back after %d ms%n",
                    restarted.toMillis(),
                    CONTAINERS,
                    Duration.ofNanos(System.nanoTime() - start).toMillis());
            assertThat(list("many"))
                    .hasSize(CONTAINERS)
                    .allMatch(container -> ContainerStatus.RUNNING.equals(container.state()));

            assertThat(orchestrator.terminate(LIMIT)).isZero();
            assertThat(list("many")).isEmpty();
            orchestrator.lines().stream()
                    .filter(text -> text.contains("decided within"))
                    .forEach(System.out::println);
        }
    }

    /** From the end of each container to the decision what to do about it, as the orchestrator says; the longest last. */
    private static List<Duration> reactions(List<String> lines) {
        List<Duration> reactions = lines.stream()
                .map(REACTION::matcher)
                .filter(Matcher::find)
                .map(found -> Duration.ofMillis(Long.parseLong(found.group(1))))
                .sorted()
                .toList();
        assertThat(reactions).hasSize(KILLED);
        return reactions;
    }

    private static int lastEnd(List<String> lines) {
        int last = lines.size() - 1;
        while (!REACTION.matcher(lines.get(last)).find()) {
            last--;
        }
        return last;
    }

    private static long percentile(List<Duration> sorted, int percent) {
        return sorted.get(sorted.size() * percent / 100).toMillis();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** All at once; the Engine takes as long as it takes, and each counts from its own event. */
    private static void kill() {
        Flux.fromIterable(list("many"))
                .take(KILLED)
                .flatMap(container -> docker.containers().kill(container.id()), KILLED)
                .then()
                .block(LIMIT);
    }

    /** Others than those, and no more at a time than the orchestrator starts: nothing waits for another's start. */
    private static List<EventMessage> killInTurn() {
        return Flux.fromIterable(list("many"))
                .takeLast(KILLED)
                .flatMap(container -> killed(container.id()), AT_A_TIME)
                .collectList()
                .blockOptional(LIMIT)
                .orElseThrow();
    }

    /** Its end and its start. */
    private static Flux<EventMessage> killed(String id) {
        Instant now = Instant.now();
        return docker.containers()
                .kill(id)
                .thenMany(docker.system()
                        .events(which -> which.since(now).filters(filters -> filters.type(EventType.CONTAINER)
                                .container(id)
                                .event("die", "start")))
                        .take(2));
    }

    /** From the end of each container to its start, by the Engine's clock; the longest last. */
    private static List<Duration> waits(List<EventMessage> events) {
        Map<String, Instant> ended = new HashMap<>();
        List<Duration> waits = new ArrayList<>();
        for (EventMessage event : events) {
            String id = Objects.requireNonNull(event.actor()).id();
            if ("die".equals(event.action())) {
                ended.put(id, event.timeNano());
            } else {
                waits.add(Duration.between(ended.remove(id), event.timeNano()));
            }
        }
        assertThat(ended).isEmpty();
        assertThat(waits).hasSize(KILLED);
        Collections.sort(waits);
        return waits;
    }

    @Test
    void anotherDeclarationChangesWhatThereIs() throws Exception {
        try (Program first = orchestrate(declaration("few", 2))) {
            first.await(0, "few: 2 of 2 run"::equals, LIMIT);
            assertThat(first.terminate(LIMIT)).isZero();
        }
        assertThat(list("few")).as("left running").hasSize(2);
        String changed = declaration("few", 1) + "    env: { CHANGED: 'yes' }\n";
        try (Program second = orchestrate(changed, "--remove", "--grace", "0s")) {
            second.await(0, line -> line.contains("few-few-2 is declared no more"), LIMIT);
            second.await(0, "few: 1 of 1 run"::equals, LIMIT);
            String id = list("few").get(0).id();
            assertThat(docker.containers()
                            .inspect(id)
                            .mapNotNull(container -> container.config())
                            .map(config -> config.env())
                            .block(LIMIT))
                    .contains("CHANGED=yes");
            int line = second.printed();
            docker.containers().remove(id, options -> options.force(true)).block(LIMIT);
            second.await(line, "few: 1 of 1 run"::equals, LIMIT);
            assertThat(second.terminate(LIMIT)).isZero();
        }
        assertThat(list("few")).isEmpty();
    }

    /** By an entry point that stays, and in a network of the swarm. */
    @Test
    void runsServicesInASwarm() throws Exception {
        docker.swarm().init().block(LIMIT);
        try {
            docker.images()
                    .build(
                            BuildContext.ofDockerfile("FROM busybox\nENTRYPOINT [\"sh\", \"-c\"]"),
                            build -> build.tags("entered:1"))
                    .result()
                    .block(LIMIT);
            docker.networks()
                    .create("among-us", network -> network.driver("overlay"))
                    .block(LIMIT);
            String declared = declaration("swarmed", 3)
                    .replace("image: busybox", "image: entered:1")
                    .replace("[sh, -c, ", "[")
                    .replace("network: none", "network: among-us");
            runsServicesInASwarm(declared);
        } finally {
            docker.swarm().leave(options -> options.force(true)).block(LIMIT);
        }
    }

    private void runsServicesInASwarm(String declared) throws Exception {
        try (Program orchestrator = orchestrate(declared, "--swarm", "--remove", "--grace", "1s")) {
            int line = orchestrator.await(0, "swarmed: 3 of 3 run"::equals, LIMIT);
            assertThat(list("swarmed")).isNotEmpty().allSatisfy(container -> assertThat(
                            Objects.requireNonNull(container.networkSettings()).networks())
                    .containsOnlyKeys("among-us"));
            docker.services().remove("swarmed-swarmed").block(LIMIT);
            orchestrator.await(line, "swarmed: 3 of 3 run"::equals, LIMIT);
            assertThat(orchestrator.terminate(LIMIT)).isZero();
            assertThat(docker.services().list().collectList().block(LIMIT)).isEmpty();
            assertThat(list("swarmed")).isEmpty();
        }
    }

    private Program orchestrate(String yaml, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("declaration.yaml"), yaml);
        List<String> arguments = new ArrayList<>(List.of(file.toString(), "--host", engine.host()));
        arguments.addAll(List.of(options));
        return Program.start(Orchestrator.class, arguments.toArray(String[]::new));
    }

    private static String declaration(String name, int replicas) {
        return """
                project: %s
                containers:
                  - name: %s
                    image: busybox
                    command: [sh, -c, "trap exit TERM; sleep 100000 & wait"]
                    replicas: %d
                    network: none
                    restart: { first: 50ms, longest: 1s, healthyAfter: 1s }
                """.formatted(name, name, replicas);
    }

    private static List<ContainerSummary> list(String project) {
        return docker.containers()
                .list(list -> list.all(true).filters(filters -> filters.label(Declaration.PROJECT + "=" + project)))
                .collectList()
                .blockOptional(LIMIT)
                .orElseThrow();
    }
}
