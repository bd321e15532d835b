package dev.fairlead;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.internal.Http;
import dev.fairlead.internal.Pending;
import dev.fairlead.model.ContainerAttachOptions;
import dev.fairlead.model.ContainerCreateResponse;
import dev.fairlead.model.ContainerRemoveOptions;
import dev.fairlead.model.ContainerStopOptions;
import dev.fairlead.model.ContainerWaitOptions;
import dev.fairlead.model.ContainerWaitResponse;
import dev.fairlead.model.WaitCondition;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Create, attach, wait, start: the one order in which neither output nor exit code can be lost.
 *
 * <p>Attached later, a fast command's output is gone, with a normal end; waited for later, a container that removes itself is.
 */
final class RunProcedure {

    private final Containers containers;
    private final Attachment attachment;
    private final Http http;

    RunProcedure(Containers containers, Attachment attachment, Http http) {
        this.containers = containers;
        this.attachment = attachment;
        this.http = http;
    }

    Mono<Run> run(RunOptions options) {
        return Mono.defer(() -> {
            // Goes on when the caller cancels: only its answer tells which container has to be removed.
            Mono<String> created = http.post("/containers/create")
                    .options(options.container())
                    .as(ContainerCreateResponse.class)
                    .map(ContainerCreateResponse::id)
                    .cache();
            return Mono.usingWhen(
                    Mono.just(created),
                    id -> id.flatMap(made -> launch(made, options)),
                    id -> Mono.empty(),
                    (id, failure) -> Cleanup.after(failure, removeMade(id)),
                    this::removeMade);
        });
    }

    private Mono<Run> launch(String id, RunOptions options) {
        return attachment
                .attach(
                        id,
                        attachOptions(options),
                        options.container().tty(),
                        options.container().stdinOnce())
                .flatMap(session -> awaitEnd(id, options)
                        .flatMap(exit -> containers
                                .start(id)
                                .map(started -> new Run(
                                        id, session, exit.value().map(WaitAnswers::toStatus), stopLater(id, options)))
                                .doOnError(failure -> exit.close())
                                .doOnCancel(exit::close))
                        .doOnError(failure -> session.close())
                        .doOnCancel(session::close));
    }

    private static ContainerAttachOptions attachOptions(RunOptions options) {
        return ContainerAttachOptions.of(attach -> attach.stream(true)
                .stdout(true)
                .stderr(true)
                .stdin(options.container().openStdin()));
    }

    /** Emits when the Engine waits. Once a container has removed itself, nobody can ask any more how it ended. */
    private Mono<Pending<ContainerWaitResponse>> awaitEnd(String id, RunOptions options) {
        WaitCondition condition = options.keep() ? WaitCondition.NEXT_EXIT : WaitCondition.REMOVED;
        return http.post("/containers/{id}/wait", id)
                .options(ContainerWaitOptions.of(wait -> wait.condition(condition)))
                .pending(ContainerWaitResponse.class);
    }

    private Mono<Void> stopLater(String id, RunOptions options) {
        Mono<Void> stop = http.post("/containers/{id}/stop", id)
                .options(ContainerStopOptions.of(how -> how.timeout(options.stopTimeout())))
                .patient()
                .beyondLimit()
                .outcome()
                .then()
                .onErrorResume(RunProcedure::isGone, gone -> Mono.empty());
        return options.keep() ? stop : stop.materialize().flatMap(stopped -> removeStopped(id, stopped.getThrowable()));
    }

    /** By force, so that it is gone though it could not be stopped; what kept it from that is told when this fails as well. */
    private Mono<Void> removeStopped(String id, @Nullable Throwable notStopped) {
        return notStopped == null
                ? remove(id)
                : remove(id).onErrorResume(another -> {
                    if (another != notStopped) {
                        notStopped.addSuppressed(another);
                    }
                    return Mono.error(notStopped);
                });
    }

    private Mono<Void> removeMade(Mono<String> id) {
        // When nothing was made there is nothing to remove; why not is what the caller is told already.
        return id.onErrorComplete().flatMap(this::remove);
    }

    private Mono<Void> remove(String id) {
        return http.delete("/containers/{id}", id)
                .options(ContainerRemoveOptions.of(how -> how.force(true).volumes(true)))
                .patient()
                .beyondLimit()
                .done()
                .onErrorResume(RunProcedure::isGone, gone -> Mono.empty());
    }

    /** Not there, or the Engine is just removing it. */
    private static boolean isGone(Throwable failure) {
        return failure instanceof DockerException && (failure instanceof NotFound || failure instanceof Conflict);
    }
}
