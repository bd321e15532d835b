package dev.fairlead.samples;

import dev.fairlead.DockerClient;
import dev.fairlead.EventSignal;
import dev.fairlead.model.EventMessage;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Which containers run, kept up to date by events, for as long as there is an Engine; it may be restarted meanwhile. */
final class WatchEvents {

    private final DockerClient docker;

    WatchEvents(DockerClient docker) {
        this.docker = docker;
    }

    Flux<String> watch() {
        return
        // README
        docker.system()
                .eventSignals(which -> which.filters(filters -> filters.event("start", "die")))
                .concatMap(signal -> {
                    if (signal instanceof EventSignal.Event event) {
                        return Mono.just(describe(event.message()));
                    }
                    if (signal instanceof EventSignal.Gap gap) { // something may have been missed: look anew
                        return lookAnew().thenReturn("missed events until " + gap.to() + ": " + gap.reason());
                    }
                    return Mono.empty(); // connected again, and nothing was lost
                });
        // end
    }

    private Mono<Void> lookAnew() {
        return docker.containers().list().then();
    }

    private static String describe(EventMessage message) {
        var actor = message.actor();
        return message.action() + " " + (actor == null ? "" : actor.attributes().getOrDefault("name", actor.id()));
    }

    /** Prints what starts and ends until it is interrupted. */
    public static void main(String[] args) {
        try (DockerClient docker = DockerClient.create()) {
            new WatchEvents(docker).watch().doOnNext(System.out::println).blockLast();
        }
    }
}
