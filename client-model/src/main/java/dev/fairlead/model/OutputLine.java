package dev.fairlead.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A line that a process wrote, without its end: {@code \n}, or {@code \r\n}. A {@code \r} anywhere else is part of the
 * text. A line longer than the maximum comes in several of these, one after the other for each source; all but the last
 * are {@code continued}.
 *
 * @param source where it was written
 * @param text the line, read as UTF-8; for each byte that is malformed it has one U+FFFD, as the Engine's own JSON has
 * @param continued whether more of the same line follows, or would have followed if the output had not been cut off
 * @param time when the Engine took it, to the nanosecond; null where that was not asked for
 * @param attributes what the logging driver tells of it; empty unless that was asked for
 */
public record OutputLine(
        OutputSource source,
        String text,
        boolean continued,
        @Nullable Instant time,
        Map<String, String> attributes) {
    /**
     * A line.
     *
     * @param source where it was written
     * @param text the line without its end
     * @param continued whether more of the same line follows
     * @param time when the Engine took it, or null
     * @param attributes what the logging driver tells of it
     */
    public OutputLine {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(text, "text");
        attributes = Map.copyOf(attributes);
    }

    /**
     * A whole line of which only the text is known.
     *
     * @param source where it was written
     * @param text the line without its end
     * @return the line
     */
    public static OutputLine of(OutputSource source, String text) {
        return new OutputLine(source, text, false, null, Map.of());
    }

    /** All but the text, which may be large or secret. */
    @Override
    public String toString() {
        return "OutputLine[" + source + ", " + text.length() + " characters" + (continued ? ", continued" : "")
                + (time == null ? "" : ", " + time) + (attributes.isEmpty() ? "" : ", " + attributes.keySet()) + "]";
    }
}
