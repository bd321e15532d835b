package dev.fairlead;

import dev.fairlead.internal.Duplex;
import reactor.core.publisher.Mono;

/** A session with a program that an exec started. */
public final class ExecSession extends Session {

    private final String id;
    private final Execs execs;

    ExecSession(String id, Duplex duplex, InputEnd inputEnd, Execs execs) {
        super(duplex, inputEnd, size -> execs.resize(id, size));
        this.id = id;
        this.execs = execs;
    }

    /** The exec's id. */
    public String id() {
        return id;
    }

    /**
     * The program's exit code: asks the Engine for it at each subscription, and as long as the program runs, again and again, every
     * second at last. Take it when the output has completed: then the first answer has it.
     */
    public Mono<Long> exitCode() {
        return execs.exitCode(id);
    }
}
