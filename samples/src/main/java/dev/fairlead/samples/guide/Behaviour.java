package dev.fairlead.samples.guide;

import dev.fairlead.DockerClient;
import dev.fairlead.Reconnect;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.Unavailable;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.ContainerCreateResponse;
import dev.fairlead.model.Outcome;
import dev.fairlead.model.OutputLine;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** What is lazy, who waits, and what becomes of errors. */
final class Behaviour {

    private final DockerClient docker;

    Behaviour(DockerClient docker) {
        this.docker = docker;
    }

    Mono<Outcome> lazy(String id) {
        // GUIDE
        Mono<Outcome> stop = docker.containers().stop(id); // nothing was sent
        return stop.then(docker.containers().start(id)); // nor now: whoever subscribes sends both, in this order
        // end
    }

    Flux<OutputLine> blocking(String id) {
        return
        // GUIDE
        docker.containers()
                .logLines(id, logs -> logs.follow(true))
                .publishOn(Schedulers.boundedElastic(), 256) // off the event loop, 256 lines ahead at most
                .doOnNext(this::insert); // blocks, and the log waits in its socket
        // end
    }

    Mono<List<String>> many(List<String> ids) {
        return
        // GUIDE
        Flux.fromIterable(ids)
                .flatMap(id -> docker.containers().stop(id).thenReturn(id), 16) // 16 at a time
                .collectList();
        // end
    }

    Mono<List<OutputLine>> cancel(String id) {
        return
        // GUIDE
        docker.containers()
                .logLines(id, logs -> logs.follow(true))
                .takeUntil(line -> line.text().contains("ready")) // cancels: the connection is closed
                .timeout(Duration.ofSeconds(30)) // so does this, if 30 s pass without a line
                .collectList();
        // end
    }

    Mono<Boolean> errors(String id) {
        return
        // GUIDE
        docker.containers()
                .start(id)
                .thenReturn(true)
                .onErrorReturn(NotFound.class, false) // by its type, not by its status
                .retryWhen(Retry.backoff(5, Duration.ofMillis(200)).filter(Behaviour::mayPass));
        // end
    }

    // GUIDE
    private static boolean mayPass(Throwable failure) {
        return failure instanceof Unavailable
                || (failure instanceof ConnectionFailed lost && lost.nothingSent() && lost.isPassing());
    }
    // end

    Flux<OutputLine> resume(String id) {
        return
        // GUIDE
        docker.containers().logLines(id, logs -> logs.follow(true)
                .resume(Reconnect.of(again -> again.giveUpAfter(Duration.ofMinutes(5)))));
        // end
    }

    Mono<Void> slow(String volume) {
        return
        // GUIDE
        docker.withResponseTimeout(Duration.ofMinutes(10)).volumes().remove(volume); // by a slow storage driver
        // end
    }

    Mono<ContainerCreateResponse> versions(String image) {
        return
        // GUIDE
        docker.supports(ApiVersion.of(1, 44)) // by the version agreed on
                .flatMap(newer -> docker.containers()
                        .create(
                                image,
                                web -> web.healthcheck(health -> {
                                    health.test("CMD", "wget", "-qO-", "localhost");
                                    if (newer) { // else the call would be refused, and nothing sent
                                        health.startInterval(Duration.ofSeconds(1));
                                    }
                                })));
        // end
    }

    private void insert(OutputLine line) {
        System.out.println(line.text());
    }
}
