package dev.fairlead;

import dev.fairlead.internal.Http;
import dev.fairlead.internal.Request;
import dev.fairlead.model.Checkpoint;
import dev.fairlead.model.CheckpointCreateOptions;
import dev.fairlead.model.CheckpointDeleteOptions;
import dev.fairlead.model.CheckpointListOptions;
import dev.fairlead.model.ContainerAttachOptions;
import dev.fairlead.model.ContainerAttachWebSocketOptions;
import dev.fairlead.model.ContainerCreateOptions;
import dev.fairlead.model.ContainerCreateResponse;
import dev.fairlead.model.ContainerInspectOptions;
import dev.fairlead.model.ContainerInspectResponse;
import dev.fairlead.model.ContainerKillOptions;
import dev.fairlead.model.ContainerListOptions;
import dev.fairlead.model.ContainerLogsOptions;
import dev.fairlead.model.ContainerPruneOptions;
import dev.fairlead.model.ContainerPruneResponse;
import dev.fairlead.model.ContainerPutArchiveOptions;
import dev.fairlead.model.ContainerRemoveOptions;
import dev.fairlead.model.ContainerRestartOptions;
import dev.fairlead.model.ContainerStartOptions;
import dev.fairlead.model.ContainerStatsOptions;
import dev.fairlead.model.ContainerStatsResponse;
import dev.fairlead.model.ContainerStopOptions;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.model.ContainerTopOptions;
import dev.fairlead.model.ContainerTopResponse;
import dev.fairlead.model.ContainerUpdateOptions;
import dev.fairlead.model.ContainerUpdateResponse;
import dev.fairlead.model.ContainerWaitOptions;
import dev.fairlead.model.ContainerWaitResponse;
import dev.fairlead.model.ExitStatus;
import dev.fairlead.model.FilesystemChange;
import dev.fairlead.model.Outcome;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.OutputLine;
import dev.fairlead.model.PathStat;
import dev.fairlead.model.TerminalSize;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Containers: their life, their output, their processes.
 *
 * <p>An {@code id} is a container's id, the beginning of one that is unique, or its name; a blank one is refused with an
 * {@link IllegalArgumentException} before anything is sent. A container that does not exist is a
 * {@link dev.fairlead.core.error.NotFound}.
 */
public final class Containers {

    private final Http http;
    private final RunProcedure runs;
    private final Attachment attachment;
    private final FileCopies copies;

    Containers(Http http) {
        this.http = http;
        this.attachment = new Attachment(http);
        this.copies = new FileCopies(http);
        this.runs = new RunProcedure(this, attachment, http);
    }

    /** The containers that run. Engine operation {@code ContainerList}. Empty when there is none. */
    public Flux<ContainerSummary> list() {
        return list(options -> {});
    }

    /**
     * Containers as the options select them; those that stopped only with {@code all(true)}. Engine operation {@code ContainerList}. With
     * {@code size(true)} the Engine looks through their files, and may take as long as that takes.
     */
    public Flux<ContainerSummary> list(Consumer<ContainerListOptions.Builder> options) {
        ContainerListOptions asked = ContainerListOptions.of(options);
        Request request = http.get("/containers/json").options(asked);
        return (asked.size() ? request.patient() : request).list(ContainerSummary.class);
    }

    /**
     * Makes a container and does not start it. Engine operation {@code ContainerCreate}.
     *
     * @param image the image, which the Engine must have: see {@link Images#pullIfMissing}
     * @return its id, and what the Engine warns of; fails with {@link dev.fairlead.core.error.NotFound} when the image is not there
     */
    public Mono<ContainerCreateResponse> create(String image) {
        return create(image, options -> {});
    }

    /**
     * As {@link #create(String)}, with all that a container can be told: its command, environment, limits, mounts, networks.
     *
     * <p>Fails with {@link dev.fairlead.core.error.Conflict} when the name is taken.
     */
    public Mono<ContainerCreateResponse> create(String image, Consumer<ContainerCreateOptions.Builder> options) {
        return http.post("/containers/create")
                .options(ContainerCreateOptions.of(image, options))
                .as(ContainerCreateResponse.class);
    }

    /** Everything about one container. Engine operation {@code ContainerInspect}. */
    public Mono<ContainerInspectResponse> inspect(String id) {
        return inspect(id, options -> {});
    }

    /** As {@link #inspect(String)}, with the sizes of its files if the options ask for them, however long it takes to add them up. */
    public Mono<ContainerInspectResponse> inspect(String id, Consumer<ContainerInspectOptions.Builder> options) {
        ContainerInspectOptions asked = ContainerInspectOptions.of(options);
        Request request = http.get("/containers/{id}/json", id).options(asked);
        return (asked.size() ? request.patient() : request).as(ContainerInspectResponse.class);
    }

    /**
     * The processes of a running container, as {@code ps -ef} lists them on the Engine's machine. Engine operation
     * {@code ContainerTop}.
     */
    public Mono<ContainerTopResponse> top(String id) {
        return top(id, options -> {});
    }

    /** As {@link #top(String)}, with other arguments for {@code ps}. */
    public Mono<ContainerTopResponse> top(String id, Consumer<ContainerTopOptions.Builder> options) {
        return http.get("/containers/{id}/top", id)
                .options(ContainerTopOptions.of(options))
                .as(ContainerTopResponse.class);
    }

    /**
     * Starts a container. Engine operation {@code ContainerStart}.
     *
     * @return {@link Outcome#UNCHANGED} when it ran already
     */
    public Mono<Outcome> start(String id) {
        return start(id, options -> {});
    }

    /** As {@link #start(String)}, with the keys that detach from it, or from a checkpoint. */
    public Mono<Outcome> start(String id, Consumer<ContainerStartOptions.Builder> options) {
        return http.post("/containers/{id}/start", id)
                .options(ContainerStartOptions.of(options))
                .patient()
                .outcome();
    }

    /**
     * Stops a container: its stop signal (SIGTERM unless the image says otherwise), and SIGKILL when it has not ended after its
     * stop time-out, 10 s. Engine operation {@code ContainerStop}. Completes when it has stopped.
     *
     * @return {@link Outcome#UNCHANGED} when it did not run
     */
    public Mono<Outcome> stop(String id) {
        return stop(id, options -> {});
    }

    /** As {@link #stop(String)}, with another signal or time-out. */
    public Mono<Outcome> stop(String id, Consumer<ContainerStopOptions.Builder> options) {
        return http.post("/containers/{id}/stop", id)
                .options(ContainerStopOptions.of(options))
                .patient()
                .outcome();
    }

    /** Stops a container and starts it again. Engine operation {@code ContainerRestart}. Completes when it runs. */
    public Mono<Void> restart(String id) {
        return restart(id, options -> {});
    }

    /** As {@link #restart(String)}, with another signal or time-out for the stop. */
    public Mono<Void> restart(String id, Consumer<ContainerRestartOptions.Builder> options) {
        return http.post("/containers/{id}/restart", id)
                .options(ContainerRestartOptions.of(options))
                .patient()
                .done();
    }

    /**
     * Sends SIGKILL to a container. Engine operation {@code ContainerKill}. Completes when it is sent; fails with
     * {@link dev.fairlead.core.error.Conflict} when the container does not run.
     */
    public Mono<Void> kill(String id) {
        return kill(id, options -> {});
    }

    /** As {@link #kill(String)}, with another signal. */
    public Mono<Void> kill(String id, Consumer<ContainerKillOptions.Builder> options) {
        return http.post("/containers/{id}/kill", id)
                .options(ContainerKillOptions.of(options))
                .done();
    }

    /** Freezes all processes of a container. Engine operation {@code ContainerPause}. */
    public Mono<Void> pause(String id) {
        return http.post("/containers/{id}/pause", id).done();
    }

    /** Lets a paused container go on. Engine operation {@code ContainerUnpause}. */
    public Mono<Void> unpause(String id) {
        return http.post("/containers/{id}/unpause", id).done();
    }

    /** Gives a container another name. Engine operation {@code ContainerRename}. Fails with a conflict when it is taken. */
    public Mono<Void> rename(String id, String name) {
        return http.post("/containers/{id}/rename", id).required("name", name).done();
    }

    /** Tells a container with a terminal how large it is. Engine operation {@code ContainerResize}. */
    public Mono<Void> resize(String id, TerminalSize size) {
        return http.post("/containers/{id}/resize", id)
                .idempotent()
                .query("h", size.height())
                .query("w", size.width())
                .done();
    }

    /** Removes a container that does not run. Engine operation {@code ContainerDelete}. */
    public Mono<Void> remove(String id) {
        return remove(id, options -> {});
    }

    /** As {@link #remove(String)}; a running one with {@code force(true)}, its anonymous volumes too with {@code volumes(true)}. */
    public Mono<Void> remove(String id, Consumer<ContainerRemoveOptions.Builder> options) {
        return http.delete("/containers/{id}", id)
                .options(ContainerRemoveOptions.of(options))
                .patient()
                .done();
    }

    /**
     * Waits until a container does not run, for as long as it takes; emits at once when it does not. Engine operation
     * {@code ContainerWait}. Cancelling only stops the waiting.
     *
     * @return its exit code; fails when the Engine could not wait to the end, for example since it was stopped
     */
    public Mono<ExitStatus> awaitExit(String id) {
        return awaitExit(id, options -> {});
    }

    /** As {@link #awaitExit(String)}, for the next exit or the removal. */
    public Mono<ExitStatus> awaitExit(String id, Consumer<ContainerWaitOptions.Builder> options) {
        return http.post("/containers/{id}/wait", id)
                .options(ContainerWaitOptions.of(options))
                .patient()
                .as(ContainerWaitResponse.class)
                .map(WaitAnswers::toStatus);
    }

    /**
     * What a container wrote so far, both streams, as its logging driver kept it. Engine operation {@code ContainerLogs}.
     *
     * <p>Completes at the end of what is kept. Demand reaches the socket: with none, nothing is read, and at most 192 KiB are read
     * ahead of it. Cancelling closes the connection. Fails with {@link dev.fairlead.core.error.NotImplemented} when the driver can't
     * be read, with {@link dev.fairlead.core.error.Truncated} when the connection breaks.
     */
    public Flux<OutputFrame> logs(String id) {
        return logs(id, options -> {});
    }

    /**
     * As {@link #logs(String)}; with {@code follow(true)} it goes on with what the container writes from now on, until it stops, and
     * a reader that is slow holds up nothing but itself.
     *
     * <p>Both streams are read unless the options name one. A container that was created but never started ends at once.
     */
    public Flux<OutputFrame> logs(String id, Consumer<ContainerLogsOptions.Builder> options) {
        return attachment.logs(id, ContainerLogsOptions.of(options));
    }

    /**
     * What a container wrote so far, both streams, line by line, each with the time at which the Engine took it. Engine operation
     * {@code ContainerLogs}. As {@link #logLines(String, Consumer)}.
     */
    public Flux<OutputLine> logLines(String id) {
        return logLines(id, options -> {});
    }

    /**
     * As {@link #logLines(String)}; with {@code follow(true)} it goes on with what the container writes from now on, until it stops.
     * Engine operation {@code ContainerLogs}.
     *
     * <p>Lines are in order for each of the two streams. What the Engine keeps in pieces, a line over 16 KiB, comes as one line of up to
     * 64 KiB, or what {@code maxLineBytes} says; one longer than that comes in pieces that are marked. Pieces are told by their time:
     * two kinds can't be, those of a driver that gives each a time of its own and, in the log of a terminal, those of a driver that
     * cuts elsewhere than at 16 KiB; nor can, there, the last words of a process without the end of a line be told from the first ones
     * of the next. A last line without its end comes at the end. From API 1.54 on the Engine is asked for records in JSON, and the lines
     * are the same.
     *
     * <p>Completes at the end of what is kept, or when the container stops. Fails with
     * {@link dev.fairlead.core.error.Truncated} or {@link dev.fairlead.core.error.ConnectionFailed} when the connection breaks; what had
     * come of a line comes before that, marked as continued. Demand reaches the socket: with none, nothing is read, and at most 192 KiB
     * are read ahead of it. What is buffered: for each stream a line of at most the maximum. Cancelling closes the connection, and ends
     * any waiting for another one.
     *
     * <p>With {@code resume} it goes on after a connection that was lost, with each line once, by the times of the lines and by how many
     * have the same: after a cut socket as after an Engine that was stopped or killed, as long as the container and its log are there.
     * Also when the log of a container that still runs ends, as it does when its Engine is stopped. Only failures that another attempt
     * may mend are waited out, and not before the Engine has answered once. It fails with
     * {@link dev.fairlead.core.error.LinesLost} when the Engine no longer has the last line, and with
     * {@link dev.fairlead.core.error.NotFound} when the container was removed while there was no connection; if that was after the end of
     * its log, it completes. It relies on the Engine's clock not being set back while there is no connection, and on the two streams
     * being out of order by less than 2 s.
     */
    public Flux<OutputLine> logLines(String id, Consumer<LogLinesOptions.Builder> options) {
        return LogLines.read(http, id, LogLinesOptions.of(options));
    }

    /**
     * Connects to the input and the output of a container's own process. Engine operation {@code ContainerAttach}.
     *
     * <p>Output from now on, both streams, and no input, unless the options say otherwise. Emits when the Engine has connected: only
     * what is written after that is sure to be seen, so attach before you start, or use {@link #startAttached}. The session's output has
     * to be read: a container whose attached output is not taken stops after about 2 MB, in the middle of its write.
     *
     * <p>Fails with a {@link dev.fairlead.core.error.Conflict} when the container is paused, and when it has ended, also when that
     * happens meanwhile: the Engine would connect, and then there would be neither output nor an end until somebody starts it again.
     * Cancelling before the session is emitted closes the connection.
     */
    public Mono<Session> attach(String id) {
        return attach(id, options -> {});
    }

    /**
     * As {@link #attach(String)}, with input, the log so far, or other keys to detach.
     *
     * <p>With {@code logs(true)} and no {@code stream(true)} the output is the log so far and ends, whether the container runs or not.
     * Where a container with a terminal and input gets the keys that detach, {@code ctrl-p,ctrl-q} unless told otherwise, the output
     * completes and the container goes on.
     */
    public Mono<Session> attach(String id, Consumer<ContainerAttachOptions.Builder> options) {
        return attachment.attach(id, ContainerAttachOptions.of(options));
    }

    /**
     * Connects to the output of a container, of both streams, and starts it then: a new one, or one that has ended, whose output now goes
     * on. Engine operations {@code ContainerAttach} and {@code ContainerStart}.
     *
     * <p>Nothing that it writes from its start on is missed; one that runs already is only attached to. Emits when it has started; when it
     * can't be, the connection is closed. Cancelling before that closes the connection too, and may leave it started.
     */
    public Mono<Session> startAttached(String id) {
        return startAttached(id, options -> {});
    }

    /** As {@link #startAttached(String)}, with input, the log of earlier runs in front, or other keys to detach. */
    public Mono<Session> startAttached(String id, Consumer<ContainerAttachOptions.Builder> options) {
        return attachment.startAttached(id, ContainerAttachOptions.of(options));
    }

    /**
     * As {@link #attach(String)}, but through a WebSocket, for proxies that know no other upgrade. Engine operation
     * {@code ContainerAttachWebsocket}.
     *
     * <p>Both outputs come as one, as {@link OutputFrame.Console}. Before API 1.42 the Engine connects the input too. Ending the input
     * sends the closing frame.
     */
    public Mono<Session> attachWebSocket(String id) {
        return attachWebSocket(id, options -> {});
    }

    /** As {@link #attachWebSocket(String)}, with input, the log so far, or other keys to detach. */
    public Mono<Session> attachWebSocket(String id, Consumer<ContainerAttachWebSocketOptions.Builder> options) {
        return attachment.attachWebSocket(id, ContainerAttachWebSocketOptions.of(options));
    }

    /**
     * The files in which a container differs from its image. Engine operation {@code ContainerChanges}. Empty when there are none.
     */
    public Flux<FilesystemChange> changes(String id) {
        return http.get("/containers/{id}/changes", id).patient().list(FilesystemChange.class);
    }

    /**
     * All files of a container as a tar, without its volumes. Engine operation {@code ContainerExport}.
     *
     * <p>Demand reaches the socket. Fails with {@link dev.fairlead.core.error.StreamFailed} or
     * {@link dev.fairlead.core.error.Truncated} when the Engine could not pack them all. Cancelling closes the connection.
     */
    public Flux<ByteBuffer> export(String id) {
        return http.get("/containers/{id}/export", id).tar();
    }

    /**
     * What a container uses, about once a second; {@link dev.fairlead.model.ContainerUsage#of} makes the figures of
     * {@code docker stats} of it. Engine operation {@code ContainerStats}.
     *
     * <p>The first sample has nothing to compare with. Goes on with empty samples while the container does not run, and completes when it
     * is removed. Demand reaches the socket: at most 192 KiB, about a hundred samples, are read ahead of it, so a slow subscriber gets old
     * samples, and {@code onBackpressureLatest()} keeps it at the newest. Cancelling closes the connection. Fails with
     * {@link dev.fairlead.core.error.Truncated} when the connection breaks.
     */
    public Flux<ContainerStatsResponse> stats(String id) {
        return http
                .get("/containers/{id}/stats", id)
                .options(ContainerStatsOptions.of(stats -> stats.stream(true)))
                .stream(ContainerStatsResponse.class);
    }

    /**
     * What a container uses now, with a sample of a second ago to compare with: takes one to two seconds; an empty sample when it does not
     * run. Engine operation {@code ContainerStats}. Cancelling closes the connection.
     */
    public Mono<ContainerStatsResponse> statsOnce(String id) {
        return statsOnce(id, options -> {});
    }

    /**
     * As {@link #statsOnce(String)}; at once, and with nothing to compare with, by {@code oneShot(true)}.
     *
     * @throws IllegalArgumentException if the options ask for a stream
     */
    public Mono<ContainerStatsResponse> statsOnce(String id, Consumer<ContainerStatsOptions.Builder> options) {
        ContainerStatsOptions asked = ContainerStatsOptions.of(options);
        if (asked.stream()) {
            throw new IllegalArgumentException("stream is true: use stats(id)");
        }
        return http.get("/containers/{id}/stats", id)
                .options(asked.toBuilder().stream(false).build())
                .as(ContainerStatsResponse.class);
    }

    /**
     * Changes the limits or the restart policy of a container, also while it runs. Engine operation {@code ContainerUpdate}.
     *
     * @return what the Engine warns of
     */
    public Mono<ContainerUpdateResponse> update(String id, Consumer<ContainerUpdateOptions.Builder> options) {
        return http.post("/containers/{id}/update", id)
                .options(ContainerUpdateOptions.of(options))
                .patient()
                .as(ContainerUpdateResponse.class);
    }

    /** Removes all containers that do not run. Engine operation {@code ContainerPrune}. Conflicts with a prune under way. */
    public Mono<ContainerPruneResponse> prune() {
        return prune(options -> {});
    }

    /** As {@link #prune()}, but only those that the filters select. */
    public Mono<ContainerPruneResponse> prune(Consumer<ContainerPruneOptions.Builder> options) {
        return http.post("/containers/prune")
                .options(ContainerPruneOptions.of(options))
                .patient()
                .as(ContainerPruneResponse.class);
    }

    /**
     * A file or directory of a container, running or not, as a tar. Engine operation {@code ContainerArchive}.
     *
     * <p>Demand reaches the socket. Read it to its end or cancel it: as long as it is held up, the Engine keeps the container locked,
     * and calls for it hang. Fails with {@link dev.fairlead.core.error.StreamFailed} or {@link dev.fairlead.core.error.Truncated} when
     * the Engine could not pack all.
     *
     * @param path inside the container; a symbolic link at its end comes as such
     */
    public Flux<ByteBuffer> copyOut(String id, String path) {
        return http.get("/containers/{id}/archive", id).required("path", path).tar();
    }

    /**
     * Unpacks a tar inside a container, running or not. Engine operation {@code PutContainerArchive}.
     *
     * <p>Fails when a directory would replace something else or something else a directory. What was unpacked before a failure stays.
     * The source is asked for no more than the Engine takes.
     *
     * @param directory inside the container, which must be there
     * @param tar plain, or compressed by gzip, bzip2 or xz
     */
    public Mono<Void> copyIn(String id, String directory, Publisher<ByteBuffer> tar) {
        return copyIn(id, directory, tar, options -> {});
    }

    /**
     * As {@link #copyIn(String, String, Publisher)}; directories may be replaced with {@code noOverwriteDirNonDir(false)}, and all is
     * given to the user that the container runs as, whatever the tar says, with {@code copyUidGid(true)}.
     */
    public Mono<Void> copyIn(
            String id,
            String directory,
            Publisher<ByteBuffer> tar,
            Consumer<ContainerPutArchiveOptions.Builder> options) {
        return http.put("/containers/{id}/archive", id)
                .required("path", directory)
                .options(ContainerPutArchiveOptions.of(put -> options.accept(put.noOverwriteDirNonDir(true))))
                .upload("application/x-tar", tar)
                .done();
    }

    /**
     * Copies a file or a directory of a container, running or not, to this machine, as {@code docker cp} does. Engine operation
     * {@code ContainerArchive}.
     *
     * <p>Into the target, if that is a directory; else it becomes the target, under its name, whose parent has to be there. A path that
     * ends with {@code /.} means what is in a directory. A link at the path's end is copied as such. Permissions and times are the
     * container's, owners are this process's, devices and pipes are left out. Refuses with
     * {@link dev.fairlead.core.error.UnsafeArchive} what would be written outside of the target, or through a link in it. What was
     * copied before a failure, or before it was cancelled, stays.
     *
     * <p>Written on threads of {@link reactor.core.scheduler.Schedulers#boundedElastic()}, 64 KiB at a time, with no file in between.
     *
     * @param path inside the container
     * @param target a file or a directory here; a link is followed
     * @return what was made; fails with a {@link java.nio.file.FileSystemException} when a directory would take a file's place, or the
     *     disk fails
     */
    public Mono<Unpacked> copyToHost(String id, String path, Path target) {
        return copies.toHost(id, path, target);
    }

    /**
     * Copies a file or a directory of this machine into a container, running or not, as {@code docker cp} does. Engine operation
     * {@code PutContainerArchive}.
     *
     * <p>Into the path, if that is a directory; else it becomes what the path names, whose parent has to be there. A source that ends
     * with {@code /.} means what is in a directory. A link at the source's end is copied as such, a link at the path's end is followed.
     * Owners and groups keep their numbers. What was copied before a failure, or before it was cancelled, stays.
     *
     * <p>Read on threads of {@link reactor.core.scheduler.Schedulers#boundedElastic()}, 64 KiB at a time and no faster than the Engine
     * takes it, with no file in between.
     *
     * @param source a file or a directory here
     * @param path inside the container; one that ends with a slash is a directory
     * @return fails with a {@link java.nio.file.FileSystemException} when a directory would take a file's place, or the source can't be
     *     read, with {@link dev.fairlead.core.tar.FileShrank} when a file becomes shorter meanwhile
     */
    public Mono<Void> copyFromHost(String id, Path source, String path) {
        return copyFromHost(id, source, path, options -> {});
    }

    /** As {@link #copyFromHost(String, Path, String)}; gives all to the user that the container runs as with
     * {@code copyUidGid(true)}. */
    public Mono<Void> copyFromHost(
            String id, Path source, String path, Consumer<ContainerPutArchiveOptions.Builder> options) {
        return copies.toContainer(id, source, path, options);
    }

    /**
     * What a path inside a container leads to. Engine operation {@code ContainerArchiveInfo}. Fails with
     * {@link dev.fairlead.core.error.NotFound} when there is no such container or path; the Engine does not say which.
     */
    public Mono<PathStat> stat(String id, String path) {
        return http.head("/containers/{id}/archive", id)
                .required("path", path)
                .header("X-Docker-Container-Path-Stat", PathStat.class);
    }

    /** The checkpoints of a container. Engine operation {@code CheckpointList}; only on experimental Engines. */
    public Flux<Checkpoint> checkpoints(String id) {
        return checkpoints(id, options -> {});
    }

    /** As {@link #checkpoints(String)}, in another directory of the Engine's machine. */
    public Flux<Checkpoint> checkpoints(String id, Consumer<CheckpointListOptions.Builder> options) {
        return http.get("/containers/{id}/checkpoints", id)
                .options(CheckpointListOptions.of(options))
                .list(Checkpoint.class);
    }

    /**
     * Keeps the state of a running container's processes, to {@linkplain #start(String, Consumer) start} from it later. Engine
     * operation {@code CheckpointCreate}; only on experimental Engines with CRIU.
     *
     * @param name of the checkpoint
     */
    public Mono<Void> createCheckpoint(String id, String name) {
        return createCheckpoint(id, name, options -> {});
    }

    /** As {@link #createCheckpoint(String, String)}; ends the container too with {@code exit(true)}. */
    public Mono<Void> createCheckpoint(String id, String name, Consumer<CheckpointCreateOptions.Builder> options) {
        return http.post("/containers/{id}/checkpoints", id)
                .options(CheckpointCreateOptions.of(name, options))
                .patient()
                .done();
    }

    /** Removes a checkpoint. Engine operation {@code CheckpointDelete}; only on experimental Engines. */
    public Mono<Void> removeCheckpoint(String id, String name) {
        return removeCheckpoint(id, name, options -> {});
    }

    /** As {@link #removeCheckpoint(String, String)}, in another directory of the Engine's machine. */
    public Mono<Void> removeCheckpoint(String id, String name, Consumer<CheckpointDeleteOptions.Builder> options) {
        return http.delete("/containers/{id}/checkpoints/{checkpoint}", id, name)
                .options(CheckpointDeleteOptions.of(options))
                .done();
    }

    /**
     * Runs a command in a container of its own and gives its output: creates, attaches, waits and starts in the order that loses
     * nothing. The container is removed when it has ended.
     *
     * @param image the image, which the Engine must have
     * @param command the command and its arguments; none for the image's own
     */
    public Mono<Run> run(String image, String... command) {
        return run(image, run -> run.cmd(command));
    }

    /**
     * As {@link #run(String, String...)}, with all that a container can be told.
     *
     * <p>Emits when the container was started. If it can't be, it is removed, and the error says why. If this is cancelled before it
     * emits, or later the {@linkplain Run#output() output} or the {@linkplain Run#exit() exit} is, the container is stopped and
     * removed.
     */
    public Mono<Run> run(String image, Consumer<RunOptions.Builder> options) {
        return runs.run(RunOptions.of(image, options));
    }
}
