package dev.fairlead;

import dev.fairlead.core.wire.LineAssembler;
import dev.fairlead.model.ContainerLogsOptions;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which lines of a log {@link Containers#logLines(String, Consumer)} reads, and how. */
public final class LogLinesOptions {

    private final boolean stdout;
    private final boolean stderr;
    private final boolean follow;
    private final @Nullable Instant since;
    private final @Nullable Instant until;
    private final @Nullable Integer tail;
    private final boolean attributes;
    private final int maxLineBytes;
    private final @Nullable Reconnect resume;

    private LogLinesOptions(Builder builder) {
        boolean both = builder.stdout == builder.stderr;
        this.stdout = both || builder.stdout;
        this.stderr = both || builder.stderr;
        this.follow = builder.follow;
        this.since = builder.since;
        this.until = builder.until;
        this.tail = builder.tail;
        this.attributes = builder.attributes;
        this.maxLineBytes = builder.maxLineBytes;
        this.resume = builder.resume;
    }

    static LogLinesOptions of(Consumer<Builder> options) {
        Builder builder = new Builder();
        options.accept(builder);
        return new LogLinesOptions(builder);
    }

    /** Whether standard output is read. */
    public boolean stdout() {
        return stdout;
    }

    /** Whether standard error is read. */
    public boolean stderr() {
        return stderr;
    }

    /** Whether it goes on with what is written from now on. */
    public boolean follow() {
        return follow;
    }

    /** The moment it starts with; null for the beginning. */
    public @Nullable Instant since() {
        return since;
    }

    /** The moment it ends with; null for the end. */
    public @Nullable Instant until() {
        return until;
    }

    /** How many entries before the end it starts; null for all. */
    public @Nullable Integer tail() {
        return tail;
    }

    /** Whether lines have what the logging driver adds to them. */
    public boolean attributes() {
        return attributes;
    }

    /** The longest line that comes whole, in bytes. */
    public int maxLineBytes() {
        return maxLineBytes;
    }

    /** How a connection that is lost is made anew; null where it isn't. */
    public @Nullable Reconnect resume() {
        return resume;
    }

    /** Those of them that the Engine knows, for one connection. */
    ContainerLogsOptions toEngine(boolean followed, @Nullable Instant from, boolean withTail) {
        ContainerLogsOptions.Builder options = ContainerLogsOptions.builder()
                .follow(followed)
                .stdout(stdout)
                .stderr(stderr)
                .timestamps(true);
        if (from != null) {
            options.since(from);
        }
        if (until != null) {
            options.until(until);
        }
        if (withTail && tail != null) {
            options.tail(tail);
        }
        return options.build();
    }

    /** Collects which lines to read. */
    public static final class Builder {

        private boolean stdout;
        private boolean stderr;
        private boolean follow;
        private @Nullable Instant since;
        private @Nullable Instant until;
        private @Nullable Integer tail;
        private boolean attributes;
        private int maxLineBytes = LineAssembler.LARGEST_LINE;
        private @Nullable Reconnect resume;

        private Builder() {}

        /** Reads standard output; both are read when neither is named. */
        public Builder stdout(boolean read) {
            this.stdout = read;
            return this;
        }

        /** Reads standard error; both are read when neither is named. */
        public Builder stderr(boolean read) {
            this.stderr = read;
            return this;
        }

        /** Goes on with what the container writes from now on, until it stops. */
        public Builder follow(boolean goOn) {
            this.follow = goOn;
            return this;
        }

        /** Starts with the lines of this moment, itself included. */
        public Builder since(Instant moment) {
            this.since = Objects.requireNonNull(moment, "moment");
            return this;
        }

        /** Ends with the lines of this moment, itself included. */
        public Builder until(Instant moment) {
            this.until = Objects.requireNonNull(moment, "moment");
            return this;
        }

        /**
         * Starts so many lines before the end. The Engine counts a line over 16 KiB once for each 16 KiB, so fewer lines may come, the
         * first of them without its beginning.
         *
         * <p>With {@link #resume}, a connection that breaks before its first line has come is followed by one that is asked for the same
         * again: the end is then that of the log at that time. Where more lines were written meanwhile, all of these come, and none
         * before.
         */
        public Builder tail(int lines) {
            if (lines < 0) {
                throw new IllegalArgumentException("lines is negative: " + lines);
            }
            this.tail = lines;
            return this;
        }

        /** Adds what the logging driver was told to keep with each line: labels and variables of the container. */
        public Builder attributes(boolean add) {
            this.attributes = add;
            return this;
        }

        /** The longest line that comes whole, in bytes without its end; 64 KiB. At least 4. */
        public Builder maxLineBytes(int bytes) {
            this.maxLineBytes = Lines.checkedMaximum(bytes);
            return this;
        }

        /**
         * Makes a connection that is lost anew, and goes on after the last line. See {@link Containers#logLines(String, Consumer)} for
         * what is promised then. Not unless said.
         */
        public Builder resume(Reconnect how) {
            this.resume = Objects.requireNonNull(how, "how");
            return this;
        }
    }
}
