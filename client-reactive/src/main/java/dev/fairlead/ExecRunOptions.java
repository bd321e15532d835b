package dev.fairlead;

import dev.fairlead.model.ExecCreateOptions;
import dev.fairlead.model.OutputFrame;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** What {@link Execs#run} runs, and what becomes of its input and output. */
public final class ExecRunOptions {

    /** What is kept of the output unless something else is said: 16 MiB. */
    public static final int DEFAULT_MAX_OUTPUT = 16 * 1024 * 1024;

    private final ExecCreateOptions exec;
    private final @Nullable Publisher<ByteBuffer> stdin;
    private final @Nullable Function<Flux<OutputFrame>, ? extends Publisher<?>> output;
    private final int maxOutput;
    private final boolean killOnCancel;

    private ExecRunOptions(Builder builder) {
        this.exec = builder.exec
                .attachStdin(builder.stdin != null)
                .attachStdout(true)
                .attachStderr(true)
                .build();
        if (exec.cmd().isEmpty()) {
            throw new IllegalArgumentException("cmd is empty: an exec needs a program");
        }
        this.stdin = builder.stdin;
        this.output = builder.output;
        this.maxOutput = builder.maxOutput;
        this.killOnCancel = builder.killOnCancel;
    }

    static ExecRunOptions of(Consumer<Builder> options) {
        Builder builder = new Builder();
        options.accept(builder);
        return new ExecRunOptions(builder);
    }

    ExecCreateOptions exec() {
        return exec;
    }

    @Nullable
    Publisher<ByteBuffer> stdin() {
        return stdin;
    }

    @Nullable
    Function<Flux<OutputFrame>, ? extends Publisher<?>> output() {
        return output;
    }

    int maxOutput() {
        return maxOutput;
    }

    boolean killOnCancel() {
        return killOnCancel;
    }

    /** Collects what a run is to be; what has no method here is set by {@link #exec}. */
    public static final class Builder {

        private final ExecCreateOptions.Builder exec = ExecCreateOptions.builder();
        private @Nullable Publisher<ByteBuffer> stdin;
        private @Nullable Function<Flux<OutputFrame>, ? extends Publisher<?>> output;
        private int maxOutput = DEFAULT_MAX_OUTPUT;
        private boolean killOnCancel;

        private Builder() {}

        /** The program and its arguments. */
        public Builder cmd(String... command) {
            exec.cmd(command);
            return this;
        }

        /** Added to the container's environment, each entry as {@code NAME=value}. */
        public Builder env(String... entries) {
            exec.env(entries);
            return this;
        }

        /** The folder in which the program starts. */
        public Builder workingDir(String folder) {
            exec.workingDir(folder);
            return this;
        }

        /** Who runs the program: a name or a number, and a group behind a colon. */
        public Builder user(String user) {
            exec.user(user);
            return this;
        }

        /** Gives the program a terminal: both of its outputs are then one. */
        public Builder tty(boolean tty) {
            exec.tty(tty);
            return this;
        }

        /** Everything else that an exec can be told. What it attaches to is set by the run. */
        public Builder exec(Consumer<ExecCreateOptions.Builder> options) {
            options.accept(exec);
            return this;
        }

        /**
         * The program's input, taken as fast as the program reads it; at its end the program sees the end, as {@link
         * Session#closeInput()} says.
         */
        public Builder stdin(Publisher<ByteBuffer> source) {
            this.stdin = Objects.requireNonNull(source, "source");
            return this;
        }

        /** The program's input. */
        public Builder stdin(ByteBuffer content) {
            ByteBuffer kept = content.asReadOnlyBuffer();
            return stdin(Flux.defer(() -> Flux.just(kept.duplicate())));
        }

        /**
         * Takes the output as it comes, with the demand of whoever takes it, and keeps none of it. The run ends when
         * the returned publisher and the program have; its values are not looked at. A program that goes on when the
         * publisher has completed before the output is ended by SIGKILL with {@code killOnCancel(true)}, and waited for
         * otherwise, however long it runs.
         */
        public Builder output(Function<Flux<OutputFrame>, ? extends Publisher<?>> consumer) {
            this.output = Objects.requireNonNull(consumer, "consumer");
            return this;
        }

        /** How much is kept of each of the two outputs, in bytes; the rest is read and thrown away, and the result says so. */
        public Builder maxOutput(int bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("bytes is negative: " + bytes);
            }
            this.maxOutput = bytes;
            return this;
        }

        /**
         * Ends the program and all that it started by SIGKILL when the run is cancelled, a time-out included, or fails
         * by its input or by whoever takes its output, or when those have enough of it. Otherwise it goes on in the
         * container. How it is found there, and when it can't be: {@link ExecSession#kill(String)}; then Reactor's log
         * has a warning.
         */
        public Builder killOnCancel(boolean kill) {
            this.killOnCancel = kill;
            return this;
        }
    }
}
