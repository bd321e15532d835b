package dev.fairlead.samples.monitor;

import dev.fairlead.DockerClient;
import dev.fairlead.EventSignal;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.model.EventType;
import dev.fairlead.model.EventsOptions;
import dev.fairlead.samples.Outage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/**
 * What is watched.
 *
 * @param types kinds of objects, as {@code image}; all when empty, as with the others
 * @param actions what happens to them, as {@code start}
 * @param health how containers find themselves, as {@code unhealthy}: events of that count as well
 * @param containers names or ids
 * @param labels {@code name} or {@code name=value}
 * @param since from when on, or null for from now on
 * @param until up to when, or null for ever
 * @param look whether to tell how containers are at first, and after each gap
 */
record Watch(
        List<String> types,
        List<String> actions,
        List<String> health,
        List<String> containers,
        List<String> labels,
        @Nullable Instant since,
        @Nullable Instant until,
        boolean look) {

    /** What there is to print, for as long as there is an Engine; it may be restarted meanwhile. */
    Flux<Line> lines(DockerClient docker, Format format) {
        Flux<Line> found = look
                ? docker.containers()
                        .list(list -> list.all(true).filters(filters -> labels.forEach(filters::label)))
                        // After a gap the Engine may be about to go again; where it never was, the events have failed
                        // as well.
                        .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
                                .maxBackoff(Duration.ofSeconds(2))
                                .filter(Outage::isCauseOf))
                        .filter(this::isMeant)
                        .map(container -> new Line(Line.Kind.NOTE, format.container(container)))
                : Flux.empty();
        Flux<Line> signals = docker.system().eventSignals(this::ask).concatMap(signal -> {
            if (signal instanceof EventSignal.Gap) {
                return Flux.concat(Flux.just(new Line(Line.Kind.GAP, format.signal(signal))), found);
            }
            Line.Kind kind = signal instanceof EventSignal.Event ? Line.Kind.EVENT : Line.Kind.NOTE;
            return Flux.just(new Line(kind, format.signal(signal)));
        });
        return signals.mergeWith(found);
    }

    private void ask(EventsOptions.Builder events) {
        if (since != null) {
            events.since(since);
            // Without since, an Engine that is told an end begins with all that it remembers.
            if (until != null) {
                events.until(until);
            }
        }
        List<String> happenings = new ArrayList<>(actions);
        health.forEach(state -> happenings.add("health_status: " + state));
        events.filters(filters -> {
            types.forEach(type -> filters.type(EventType.of(type)));
            happenings.forEach(filters::event);
            containers.forEach(filters::container);
            labels.forEach(filters::label);
        });
    }

    private boolean isMeant(ContainerSummary container) {
        return containers.isEmpty()
                || containers.stream()
                        .anyMatch(asked -> container.id().startsWith(asked)
                                || container.names().contains("/" + asked));
    }
}
