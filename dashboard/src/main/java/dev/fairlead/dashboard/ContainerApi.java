package dev.fairlead.dashboard;

import dev.fairlead.DockerClient;
import dev.fairlead.Reconnect;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.model.ContainerUsage;
import dev.fairlead.model.Outcome;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the page asks of containers. */
@RestController
@RequestMapping("/api/containers")
final class ContainerApi {

    /** A plot's width in seconds. */
    private static final int PLOTTED = 120;

    private static final int LAST_LINES = 50;

    /** Longer ones come in pieces. */
    static final int LONGEST_LINE = 16 * 1024;

    private final DockerClient docker;
    private final ContainerList list;
    private final SharedStreams<ContainerUsage> usage;
    private final SharedStreams<LogLine> tail;

    ContainerApi(DockerClient docker, ContainerList list, Json json) {
        this.docker = docker;
        this.list = list;
        this.usage = new SharedStreams<>(
                "usage", PLOTTED, json, id -> docker.containers().stats(id).map(ContainerUsage::of));
        this.tail = new SharedStreams<>("line", LAST_LINES, json, id -> docker.containers()
                .logLines(id, log -> log.follow(true)
                        .tail(LAST_LINES)
                        .maxLineBytes(LONGEST_LINE)
                        .resume(Reconnect.defaults()))
                .map(LogLine::of));
    }

    @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<String>> list() {
        return list.changes();
    }

    @GetMapping(path = "/{id}/usage", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<String>> usage(@PathVariable String id) {
        return usage.of(ContainerId.checked(id));
    }

    @GetMapping(path = "/{id}/tail", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<String>> tail(@PathVariable String id) {
        return tail.of(ContainerId.checked(id));
    }

    @PostMapping("/{id}/start")
    Mono<Outcome> start(@PathVariable String id) {
        return docker.containers().start(ContainerId.checked(id));
    }

    @PostMapping("/{id}/stop")
    Mono<Outcome> stop(@PathVariable String id) {
        return docker.containers().stop(ContainerId.checked(id));
    }

    @DeleteMapping("/{id}")
    Mono<Void> remove(@PathVariable String id, @RequestParam(defaultValue = "false") boolean force) {
        return docker.containers().remove(ContainerId.checked(id), remove -> remove.force(force));
    }

    /** The Engine's refusal with its own status and words; what did not come from it is the fault of the way there. */
    @ExceptionHandler
    ResponseEntity<Failure> refused(DockerException failure) {
        int status = failure.status() >= 400 ? failure.status() : HttpStatus.BAD_GATEWAY.value();
        return ResponseEntity.status(status).body(Failure.of(failure));
    }

    @ExceptionHandler
    ResponseEntity<Failure> refused(IllegalArgumentException failure) {
        return ResponseEntity.badRequest().body(Failure.of(failure));
    }
}
