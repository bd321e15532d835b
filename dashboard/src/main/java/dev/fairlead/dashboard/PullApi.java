package dev.fairlead.dashboard;

import dev.fairlead.DockerClient;
import dev.fairlead.TransferSignal;
import dev.fairlead.model.PulledImage;
import java.time.Duration;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Pulls images. */
@RestController
final class PullApi {

    /** No eye sees more; what comes in between is in the next snapshot. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final DockerClient docker;
    private final Json json;

    PullApi(DockerClient docker, Json json) {
        this.docker = docker;
        this.json = json;
    }

    /**
     * Pulls one: events {@code progress}, and at last {@code done} or {@code failure}. A POST, as it has effects, so the page reads it by
     * fetch() and not by an EventSource. Who goes away meanwhile ends the pull.
     */
    @PostMapping(path = "/api/pulls", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<String>> pull(@RequestParam String image) {
        return Flux.defer(() -> docker.images().pull(image).signals())
                .concatMap(
                        signal -> Mono.just(event(signal))
                                .concatWith(Mono.delay(PAUSE).then(Mono.empty())),
                        0)
                .onErrorResume(failure -> Mono.just(json.event("failure", Failure.of(failure))));
    }

    private ServerSentEvent<String> event(TransferSignal<PulledImage> signal) {
        if (signal instanceof TransferSignal.Progress<PulledImage> progress) {
            return json.event("progress", progress.progress());
        }
        return json.event("done", ((TransferSignal.Done<PulledImage>) signal).result());
    }
}
