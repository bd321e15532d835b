package dev.fairlead;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.ExitStatus;
import dev.fairlead.model.RestartPolicyName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Containers that are made and removed, short runs, programs in a container, a log and the events, all at once and for as long as one
 * likes, with an account of how each went.
 */
final class MixedLoad {

    /** What takes longer was not answered. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(20);

    /** One thing that was done. */
    record Done(String kind, Instant began, Instant ended, String failure, boolean isTyped, boolean isAnswered) {
        boolean isWell() {
            return failure.isEmpty();
        }
    }

    /** When the Engine was away, from its end to when it answered again. */
    record Away(Instant from, Instant to) {}

    final ConcurrentLinkedQueue<Done> done = new ConcurrentLinkedQueue<>();
    final List<Away> away = new ArrayList<>();
    final List<Long> lines = java.util.Collections.synchronizedList(new ArrayList<>());
    final List<EventSignal> signals = java.util.Collections.synchronizedList(new ArrayList<>());
    final ConcurrentLinkedQueue<String> streamEnds = new ConcurrentLinkedQueue<>();
    /** By id, when they were made. */
    final Map<String, Instant> created = new ConcurrentHashMap<>();

    private final DockerClient docker;
    private final String image;
    private final String counter;
    private final Disposable.Composite work = Disposables.composite();
    private final AtomicLong names = new AtomicLong();
    private volatile boolean ending;

    /** @param counter a container that counts lines, goes on over all that happens, and has a shell */
    MixedLoad(DockerClient docker, String image, String counter) {
        this.docker = docker;
        this.image = image;
        this.counter = counter;
    }

    /** Makes that container, and starts it. */
    static Mono<String> counter(DockerClient docker, String image) {
        return docker.containers()
                .create(image, container -> container
                        .cmd(
                                "sh",
                                "-c",
                                "trap 'exit 0' TERM; i=$(date +%s)000000; while :; do i=$((i+1)); echo line $i; usleep 20000; done")
                        .hostConfig(host -> host.restartPolicy(restart -> restart.name(RestartPolicyName.ALWAYS))))
                .flatMap(made -> docker.containers().start(made.id()).thenReturn(made.id()));
    }

    void start() {
        Reconnect quick =
                Reconnect.of(wait -> wait.firstWait(Duration.ofMillis(50)).longestWait(Duration.ofSeconds(1)));
        work.add(docker.system()
                .eventSignals(events -> events.filters(which -> which.event("create")), quick)
                .subscribe(
                        signals::add,
                        failure -> streamEnds.add("events: " + failure),
                        () -> streamEnds.add("events ended")));
        work.add(docker.containers()
                .logLines(counter, log -> log.follow(true).stdout(true).resume(quick))
                .map(line -> Long.parseLong(line.text().substring("line ".length())))
                // A container that its Engine takes down with it ends its log; the next one's goes on where it was.
                .subscribe(
                        lines::add, failure -> streamEnds.add("log: " + failure), () -> streamEnds.add("log ended")));
        repeat("create", 3, this::create);
        repeat("run", 2, this::run);
        repeat("exec", 2, this::exec);
        repeat("list", 1, () -> docker.containers().list().then());
    }

    private void repeat(String kind, int times, java.util.function.Supplier<Mono<Void>> call) {
        for (int each = 0; each < times; each++) {
            work.add(Mono.defer(() -> counted(kind, call.get()))
                    .then(Mono.delay(PAUSE))
                    .repeat(() -> !ending)
                    .subscribe());
        }
    }

    private Mono<Void> counted(String kind, Mono<Void> call) {
        Instant began = Instant.now();
        return call.timeout(LIMIT)
                .doOnSuccess(well -> done.add(new Done(kind, began, Instant.now(), "", true, true)))
                .onErrorResume(failure -> {
                    done.add(new Done(
                            kind,
                            began,
                            Instant.now(),
                            failure.toString(),
                            failure instanceof DockerException || failure instanceof WrongOutput,
                            !(failure instanceof TimeoutException)));
                    return Mono.empty();
                });
    }

    private Mono<Void> create() {
        return docker.containers()
                .create(image, container -> container
                        .name("mixed-" + System.nanoTime() + "-" + names.incrementAndGet())
                        .cmd("true"))
                .doOnNext(made -> created.put(made.id(), Instant.now()))
                .flatMap(made -> docker.containers()
                        .inspect(made.id())
                        .then(docker.containers().remove(made.id())));
    }

    private Mono<Void> run() {
        String word = "w" + names.incrementAndGet();
        return docker.containers().run(image, "echo", word).flatMap(run -> run.output()
                .map(frame -> StandardCharsets.UTF_8.decode(frame.bytes()).toString())
                .reduce("", String::concat)
                .zipWith(run.exit())
                .flatMap(both -> expect(both.getT1(), both.getT2(), word)));
    }

    private Mono<Void> exec() {
        String word = "w" + names.incrementAndGet();
        return docker.execs().run(counter, "echo", word).flatMap(result -> {
            String output = StandardCharsets.UTF_8.decode(result.stdout()).toString();
            return result.exitCode() == 0 && output.equals(word + "\n")
                    ? Mono.empty()
                    : Mono.error(new WrongOutput(result.exitCode() + " and " + output));
        });
    }

    private static Mono<Void> expect(String output, ExitStatus exit, String word) {
        return exit.code() == 0 && output.equals(word + "\n")
                ? Mono.empty()
                : Mono.error(new WrongOutput(exit + " and " + output));
    }

    /** A connection that was cut looks like the end of an attached program, which then has written less than it should. */
    private static final class WrongOutput extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongOutput(String what) {
            super(what);
        }
    }

    /** Begins nothing more, waits for what has begun, and ends the streams. */
    void end() throws InterruptedException {
        ending = true;
        var unused = Flux.interval(Duration.ofMillis(200))
                .takeUntil(tick -> isQuiet())
                .blockLast(LIMIT.plusSeconds(10));
        work.dispose();
    }

    private long seen;
    private int quiet;

    private boolean isQuiet() {
        long now = done.size();
        quiet = now == seen ? quiet + 1 : 0;
        seen = now;
        return quiet >= 15;
    }

    /** Whether what went wrong then can be laid at the Engine's being away. */
    boolean wasAway(Instant from, Instant to, Duration grace) {
        return away.stream()
                .anyMatch(time ->
                        !to.isBefore(time.from()) && !from.isAfter(time.to().plus(grace)));
    }

    /** What was made and neither told as an event nor lies in a gap that was told. */
    Set<String> untold() {
        Map<String, Instant> left = new LinkedHashMap<>(created);
        for (EventSignal signal : signals) {
            if (signal instanceof EventSignal.Event event) {
                EventMessage message = event.message();
                left.remove(message.actor() == null ? "" : message.actor().id());
            } else if (signal instanceof EventSignal.Gap gap) {
                // The answer to a create comes after its event.
                left.values()
                        .removeIf(when -> !when.isBefore(gap.from())
                                && !when.isAfter(gap.to().plusSeconds(2)));
            }
        }
        return left.keySet();
    }

    long count(Class<? extends EventSignal> kind) {
        return signals.stream().filter(kind::isInstance).count();
    }

    /** A word for each kind: how many, how many of them failed, and how long the slower ones took. */
    String report() {
        Map<String, List<Done>> kinds = new java.util.TreeMap<>();
        done.forEach(each ->
                kinds.computeIfAbsent(each.kind(), kind -> new ArrayList<>()).add(each));
        StringBuilder text = new StringBuilder();
        kinds.forEach((kind, all) -> {
            long[] millis = all.stream()
                    .filter(Done::isWell)
                    .mapToLong(
                            each -> Duration.between(each.began(), each.ended()).toMillis())
                    .sorted()
                    .toArray();
            long failed = all.size() - millis.length;
            text.append(kind)
                    .append(' ')
                    .append(all.size())
                    .append(" (")
                    .append(failed)
                    .append(" failed");
            if (millis.length > 0) {
                text.append(", median ")
                        .append(millis[millis.length / 2])
                        .append(" ms, 99% ")
                        .append(millis[(int) (millis.length * 0.99)])
                        .append(" ms, longest ")
                        .append(millis[millis.length - 1])
                        .append(" ms");
            }
            text.append("), ");
        });
        return text.append(away.size())
                .append(" times away, ")
                .append(count(EventSignal.Event.class))
                .append(" events, ")
                .append(count(EventSignal.Gap.class))
                .append(" gaps, ")
                .append(count(EventSignal.Reconnected.class))
                .append(" reconnections, ")
                .append(lines.size())
                .append(" lines")
                .toString();
    }
}
