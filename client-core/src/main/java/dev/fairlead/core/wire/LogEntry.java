package dev.fairlead.core.wire;

import dev.fairlead.model.OutputSource;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;

/**
 * An entry of a log, or a slice of a very long one: what the Engine read from the process at once, a line with its end, or
 * a piece of a long line.
 *
 * @param first whether the entry begins with it
 * @param last whether the entry ends with it
 * @param content the bytes, to be read once
 */
record LogEntry(
        OutputSource source,
        Instant time,
        Map<String, String> attributes,
        boolean first,
        boolean last,
        ByteBuffer content) {}
