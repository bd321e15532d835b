package dev.fairlead.dashboard;

import dev.fairlead.DockerClient;
import dev.fairlead.model.EventType;
import dev.fairlead.model.EventsOptions;
import dev.fairlead.model.SystemInfo;
import java.time.Duration;
import java.time.Instant;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The list of containers as it changes: one stream of the Engine's events for all browsers, as long as there is one.
 *
 * <p>Events say when to look, and looking says what there is. So a gap in the events is no other case than an event, and no picture of
 * our own can drift from the Engine's. While it looks, any number of events come to one more look. An Engine that goes away says
 * nothing, and its events only go on when it is back: so it is looked at now and then without any, and that fails while it is away.
 */
@Component
final class ContainerList {

    /** What happens to a container within this time is one look. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** As long as an Engine does not answer. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** For so long what is shown may be that of an Engine which has gone. */
    static final Duration LOOK_EVERY = LONGEST_WAIT;

    /** For browsers that load the page anew. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** Not those of execs: a health check is one every few seconds, and changes nothing that is shown. */
    private static final String[] CHANGES = {
        "create",
        "destroy",
        "die",
        "health_status",
        "oom",
        "pause",
        "rename",
        "restart",
        "start",
        "stop",
        "unpause",
        "update"
    };

    private final DockerClient docker;
    private final Flux<ServerSentEvent<String>> shared;

    ContainerList(DockerClient docker, Json json) {
        this.docker = docker;
        this.shared = Flux.defer(this::follow)
                .onErrorResume(failure -> Flux.just(Listing.failed(failure)).concatWith(Mono.error(failure)))
                .map(json::text)
                .distinctUntilChanged()
                .map(text -> ServerSentEvent.builder(text).event("containers").build())
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_WAIT).maxBackoff(LONGEST_WAIT))
                .replay(1)
                .refCount(1, GRACE);
    }

    /** What there is, whenever it has changed. A slow subscriber gets the newest and none in between. */
    Flux<ServerSentEvent<String>> changes() {
        return shared.onBackpressureLatest();
    }

    private Flux<Listing> follow() {
        // By the Engine's clock: from before the first look on, so that nothing happens unseen between it and the first
        // event.
        return docker.system().info().flatMapMany(info -> Flux.<Object>merge(
                        docker.system().eventSignals(events -> select(events, info)), Flux.interval(LOOK_EVERY))
                .startWith(info)
                .onBackpressureLatest()
                .concatMap(reason -> look().concatWith(Mono.delay(PAUSE).then(Mono.empty())), 0));
    }

    private static void select(EventsOptions.Builder events, SystemInfo info) {
        events.filters(filters -> {
            filters.type(EventType.CONTAINER);
            for (String change : CHANGES) {
                filters.event(change);
            }
        });
        Instant now = info.systemTime();
        if (now != null) {
            events.since(now);
        }
    }

    private Flux<Listing> look() {
        return lookOnce()
                .expand(listing -> listing.failure() == null
                        ? Mono.empty()
                        : Mono.delay(LONGEST_WAIT).then(lookOnce()));
    }

    private Mono<Listing> lookOnce() {
        return docker.containers()
                .list(list -> list.all(true))
                .map(Container::of)
                .collectList()
                .map(containers -> new Listing(containers, null))
                .onErrorResume(failure -> Mono.just(Listing.failed(failure)));
    }
}
