package dev.fairlead;

import dev.fairlead.internal.Duplex;
import dev.fairlead.model.Outcome;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A session with a program that an exec started.
 *
 * <p>The program outlives it: when the session is closed or its output cancelled, with a terminal or without, the Engine tells the
 * program nothing, not even by SIGHUP. What ends it is the end of its input if it reads that, a write to an output that nobody takes any
 * more, or {@link #kill}.
 *
 * <p>Keys that detach end the session too. The Engine then adds a line about it to the output and says of the program that it ended
 * with 126, though it may go on.
 */
public final class ExecSession extends Session {

    private final String id;
    private final Execs execs;
    private final @Nullable ExecProcesses processes;

    ExecSession(String id, Duplex duplex, InputEnd inputEnd, Execs execs, @Nullable ExecProcesses processes) {
        super(duplex, inputEnd, size -> execs.resize(id, size));
        this.id = id;
        this.execs = execs;
        this.processes = processes;
    }

    /** The exec's id. */
    public String id() {
        return id;
    }

    /**
     * The program's exit code: asks the Engine for it at each subscription, and as long as the program runs, again and again, every
     * second at last. Take it when the output has completed: then the first answer has it. Cancelling stops the asking.
     */
    public Mono<Long> exitCode() {
        return execs.exitCode(id);
    }

    /** Ends the program and all that it started by SIGKILL; see {@link #kill(String)}. */
    public Mono<Outcome> kill() {
        return kill("KILL");
    }

    /**
     * Sends a signal to the program and to all that it started; also when the session was closed.
     *
     * <p>Only of a session that {@link Execs#open} made. The Engine has no call for it, so another exec does it inside the container, as
     * the same user: it looks in {@code /proc} for the processes with the variable {@code FAIRLEAD_EXEC} that {@code open} put into the
     * program's environment. That takes a shell, {@code sh}, in the image, and does not reach a process that changed its user or threw
     * its environment away.
     *
     * @param signal as {@code TERM}, {@code SIGTERM} or {@code 15}
     * @return {@link Outcome#CHANGED} when a process was signalled, {@link Outcome#UNCHANGED} when all had ended; fails with an
     *     {@link IllegalStateException} when the program runs and can't be reached, and for a session of another kind
     */
    public Mono<Outcome> kill(String signal) {
        if (processes == null) {
            return Mono.error(new IllegalStateException(
                    "this program can't be told from others in its container: have it made by execs().open(…)"));
        }
        return processes.signal(id, signal);
    }
}
