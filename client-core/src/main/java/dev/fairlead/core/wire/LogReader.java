package dev.fairlead.core.wire;

import dev.fairlead.model.OutputLine;
import dev.fairlead.model.OutputSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of one log, over as many connections as it takes, each line once. For each connection ask {@link #since}
 * what to ask for, and then for the decoder of what comes. Holds for each source a line of at most the maximum, and a place.
 */
public final class LogReader {
    /**
     * How far the entries of standard output and standard error may be out of the order of their times: the Engine takes the
     * time before it writes an entry down, and another one may get in between. That is microseconds on an Engine at ease.
     */
    static final Duration DISORDER = Duration.ofSeconds(2);

    private final String operation;
    private final int maximum;
    private final boolean bothSources;
    private final Map<OutputSource, LogTrack> tracks = new EnumMap<>(OutputSource.class);

    private @Nullable Instant first;
    private @Nullable LogTrack current;
    /** Of the last connection: holds a line that has not ended. */
    private @Nullable ConsoleLogDecoder console;

    private long entries;
    private long newEntries;

    /**
     * A reader at the start of a log.
     *
     * @param operation the operation whose answers it reads, for error messages
     * @param maximum the longest piece of a line, in bytes
     * @param bothSources whether standard output and standard error are both asked for
     */
    public LogReader(String operation, int maximum, boolean bothSources) {
        this.operation = operation;
        this.maximum = maximum;
        this.bothSources = bothSources;
    }

    /** The time of the first entry; null before there is one. */
    public @Nullable Instant first() {
        return first;
    }

    /** How many entries have come, those that came again included. */
    public long entries() {
        return entries;
    }

    /** How many of them had anything that was not read before. */
    public long newEntries() {
        return newEntries;
    }

    /**
     * The time from which on the log has to be asked for, that moment included, on the connection that is made next.
     *
     * @param floor what is not to be gone behind, or null
     * @return the time, or null for all of the log
     */
    public @Nullable Instant since(@Nullable Instant floor) {
        // What it holds is asked for again.
        console = null;
        Instant since = place();
        if (floor != null && (since == null || since.isBefore(floor))) {
            since = floor;
        }
        for (LogTrack track : tracks.values()) {
            track.seek(since);
        }
        return since;
    }

    private @Nullable Instant place() {
        Instant newest = null;
        Instant oldest = null;
        for (LogTrack track : tracks.values()) {
            Instant last = track.last();
            newest = newest == null || (last != null && last.isAfter(newest)) ? last : newest;
            oldest = oldest == null || (last != null && last.isBefore(oldest)) ? last : oldest;
        }
        if (newest == null || oldest == null || !bothSources) {
            return newest;
        }
        // What the other source wrote may be older by as much as the disorder, or go on with an older line.
        Instant since = newest.minus(DISORDER);
        if (tracks.size() > 1 && oldest.isAfter(since)) {
            since = oldest;
        }
        for (LogTrack track : tracks.values()) {
            Instant last = track.last();
            if (last != null && track.isWithinLine() && last.isBefore(since)) {
                since = last;
            }
        }
        return since;
    }

    /**
     * A decoder of an answer in frames.
     *
     * @param attributes whether attributes were asked for
     * @return the decoder
     */
    public Decoder<OutputLine> framed(boolean attributes) {
        return new LineDecoder(new FramedLogDecoder(operation, attributes));
    }

    /**
     * A decoder of an answer without frames, which a terminal's is.
     *
     * @param attributes whether attributes were asked for
     * @return the decoder
     */
    public Decoder<OutputLine> console(boolean attributes) {
        ConsoleLogDecoder decoder = new ConsoleLogDecoder(operation, attributes);
        console = decoder;
        return new LineDecoder(decoder);
    }

    /**
     * A decoder of an answer in JSON records.
     *
     * @param console whether the program has a terminal
     * @return the decoder
     */
    public Decoder<OutputLine> json(boolean console) {
        return new LineDecoder(new JsonLogDecoder(operation, console));
    }

    /**
     * What is left when nothing more comes on any connection: lines without an end. To be asked until it gives null.
     *
     * @param torn whether the log was cut off, so that these lines are not known to be whole
     * @return the line, or a piece of it; null when there is none
     */
    public @Nullable OutputLine end(boolean torn) {
        LogEntry rest = console == null ? null : console.rest();
        if (rest != null) {
            accept(rest);
        }
        OutputLine line = next();
        for (LogTrack track : tracks.values()) {
            line = line != null ? line : track.end(torn);
        }
        return line;
    }

    /** Takes an entry, whose lines {@link #next} then gives. */
    void accept(LogEntry entry) {
        entries++;
        if (first == null) {
            first = entry.time();
        }
        LogTrack track = tracks.computeIfAbsent(entry.source(), source -> new LogTrack(operation, source, maximum));
        newEntries += track.accept(entry) ? 1 : 0;
        current = track;
    }

    /** The next line of the entry that was taken last; null when it is used up. */
    @Nullable
    OutputLine next() {
        LogTrack track = current;
        if (track == null) {
            return null;
        }
        OutputLine line = track.next();
        if (line == null) {
            current = null;
        }
        return line;
    }

    /** Makes lines of what another decoder makes of the bytes. */
    private final class LineDecoder implements Decoder<OutputLine> {
        private final Decoder<LogEntry> decoder;

        LineDecoder(Decoder<LogEntry> decoder) {
            this.decoder = decoder;
        }

        @Override
        public @Nullable OutputLine next(ByteBuffer input) {
            while (true) {
                OutputLine line = LogReader.this.next();
                if (line != null) {
                    return line;
                }
                LogEntry entry = decoder.next(input);
                if (entry == null) {
                    return null;
                }
                accept(entry);
            }
        }

        /** The first line of the last entry, if that has no end; what else it has is left to the reader's end. */
        @Override
        public @Nullable OutputLine end() {
            LogEntry entry = decoder.end();
            if (entry != null) {
                accept(entry);
            }
            return LogReader.this.next();
        }
    }
}
