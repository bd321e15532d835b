package dev.fairlead;

import dev.fairlead.model.ExitStatus;
import dev.fairlead.model.OutputFrame;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A command that runs in a container of its own.
 *
 * <p>Take its output or its exit or both; or {@link #stop()} it. It is not tied to the connection: a program that ends leaves the
 * container running to its end.
 */
public final class Run {

    private final String id;
    private final Session session;
    private final Mono<ExitStatus> exit;
    private final Mono<Void> stop;
    private volatile boolean outputAsked;

    Run(String id, Session session, Mono<ExitStatus> exit, Mono<Void> stop) {
        this.id = id;
        this.session = session;
        this.exit = exit;
        this.stop = stop;
    }

    /** The container's id. */
    public String id() {
        return id;
    }

    /** Its input and its terminal. The output is better taken here: cancelling the session's leaves the container running. */
    public Session session() {
        return session;
    }

    /**
     * What it writes, from its first byte on; completes when it has ended, as {@link #exit()} does, and fails when
     * nobody can tell that. One subscriber, here, to the session's output or to an {@code exit()} that was the first;
     * another one fails with an {@link IllegalStateException} and changes nothing. Cancelling stops the container, and
     * removes it unless it was to be kept; so does an error. For demand and memory see {@link Session#output()}.
     */
    public Flux<OutputFrame> output() {
        outputAsked = true;
        // Who comes second has to fail outside of what stops the container: it is the first one's.
        return Flux.defer(() -> session.takeOutput()
                ? stoppedUnlessEnded(session.takenOutput()
                        // The end of the connection is not that of the run: an Engine that is killed may leave it
                        // running.
                        .concatWith(exit.then(Mono.empty())))
                : Session.outputIsTaken());
    }

    private Flux<OutputFrame> stoppedUnlessEnded(Flux<OutputFrame> output) {
        return Flux.usingWhen(
                Mono.just(session),
                open -> output,
                done -> Mono.empty(),
                (done, failure) -> Cleanup.after(failure, stop()),
                done -> stop());
    }

    /**
     * How it ended; emits when it has ended and, unless it is kept, was removed. The same for each subscriber. Cancelling stops the
     * container as {@link #output()} does.
     *
     * <p>When nobody has called {@link #output()}, or subscribed to the session's, by the time this is subscribed to, the output is read
     * and thrown away: a command whose output nobody takes would never end. Who calls it takes it, and not only after this.
     */
    public Mono<ExitStatus> exit() {
        return Mono.usingWhen(
                Mono.just(session),
                open -> !outputAsked && open.takeOutput() ? open.takenOutput().then(exit) : exit,
                done -> Mono.empty(),
                (done, failure) -> Cleanup.after(failure, stop()),
                done -> stop());
    }

    /** Stops the container, and removes it unless it was to be kept. Completes also when it has ended already. */
    public Mono<Void> stop() {
        return stop.doFinally(signal -> session.close());
    }
}
