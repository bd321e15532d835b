package dev.fairlead;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.model.ExecStartOptions;
import dev.fairlead.model.OutputFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Create, start, feed and read at once, and ask how it ended. */
final class ExecProcedure {

    private final Execs execs;

    ExecProcedure(Execs execs) {
        this.execs = execs;
    }

    Mono<ExecResult> run(String container, ExecRunOptions options) {
        return options.killOnCancel() ? runOrKill(container, options) : runOrLeave(container, options);
    }

    private Mono<ExecResult> runOrLeave(String container, ExecRunOptions options) {
        return execs.create(container, options.exec())
                .flatMap(id -> connect(id, options, null))
                .flatMap(session -> Mono.usingWhen(
                        Mono.just(session),
                        open -> converse(open, options),
                        ExecProcedure::close,
                        (open, failure) -> close(open),
                        ExecProcedure::close));
    }

    private Mono<ExecResult> runOrKill(String container, ExecRunOptions options) {
        return execs.createMarked(container, options.exec(), (created, processes) -> {
            AtomicBoolean cancelled = new AtomicBoolean();
            // Goes on when the caller cancels: only its answer tells that there is a program to end.
            Mono<ExecSession> opened = created.filter(id -> !cancelled.get())
                    .flatMap(id -> connect(id, options, processes))
                    .cache();
            return Mono.usingWhen(
                    Mono.just(opened),
                    open -> open.flatMap(session -> converse(session, options)),
                    open -> open.flatMap(ExecProcedure::close),
                    (open, failure) -> open.onErrorComplete()
                            .flatMap(ExecProcedure::end)
                            .onErrorResume(alive -> {
                                failure.addSuppressed(alive);
                                return Mono.empty();
                            }),
                    open -> Mono.defer(() -> {
                        cancelled.set(true);
                        return open.onErrorComplete().flatMap(ExecProcedure::end);
                    }));
        });
    }

    private Mono<ExecSession> connect(String id, ExecRunOptions options, @Nullable ExecProcesses processes) {
        return execs.connect(id, ExecStartOptions.builder(), options.exec().tty(), options.stdin() != null, processes);
    }

    private static Mono<Void> close(ExecSession session) {
        return Mono.fromRunnable(session::close);
    }

    private static Mono<Void> end(ExecSession session) {
        return close(session).then(session.kill()).then();
    }

    private static Mono<ExecResult> converse(ExecSession session, ExecRunOptions options) {
        Captured captured = new Captured(options.maxOutput());
        Function<Flux<OutputFrame>, ? extends Publisher<?>> consumer = options.output();
        AtomicBoolean ended = new AtomicBoolean();
        Flux<OutputFrame> output = session.output().doOnComplete(() -> ended.set(true));
        Publisher<?> taken = consumer == null ? output.doOnNext(captured::add) : consumer.apply(output);
        // A program may go on for ever when nobody takes its output any more.
        Mono<Void> leftOver =
                Mono.defer(() -> options.killOnCancel() && !ended.get() ? end(session) : Mono.<Void>empty());
        Mono<ExecResult> result = Flux.from(taken)
                .then(leftOver)
                .then(Mono.defer(session::exitCode))
                .map(captured::toResult);
        Publisher<ByteBuffer> stdin = options.stdin();
        if (stdin == null) {
            return result;
        }
        Mono<ExecResult> fed = session.write(stdin)
                .thenReturn(session)
                // A program need not read its input to the end: what it wrote and how it ended is still the result.
                .onErrorComplete(ConnectionFailed.class)
                .flatMap(open -> endInput(open, options.exec().tty()))
                .then(Mono.never());
        return Flux.merge(fed, result).next();
    }

    /**
     * Where the way to the Engine has no end of the input alone, a program that waits for it would never end: that has
     * to be told.
     */
    private static Mono<Void> endInput(ExecSession session, boolean tty) {
        return tty ? session.closeInput().onErrorComplete(ConnectionFailed.class) : session.closeInput();
    }

    /** What is kept of the output. */
    private static final class Captured {

        private final int limit;
        private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        private boolean truncated;

        Captured(int limit) {
            this.limit = limit;
        }

        void add(OutputFrame frame) {
            ByteArrayOutputStream to = frame instanceof OutputFrame.Stderr ? stderr : stdout;
            int kept = Math.min(frame.size(), limit - to.size());
            truncated |= kept < frame.size();
            byte[] bytes = new byte[kept];
            frame.bytes().get(bytes);
            to.writeBytes(bytes);
        }

        ExecResult toResult(long exitCode) {
            return new ExecResult(exitCode, stdout.toByteArray(), stderr.toByteArray(), truncated);
        }
    }
}
