package dev.fairlead.samples.orchestrator;

import dev.fairlead.DockerClient;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.EventType;
import dev.fairlead.model.Service;
import dev.fairlead.model.ServiceModeReplicated;
import dev.fairlead.model.ServiceSpec;
import dev.fairlead.model.ServiceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** Runs what is declared as services of a swarm: it keeps the services as they are to be, and the swarm keeps their containers. */
final class SwarmKeeper implements Keeper {

    /** No event tells how many tasks run, so that has to be asked for. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private static final Duration GONE_EVERY = Duration.ofMillis(200);

    /** Of services, and of each one's tasks: a swarm has several machines, and their processors aren't counted here. */
    private static final int AT_A_TIME = 8;

    private static final String PLACE = "swarm";

    private final DockerClient manager;
    private final Declaration declaration;
    private final Settings settings;
    private final Scheduler loop;
    private final Consumer<Report> reports;
    private final int atATime;
    private final ServiceSpecs specs;

    SwarmKeeper(
            DockerClient manager,
            Declaration declaration,
            Settings settings,
            Scheduler loop,
            Consumer<Report> reports) {
        this.manager = manager;
        this.declaration = declaration;
        this.settings = settings;
        this.loop = loop;
        this.reports = reports;
        this.atATime = settings.startsAtATimeOr(AT_A_TIME);
        this.specs = new ServiceSpecs(declaration, settings, atATime);
    }

    @Override
    public Mono<Void> keep(Mono<Void> stop) {
        return manager.swarm()
                .inspect() // Fails, with the Engine's own words, where there is none.
                .thenMany(Flux.merge(Flux.interval(Duration.ZERO, LOOK_EVERY, loop), changes())
                        .onBackpressureLatest()
                        .concatMap(wanted -> reconcile(), 0))
                .takeUntilOther(stop)
                .then();
    }

    /** Services that others change or remove are looked at in the same moment. */
    private Flux<Object> changes() {
        return manager.system()
                .eventSignals(events -> events.filters(filters -> filters.type(EventType.SERVICE)))
                .cast(Object.class)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, LOOK_EVERY)
                        .scheduler(loop)
                        .filter(ConnectionFailed.class::isInstance));
    }

    private Mono<Void> reconcile() {
        return services()
                .collectMap(SwarmKeeper::name)
                .flatMapMany(found -> {
                    reports.accept(new Report.Running(PLACE, tallies(found)));
                    return Flux.fromIterable(steps(found));
                })
                .flatMap(step -> step, atATime)
                .then()
                .onErrorResume(DockerException.class, failure -> {
                    say(String.valueOf(failure.getMessage()));
                    return Mono.empty();
                });
    }

    private Flux<Service> services() {
        return manager.services().list(list -> list.status(true)
                .filters(filters -> filters.label(Declaration.PROJECT + "=" + declaration.project())));
    }

    /** What makes them as they are to be. */
    private List<Mono<Void>> steps(Map<String, Service> found) {
        List<Mono<Void>> steps = new ArrayList<>();
        Map<String, Service> others = new TreeMap<>(found);
        for (ContainerSpec spec : declaration.containers()) {
            String name = name(spec);
            Service service = others.remove(name);
            if (service == null) {
                steps.add(manager.services()
                        .create(specs.describe(spec, ServiceSpec.builder().name(name))
                                .build())
                        .doOnSuccess(made -> say(name + " made"))
                        .then());
            } else if (!isCurrent(service, spec)) {
                steps.add(manager.services()
                        .updateWith(name, change -> specs.describe(spec, change))
                        .doOnSuccess(updated -> say(name + " changed"))
                        .then());
            }
        }
        others.forEach((name, service) ->
                steps.add(remove(service).doOnSuccess(removed -> say(name + " is declared no more: removed"))));
        return steps;
    }

    private static boolean isCurrent(Service service, ContainerSpec spec) {
        ServiceSpec present = service.spec();
        if (present == null || present.mode() == null) {
            return false;
        }
        ServiceModeReplicated replicated = present.mode().replicated();
        return replicated != null
                && replicated.replicas() == spec.replicas()
                && spec.fingerprint().equals(present.labels().get(Declaration.FINGERPRINT));
    }

    @Override
    public Mono<Void> drain() {
        return switch (settings.atEnd()) {
            case LEAVE -> Mono.empty();
            case STOP ->
                services()
                        .flatMap(
                                service -> manager.services()
                                        .updateWith(
                                                service.id(),
                                                spec -> spec.mode(mode -> mode.replicated(none -> none.replicas(0)))),
                                atATime)
                        .then();
            case REMOVE -> services().flatMap(this::remove, atATime).then(containersGone());
        };
    }

    /** A service is gone at once, its containers a little later. Those of other nodes can't be seen from here. */
    private Mono<Void> containersGone() {
        return manager.containers()
                .list(list -> list.all(true)
                        .filters(filters -> filters.label(Declaration.PROJECT + "=" + declaration.project())))
                .hasElements()
                .filter(left -> !left)
                .repeatWhenEmpty(empty -> empty.delayElements(GONE_EVERY, loop))
                .timeout(settings.grace().plusSeconds(20), loop)
                .then();
    }

    private Mono<Void> remove(Service service) {
        return manager.services().remove(service.id()).onErrorResume(NotFound.class, gone -> Mono.empty());
    }

    private Map<String, Tally> tallies(Map<String, Service> found) {
        Map<String, Tally> tallies = new TreeMap<>();
        for (ContainerSpec spec : declaration.containers()) {
            Service service = found.get(name(spec));
            ServiceStatus status = service == null ? null : service.serviceStatus();
            tallies.put(spec.name(), new Tally(status == null ? 0 : (int) status.runningTasks(), spec.replicas()));
        }
        return tallies;
    }

    private String name(ContainerSpec spec) {
        return declaration.project() + "-" + spec.name();
    }

    private static String name(Service service) {
        return service.spec() == null ? service.id() : service.spec().name();
    }

    private void say(String text) {
        reports.accept(new Report.Happened(PLACE + ": " + text));
    }
}
