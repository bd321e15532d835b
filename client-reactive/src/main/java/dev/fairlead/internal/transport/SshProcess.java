package dev.fairlead.internal.transport;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One call of {@code ssh}, from before it is started until it has ended. */
final class SshProcess {

    /** For ssh to end what it has started itself; after that it is killed. */
    private static final long PATIENCE_SECONDS = 2;

    /** What the program left behind may hold its standard error open. */
    private static final long LAST_WORD_MILLIS = 300;

    private final SshCommand command;
    private final List<String> line;
    private final LastWords words = new LastWords();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private @Nullable Process process;
    private final CompletableFuture<@Nullable Void> unwanted = new CompletableFuture<>();

    SshProcess(SshCommand command, List<String> line) {
        this.command = command;
        this.line = line;
    }

    /** Blocks until it is started; does nothing if it was ended before. */
    synchronized void start() {
        if (unwanted.isDone()) {
            exit.complete(-1);
            return;
        }
        Process started;
        try {
            started = command.start(line);
        } catch (RuntimeException refused) {
            unwanted.complete(null);
            exit.complete(-1);
            throw refused;
        }
        process = started;
        CompletableFuture<Void> silent = words.readFrom(started.getErrorStream());
        var unused = started.onExit()
                .thenCompose(ended -> silent.copy().completeOnTimeout(null, LAST_WORD_MILLIS, TimeUnit.MILLISECONDS))
                .whenComplete((nothing, failure) -> exit.complete(started.exitValue()));
    }

    /** Where what the program writes is read. Only after it was started. */
    synchronized @Nullable InputStream output() {
        return process == null ? null : process.getInputStream();
    }

    /** Where the program's input is written. Only after it was started. */
    synchronized @Nullable OutputStream input() {
        return process == null ? null : process.getOutputStream();
    }

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    LastWords words() {
        return words;
    }

    /** Its exit status, when it has ended and said its last word; -1 if it never was. */
    CompletableFuture<Integer> exit() {
        return exit;
    }

    /** As {@link #exit()}; cancelling ends nothing. */
    Mono<Integer> exited() {
        return Mono.fromFuture(exit, true);
    }

    /** Completes when nobody wants it any more, whether it was started or not. */
    CompletableFuture<@Nullable Void> unwanted() {
        return unwanted;
    }

    /** Ends it, by force if need be. Does not wait, neither for its end nor for what ending it takes. */
    void end() {
        if (unwanted.complete(null)) {
            // To look for its children, and to close its input where somebody writes to it, may take as long as it
            // likes.
            Threads.daemon("fairlead-ssh-end", this::endNow);
        }
    }

    /** As {@link #end()}, and waits for what that takes, where nothing that was left to others would be done any more. */
    void endNow() {
        unwanted.complete(null);
        Process running = started();
        if (running == null) {
            exit.complete(-1);
            return;
        }
        if (!running.isAlive()) {
            return;
        }
        List<ProcessHandle> more = running.descendants().toList();
        var unused = exit.copy().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).whenComplete((status, late) -> {
            if (late != null) {
                more.forEach(ProcessHandle::destroyForcibly);
                running.destroyForcibly();
            }
        });
        running.destroy();
    }

    private synchronized @Nullable Process started() {
        return process;
    }
}
