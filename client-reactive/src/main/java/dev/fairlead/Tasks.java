package dev.fairlead;

import dev.fairlead.internal.Http;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.Task;
import dev.fairlead.model.TaskContainerSpec;
import dev.fairlead.model.TaskListOptions;
import dev.fairlead.model.TaskLogsOptions;
import dev.fairlead.model.TaskSpec;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Tasks: the single containers that services are made of.
 *
 * <p>An {@code id} is a task's id or the beginning of one that is unique; a blank one is refused with an
 * {@link IllegalArgumentException} before anything is sent. A task that does not exist is a
 * {@link dev.fairlead.core.error.NotFound}; an Engine that is no manager answers {@link dev.fairlead.core.error.Unavailable}.
 */
public final class Tasks {

    private final Http http;

    Tasks(Http http) {
        this.http = http;
    }

    /** All tasks, those that have ended included as far as the swarm remembers them. Engine operation {@code TaskList}. */
    public Flux<Task> list() {
        return list(options -> {});
    }

    /** Tasks as the options select them; empty when none is like that. Engine operation {@code TaskList}. */
    public Flux<Task> list(Consumer<TaskListOptions.Builder> options) {
        return http.get("/tasks").options(TaskListOptions.of(options)).list(Task.class);
    }

    /** Everything about one task. Engine operation {@code TaskInspect}. */
    public Mono<Task> inspect(String id) {
        return http.get("/tasks/{id}", id).as(Task.class);
    }

    /**
     * What a task wrote so far, both streams, whichever node it is on. Engine operation {@code TaskLogs}.
     *
     * <p>Completes at the end of what is kept; empty when the logging driver can't be read. Demand reaches the socket: with none,
     * nothing is read, and at most 192 KiB are read ahead of it. Cancelling closes the connection. Fails with
     * {@link dev.fairlead.core.error.StreamFailed} when the node can't be asked, with {@link dev.fairlead.core.error.Truncated} when
     * the connection breaks.
     */
    public Flux<OutputFrame> logs(String id) {
        return logs(id, options -> {});
    }

    /**
     * As {@link #logs(String)}; with {@code follow(true)} it goes on with what the task writes from now on, with
     * {@code details(true)} each line begins with the task.
     *
     * <p>Both streams are read unless the options name one.
     */
    public Flux<OutputFrame> logs(String id, Consumer<TaskLogsOptions.Builder> options) {
        TaskLogsOptions asked = TaskLogsOptions.of(options);
        TaskLogsOptions complete = asked.stdout() || asked.stderr()
                ? asked
                : asked.toBuilder().stdout(true).stderr(true).build();
        return Logs.read(http, http.get("/tasks/{id}/logs", id).options(complete), () -> inspect(id)
                .map(task -> hasTerminal(task.spec())));
    }

    static boolean hasTerminal(@Nullable TaskSpec spec) {
        TaskContainerSpec container = spec == null ? null : spec.containerSpec();
        return container != null && container.tty();
    }
}
