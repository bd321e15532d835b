package dev.fairlead.samples.orchestrator;

import dev.fairlead.DockerClient;
import dev.fairlead.EventSignal;
import dev.fairlead.Reconnect;
import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.ContainerCreateOptions;
import dev.fairlead.model.ContainerCreateResponse;
import dev.fairlead.model.ContainerListOptions;
import dev.fairlead.model.ContainerStatus;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.EventType;
import dev.fairlead.model.PortBinding;
import dev.fairlead.samples.Outage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** Keeps containers running on one Engine. All of it happens on one event loop, so that the roster needs no lock. */
final class EngineKeeper implements Keeper {

    private static final Object LOOK = new Object();

    /** So often what is left is looked for at the end; a container may have been made meanwhile. */
    private static final int DRAIN_ROUNDS = 5;

    /** Short, since what ends while there is no connection waits for its restart. */
    private static final Reconnect RECONNECT =
            Reconnect.of(waits -> waits.firstWait(Duration.ofMillis(50)).longestWait(Duration.ofSeconds(1)));

    private static final int FEWEST_STARTS = 2;
    private static final int MOST_STARTS = 32;

    private final String engine;
    private final DockerClient docker;
    private final String project;
    private final Settings settings;
    private final Scheduler loop;
    private final Consumer<Report> reports;
    private final Roster roster;
    private final Reactions reactions = new Reactions();
    private final Map<String, Mono<Void>> images = new HashMap<>();

    private int atATime = FEWEST_STARTS;

    /** Unbounded in name only: the roster gives out one action a replica. */
    private final Sinks.Many<Action> actions = Sinks.many().unicast().onBackpressureBuffer();

    EngineKeeper(
            String engine,
            DockerClient docker,
            Declaration declaration,
            Settings settings,
            Scheduler loop,
            Consumer<Report> reports) {
        this.engine = engine;
        this.docker = docker;
        this.project = declaration.project();
        this.settings = settings;
        this.loop = loop;
        this.reports = reports;
        this.roster = new Roster(declaration.replicasOn(engine), () -> ThreadLocalRandom.current()
                .nextDouble());
    }

    @Override
    public Mono<Void> keep(Mono<Void> stop) {
        // Who waits takes no place from those that start; what was begun is ended also after the stop.
        Flux<Void> acting = startsAtATime().takeUntilOther(stop).flatMapMany(most -> actions.asFlux()
                .flatMap(this::whenDue, roster.size() + most)
                .takeUntilOther(stop)
                .flatMap(this::perform, most));
        Flux<Void> looking = Flux.merge(Flux.interval(settings.lookEvery(), loop), lookedForByEvents())
                .onBackpressureLatest()
                .concatMap(wanted -> look(), 0)
                .takeUntilOther(stop);
        return Flux.merge(acting, looking).then(Mono.fromRunnable(() -> reactions.report(engine, reports)));
    }

    /**
     * As many as the Engine has processors, unless said: a start is the work of half a dozen processes, which fill one. More at a time are
     * done no sooner, and the first of them later.
     */
    private Mono<Integer> startsAtATime() {
        Mono<Integer> most = settings.startsAtATime() > 0
                ? Mono.just(settings.startsAtATime())
                : docker.system()
                        .info()
                        .map(info -> Math.max(FEWEST_STARTS, Math.min(info.ncpu(), MOST_STARTS)))
                        .retryWhen(whileAway())
                        .publishOn(loop);
        return most.doOnNext(number -> atATime = number);
    }

    /** An Engine that is not there at the start comes later. */
    private RetryBackoffSpec whileAway() {
        return Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(500))
                .maxBackoff(Duration.ofSeconds(5))
                .scheduler(loop)
                .filter(Outage::isCauseOf);
    }

    /** Acts on events, and says when that does not suffice and all has to be looked at. */
    private Flux<Object> lookedForByEvents() {
        return docker.system()
                .eventSignals(
                        events -> events.filters(filters -> filters.type(EventType.CONTAINER)
                                .event("die", "destroy")
                                .label(Declaration.PROJECT + "=" + project)),
                        RECONNECT)
                .publishOn(loop)
                .handle((signal, sink) -> {
                    if (isLookedFor(signal)) {
                        sink.next(LOOK);
                    }
                })
                .startWith(LOOK)
                .retryWhen(
                        whileAway().doBeforeRetry(retry -> say(retry.failure().getMessage())));
    }

    private boolean isLookedFor(EventSignal signal) {
        if (signal instanceof EventSignal.Event event) {
            happened(event.message());
            return false;
        }
        if (signal instanceof EventSignal.Gap gap) {
            say("looking anew, events may be missing since " + gap.from() + ": " + gap.reason());
            if (gap.reason() == EventSignal.Reason.ENGINE_RESTARTED) {
                roster.forgive();
            }
        } else {
            say("connected again");
        }
        return true;
    }

    private void happened(EventMessage event) {
        if (event.actor() == null) {
            return;
        }
        String id = event.actor().id();
        String name = event.actor().attributes().getOrDefault("name", "");
        Instant now = Instant.now();
        if ("die".equals(event.action())) {
            List<Action> next = roster.died(name, id, now);
            if (!next.isEmpty()) {
                String ago = reactions.add(event.timeNano(), now);
                say(name + " ended with " + event.actor().attributes().get("exitCode") + ", " + ago);
            }
            give(next);
        } else {
            give(roster.removed(name, id));
        }
    }

    private Mono<Void> look() {
        return Mono.defer(() -> {
                    long mark = roster.mark();
                    return containers(true)
                            .map(EngineKeeper::found)
                            .collectList()
                            .publishOn(loop)
                            .doOnNext(found -> give(roster.look(mark, found, Instant.now())));
                })
                .then()
                .onErrorResume(Outage::isCauseOf, away -> Mono.empty());
    }

    private Flux<ContainerSummary> containers(boolean all) {
        return docker.containers().list((ContainerListOptions.Builder list) -> list.all(all)
                .filters(filters -> filters.label(Declaration.PROJECT + "=" + project)));
    }

    private static Found found(ContainerSummary container) {
        Set<ContainerStatus> up = Set.of(ContainerStatus.RUNNING, ContainerStatus.PAUSED, ContainerStatus.RESTARTING);
        return new Found(
                container.names().isEmpty() ? "" : container.names().get(0).substring(1),
                container.id(),
                container.labels().getOrDefault(Declaration.FINGERPRINT, ""),
                container.state() != null && up.contains(container.state()));
    }

    private void give(List<Action> next) {
        // After the stop nobody takes them any more.
        next.forEach(actions::tryEmitNext);
        reports.accept(new Report.Running(engine, roster.tallies()));
    }

    private Mono<Action> whenDue(Action action) {
        return action instanceof Action.Start start && !start.after().isZero()
                ? Mono.delay(start.after(), loop).thenReturn(action)
                : Mono.just(action);
    }

    private Mono<Void> perform(Action action) {
        if (action instanceof Action.Remove remove) {
            return remove(remove.id())
                    .doOnSuccess(removed -> say(remove.name() + " is declared no more: removed"))
                    .onErrorResume(failure -> {
                        say(remove.name() + ": " + failure.getMessage());
                        return Mono.empty();
                    });
        }
        Action.Start start = (Action.Start) action;
        if (!roster.begins(start)) {
            return Mono.empty();
        }
        return run(start)
                .publishOn(loop)
                .doOnNext(id -> give(roster.started(start, id, Instant.now())))
                .then()
                .onErrorResume(failure -> {
                    failed(start, failure);
                    return Mono.empty();
                });
    }

    private void failed(Action.Start start, Throwable failure) {
        say(start.replica().name() + ": " + failure.getMessage());
        if (Outage.isCauseOf(failure)) {
            roster.lost(start);
        } else {
            give(roster.failed(start));
        }
    }

    /** The id of what runs then. */
    private Mono<String> run(Action.Start start) {
        Mono<Void> room = start.outdated() == null ? Mono.empty() : remove(start.outdated());
        Mono<String> made = start.id() == null ? make(start.replica()) : Mono.just(start.id());
        return room.then(made).flatMap(id -> docker.containers().start(id).thenReturn(id));
    }

    private Mono<String> make(Replica replica) {
        String image = replica.spec().image();
        return images.computeIfAbsent(image, this::pull)
                .then(docker.containers().create(image, options -> describe(replica, options)))
                .map(ContainerCreateResponse::id)
                .onErrorResume(Conflict.class, taken -> ownOf(replica, taken))
                .doOnError(NotFound.class, gone -> images.remove(image));
    }

    /** Once for all containers of an image; a failure is not kept. */
    private Mono<Void> pull(String image) {
        return docker.images()
                .pullIfMissing(image)
                .cache(pulled -> Duration.ofDays(1), failure -> Duration.ZERO, () -> Duration.ofDays(1));
    }

    /** Made by an earlier attempt, whose answer was lost or whose start failed. */
    private Mono<String> ownOf(Replica replica, Conflict taken) {
        return containers(true)
                .map(EngineKeeper::found)
                .filter(container -> container.name().equals(replica.name())
                        && container.fingerprint().equals(replica.spec().fingerprint()))
                .next()
                .map(Found::id)
                .switchIfEmpty(Mono.error(taken));
    }

    private void describe(Replica replica, ContainerCreateOptions.Builder container) {
        ContainerSpec spec = replica.spec();
        container
                .name(replica.name())
                .env(spec.environment())
                .labels(spec.labels())
                .label(Declaration.PROJECT, project)
                .label(Declaration.FINGERPRINT, spec.fingerprint());
        if (!spec.command().isEmpty()) {
            container.cmd(spec.command());
        }
        container.hostConfig(host -> {
            host.mounts(spec.toMounts());
            spec.publishedPorts().forEach(port -> {
                container.exposedPorts(port.target().toString());
                host.portBinding(
                        port.target().toString(),
                        List.of(PortBinding.builder()
                                .hostIp(port.address())
                                .hostPort(String.valueOf(port.published()))
                                .build()));
            });
            if (spec.network() != null) {
                host.networkMode(spec.network());
            }
        });
    }

    @Override
    public Mono<Void> drain() {
        return switch (settings.atEnd()) {
            case LEAVE -> Mono.empty();
            case STOP ->
                containers(false)
                        .flatMap(container -> stop(container.id()), atATime)
                        .then();
            case REMOVE -> removeAll(DRAIN_ROUNDS);
        };
    }

    private Mono<Void> removeAll(int rounds) {
        return containers(true)
                .flatMap(
                        container -> stop(container.id())
                                .then(remove(container.id()))
                                .thenReturn(container),
                        atATime)
                .count()
                .flatMap(removed -> removed == 0 || rounds == 0 ? Mono.empty() : removeAll(rounds - 1));
    }

    private Mono<Void> stop(String id) {
        return docker.containers()
                .stop(id, options -> options.timeout(settings.grace()))
                .then()
                .onErrorResume(NotFound.class, gone -> Mono.empty());
    }

    private Mono<Void> remove(String id) {
        return docker.containers()
                .remove(id, options -> options.force(true).volumes(true))
                .onErrorResume(NotFound.class, gone -> Mono.empty());
    }

    private void say(@Nullable String text) {
        reports.accept(new Report.Happened(engine + ": " + text));
    }
}
