package dev.fairlead.core.wire;

import dev.fairlead.core.error.LinesLost;
import dev.fairlead.model.OutputLine;
import dev.fairlead.model.OutputSource;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One source of a log: the line under way, and the place up to which the log was read, by which it is found again on
 * another connection. The place is the time of the last entry, how many entries of this very time were read, and how much
 * of one that had not ended.
 */
final class LogTrack {
    private final String operation;
    private final LineAssembler lines;

    private @Nullable Instant last;
    private Instant highest = Instant.MIN; // An Engine's clock that was set back makes the last one not the highest.
    private int entries; // Of the time of the last one, read to their ends.
    private boolean within; // The last entry was not read to its end.
    private long bytes; // Of the entry that was not.

    private boolean seeking; // What was read already is expected to come once more.
    private boolean placeComes; // And the place itself is among it.
    private int found; // Entries of the last time that have come once more.
    private boolean skipping; // The entry that comes was read already.
    private long bytesToSkip; // Of the entry that comes.

    private @Nullable LogEntry current;

    LogTrack(String operation, OutputSource source, int maximum) {
        this.operation = operation;
        this.lines = new LineAssembler(source, maximum);
    }

    /** The time of the last entry; null before the first. */
    @Nullable
    Instant last() {
        return last;
    }

    /** Whether the place lies within a line or an entry, so that it alone is where to go on. */
    boolean isWithinLine() {
        return within || lines.isWithinLine();
    }

    /** The same log comes once more, with all from this time on. */
    void seek(@Nullable Instant since) {
        skipping = false;
        bytesToSkip = 0;
        found = 0;
        Instant place = last;
        seeking = place != null;
        placeComes = place != null && (since == null || !place.isBefore(since));
    }

    /**
     * Takes an entry, or a slice of one; {@link #next} then gives its lines.
     *
     * @return whether there is anything in it that was not read before
     */
    boolean accept(LogEntry entry) {
        if (entry.first()) {
            begin(entry);
        }
        if (skipping) {
            return false;
        }
        ByteBuffer content = entry.content();
        if (bytesToSkip > 0) {
            int skipped = (int) Math.min(bytesToSkip, content.remaining());
            content.position(content.position() + skipped);
            bytesToSkip -= skipped;
        }
        boolean more = content.hasRemaining() || entry.last();
        bytes += content.remaining();
        if (entry.last()) {
            entries++;
            within = false;
            bytes = 0;
            bytesToSkip = 0;
        }
        current = entry;
        return more;
    }

    private void begin(LogEntry entry) {
        skipping = seeking && wasRead(entry);
        if (skipping || within) {
            // What goes on where it was cut off is no new entry.
            return;
        }
        Instant time = entry.time();
        if (!time.equals(last)) {
            last = time;
            entries = 0;
        }
        if (time.isAfter(highest)) {
            highest = time;
        }
        within = true;
        bytes = 0;
    }

    /** Whether an entry was read to its end before; finds the place, and stops seeking behind it. */
    private boolean wasRead(LogEntry entry) {
        Instant place = last;
        if (entry.time().equals(place)) {
            if (found < entries) {
                found++;
                seeking = within || found < entries;
                return true;
            }
            seeking = false;
            bytesToSkip = within ? bytes : 0;
            return false;
        }
        if (!entry.time().isAfter(highest)) {
            return true;
        }
        if (placeComes && place != null) {
            throw new LinesLost(operation, place, entry.time());
        }
        seeking = false;
        within = false;
        return false;
    }

    /** The next line of what was taken. Null when it is used up. */
    @Nullable
    OutputLine next() {
        LogEntry entry = current;
        if (entry == null) {
            return null;
        }
        // Pieces of one line have one time. What has no end and another time after it was the last word of a process.
        if (lines.isWithinLine() && !entry.time().equals(lines.time())) {
            OutputLine unended = lines.end(false);
            if (unended != null) {
                return unended;
            }
        }
        lines.stamp(entry.time(), entry.attributes());
        OutputLine line = lines.next(entry.content());
        if (line == null) {
            current = null;
        }
        return line;
    }

    /** What is left when nothing more comes. To be asked until it gives null. */
    @Nullable
    OutputLine end(boolean torn) {
        OutputLine line = next();
        return line != null ? line : lines.end(torn);
    }
}
