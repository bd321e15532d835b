package dev.fairlead.samples.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.DockerClient;
import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.samples.testing.Program;
import dev.fairlead.tools.PrivateEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The monitor as scripts use it. */
class MonitorIT {

    private static final int CONTAINERS = 4;
    private static final int EVENTS = Boolean.getBoolean("fairlead.long") ? 10_000 : 2_000;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** By which times may be off that two clocks or two threads take. */
    private static final Duration SLACK = Duration.ofMillis(100);

    private static PrivateEngine engine;
    private static DockerClient docker;

    /** A container's rename, which is an event: when it was asked for, and when it was answered. */
    private record Renamed(String name, Instant asked, Instant answered) {}

    private record Gap(Instant from, Instant to) {}

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
    void overTwoRestartsEveryEventComesOnceOrLiesInAGap() throws Exception {
        try (Program monitor = Program.start(
                Monitor.class,
                "--host",
                engine.host(),
                "--type",
                "container",
                "--action",
                "create,rename",
                "--look",
                "--format",
                "json")) {
            List<String> ids = create(monitor);
            Sinks.Empty<Void> back = Sinks.empty();
            List<CountDownLatch> thirds = List.of(new CountDownLatch(EVENTS / 3), new CountDownLatch(EVENTS * 2 / 3));
            CompletableFuture<List<Renamed>> renaming = Flux.fromIterable(ids)
                    .flatMap(id -> renames(id, ids.indexOf(id), back.asMono()), CONTAINERS)
                    .doOnNext(one -> thirds.forEach(CountDownLatch::countDown))
                    .collectList()
                    .toFuture();
            await(thirds.get(0));
            int before = monitor.printed();
            engine.restart();
            monitor.await(before, line -> line.contains("\"kind\":\"reconnected\""), LIMIT);
            back.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
            await(thirds.get(1));
            engine.kill();
            engine.restart();
            List<Renamed> renamed = renaming.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            create("last");
            monitor.await(0, line -> line.contains("\"last\""), LIMIT);
            assertThat(monitor.terminate(LIMIT)).isZero();
            verify(renamed, monitor.lines());
        }
    }

    private static void verify(List<Renamed> renamed, List<String> lines) {
        Set<String> seen = new HashSet<>();
        Map<String, Integer> latest = new HashMap<>();
        List<Gap> gaps = new ArrayList<>();
        for (String line : lines) {
            JsonNode node = JsonMapper.shared().readTree(line);
            if (node.get("kind").asString().equals("gap")) {
                gaps.add(new Gap(
                        Instant.parse(node.get("from").asString()),
                        Instant.parse(node.get("to").asString())));
                assertThat(node.get("reason").asString()).isNotBlank();
            } else if (node.at("/event/Action").asString().equals("rename")) {
                String name = node.at("/event/Actor/Attributes/name").asString();
                assertThat(seen.add(name)).as("twice: " + name).isTrue();
                String[] parts = name.split("-", -1);
                int number = Integer.parseInt(parts[1]);
                assertThat(number).isGreaterThan(latest.getOrDefault(parts[0], 0));
                latest.put(parts[0], number);
            }
        }
        List<Renamed> missing =
                renamed.stream().filter(one -> !seen.contains(one.name())).toList();
        assertThat(renamed).hasSize(EVENTS);
        assertThat(missing).allSatisfy(one -> assertThat(gaps)
                .anyMatch(gap -> !one.answered().isBefore(gap.from().minus(SLACK))
                        && !one.asked().isAfter(gap.to().plus(SLACK))));
        assertThat(missing.size()).isLessThan(EVENTS / 2);
        System.out.printf(
                "monitor: %d events over two restarts, %d missing in %d gaps%n",
                renamed.size(), missing.size(), gaps.size());
    }

    private static List<String> create(Program monitor) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        // Whether it listens by now, nothing but an event can tell.
        for (int attempt = 0; ids.size() < CONTAINERS || !hasEvents(monitor); attempt++) {
            ids.add(create("c" + attempt));
            monitorHasTime(monitor);
        }
        return ids.subList(ids.size() - CONTAINERS, ids.size());
    }

    private static boolean hasEvents(Program monitor) throws InterruptedException {
        return monitor.lines().stream().anyMatch(line -> line.contains("\"kind\":\"event\""));
    }

    private static void monitorHasTime(Program monitor) throws InterruptedException {
        try {
            monitor.await(0, line -> line.contains("\"kind\":\"event\""), Duration.ofMillis(200));
        } catch (AssertionError notYet) {
            // The next container tells.
        }
    }

    private static String create(String name) {
        return create(name, "of", "the-test");
    }

    private static String create(String name, String label, String value) {
        return docker.containers()
                .create("busybox", options -> options.name(name).cmd("true").label(label, value))
                .retryWhen(Retry.fixedDelay(600, Duration.ofMillis(100)))
                .blockOptional(LIMIT)
                .orElseThrow()
                .id();
    }

    /** The second half only when the monitor is back: it may be ten seconds until it tries again, and all could be over then. */
    private static Flux<Renamed> renames(String id, int number, Mono<Void> back) {
        int half = EVENTS / CONTAINERS / 2;
        Flux<Integer> numbers = Flux.range(1, half).concatWith(back.thenMany(Flux.range(half + 1, half)));
        return numbers.concatMap(i -> {
            String name = "n" + number + "-" + i;
            Instant asked = Instant.now();
            return docker.containers()
                    .rename(id, name)
                    .onErrorResume(
                            // It has that name already: the answer to an earlier attempt was lost.
                            failure -> failure instanceof Conflict || failure instanceof InvalidRequest,
                            already -> Mono.empty())
                    .retryWhen(Retry.fixedDelay(3_000, Duration.ofMillis(50)))
                    .then(Mono.fromSupplier(() -> new Renamed(name, asked, Instant.now())));
        });
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void exitStatusSaysHowItEnded() {
        create("seen");
        assertThat(run("--since", "1h", "--count", "1")).isZero();
        assertThat(run("--until", "200ms")).isZero();
        assertThat(run("--until", "200ms", "--count", "1000")).isEqualTo(Monitor.TOO_FEW);
        assertThat(run("--since", "10d", "--until", "0s", "--fail-on-gap")).isEqualTo(Monitor.GAP);
        assertThat(run("--until", "yesterday")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run("--count", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run("--host", "unix:///nowhere.sock")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(run("--type", "container", "--format", "xml")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run(new PrintStream(new Closed(), false, StandardCharsets.UTF_8), "--since", "1h"))
                .as("nobody reads")
                .isZero();
    }

    @Test
    void looksAtContainersToo() {
        create("looked-at");
        Printed output = new Printed("container looked-at is created: Created");
        int code = run(
                output.awaited(),
                new PrintStream(output, true, StandardCharsets.UTF_8),
                "--look",
                "--container",
                "looked-at",
                "--until",
                "1m");
        assertThat(code).isZero();
        assertThat(output.toString(StandardCharsets.UTF_8).lines()).contains("container looked-at is created: Created");
    }

    @Test
    void looksAgainWhereSomethingMayBeMissing() {
        create("looked-at-again");
        String found = "container looked-at-again is created: Created";
        List<String> lines = lines("--since", "10d", "--until", "0s", "--container", "looked-at-again", "--look");
        assertThat(lines).filteredOn(found::equals).hasSize(2);
        assertThat(lines).anyMatch(line -> line.contains(" GAP events may be missing since "));
    }

    @Test
    void tellsOnlyWhatIsAskedFor() {
        String since = Instant.now().toString();
        create("filter-a", "team", "a");
        create("filter-b", "team", "b");
        docker.containers().start("filter-a").block(LIMIT);
        docker.images().tag("busybox", "filtered:1").block(LIMIT);
        assertThat(events("--since", since, "--type", "image")).containsExactly("image tag filtered:1");
        assertThat(events("--since", since, "--type", "container", "--action", "create"))
                .containsExactly("container create filter-a", "container create filter-b");
        assertThat(events("--since", since, "--action", "create,start", "--label", "team=a"))
                .containsExactly("container create filter-a", "container start filter-a");
        assertThat(events("--since", since, "--container", "filter-b")).containsExactly("container create filter-b");
        assertThat(events("--since", since, "--type", "volume")).isEmpty();
        assertThat(lines("--since", since, "--until", "0s", "--container", "filter-b"))
                .filteredOn(line -> !line.contains(" GAP "))
                .singleElement()
                .asString()
                .matches("\\S+Z container create filter-b \\(image=busybox, team=b\\)");
    }

    @Test
    void tellsOfHealth() {
        String since = Instant.now().toString();
        docker.containers()
                .create("busybox", options -> options.name("healthy")
                        .cmd("sleep", "1000")
                        .healthcheck(check -> check.test("CMD", "true").interval(Duration.ofMillis(100))))
                .flatMap(made -> docker.containers().start(made.id()))
                .block(LIMIT);
        assertThat(run(
                        "--since",
                        since,
                        "--health",
                        "healthy",
                        "--container",
                        "healthy",
                        "--count",
                        "1",
                        "--until",
                        "1m"))
                .isZero();
        assertThat(events("--since", since, "--health", "healthy", "--container", "healthy"))
                .containsExactly("container health_status: healthy healthy");
        docker.containers().remove("healthy", options -> options.force(true)).block(LIMIT);
    }

    /** Of what was until now, as type, action and name. */
    private static List<String> events(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--until", "0s", "--format", "json"));
        return lines(all.toArray(String[]::new)).stream()
                .map(JsonMapper.shared()::readTree)
                .filter(line -> line.get("kind").asString().equals("event"))
                .map(line -> line.get("event"))
                .map(event ->
                        event.get("Type").asString() + " " + event.get("Action").asString() + " "
                                + event.at("/Actor/Attributes/name").asString())
                .toList();
    }

    private static List<String> lines(String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        assertThat(run(new PrintStream(output, true, StandardCharsets.UTF_8), arguments))
                .isZero();
        return output.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static int run(String... arguments) {
        return run(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8), arguments);
    }

    private static int run(PrintStream out, String... arguments) {
        return run(Mono.never(), out, arguments);
    }

    private static int run(Mono<Void> stop, PrintStream out, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        if (!all.contains("--host")) {
            all.addAll(List.of("--host", engine.host()));
        }
        return Monitor.commandLine(new Monitor(stop, out))
                .setErr(new PrintWriter(new StringWriter()))
                .execute(all.toArray(String[]::new));
    }

    /** Says when a text is in it: how long a program takes to come so far is no matter then. */
    private static final class Printed extends ByteArrayOutputStream {

        private final Sinks.Empty<Void> there = Sinks.empty();
        private final String wanted;

        Printed(String wanted) {
            this.wanted = wanted;
        }

        Mono<Void> awaited() {
            return there.asMono();
        }

        @Override
        public synchronized void write(byte[] octets, int offset, int length) {
            super.write(octets, offset, length);
            if (toString(StandardCharsets.UTF_8).contains(wanted)) {
                there.tryEmitEmpty();
            }
        }
    }

    /** A pipe whose reader has gone. */
    private static final class Closed extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            throw new IOException("Broken pipe");
        }
    }
}
