package dev.fairlead.samples;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * What ends a program in an orderly way: SIGINT and SIGTERM are told by {@link #asked()}, and the JVM stays until the program has said
 * its exit code, which is then that of the process.
 */
public final class StopSignal {

    private final Sinks.Empty<Void> asked = Sinks.empty();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile int code;

    private StopSignal() {}

    /**
     * Listens from now on.
     *
     * @param patience how long the program may take to end; then it is ended as it is, with 1
     */
    public static StopSignal install(Duration patience) {
        StopSignal stop = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop.end(patience), "stop-signal"));
        return stop;
    }

    /** Completes when the program is asked to end. */
    public Mono<Void> asked() {
        return asked.asMono();
    }

    /** Ends the process with this code, also where it ends already. */
    public void exit(int exitCode) {
        code = exitCode;
        done.countDown();
        System.exit(exitCode);
    }

    private void end(Duration patience) {
        asked.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        boolean ended = false;
        try {
            ended = done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        // A signal's own code would hide the program's.
        Runtime.getRuntime().halt(ended ? code : 1);
    }
}
