package dev.fairlead.core.wire;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.json.Json;
import dev.fairlead.core.json.JsonReader;
import dev.fairlead.model.OutputSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decodes a log that comes as JSON records, as Engines from API 1.54 on offer it: each is an entry. */
final class JsonLogDecoder implements Decoder<LogEntry> {
    // A map and no type of ours: the Engine calls the form an experiment still.
    @SuppressWarnings("rawtypes")
    private static final JsonReader<Map> READER = Json.readerFor(Map.class);

    private final String operation;
    private final boolean console;

    @SuppressWarnings("rawtypes")
    private final JsonSequenceDecoder<Map> records;

    /**
     * A decoder at the start of a stream.
     *
     * @param console whether the program has a terminal; the records call its output standard output
     */
    JsonLogDecoder(String operation, boolean console) {
        this.operation = operation;
        this.console = console;
        this.records = new JsonSequenceDecoder<>(operation, READER);
    }

    @Override
    public @Nullable LogEntry next(ByteBuffer input) {
        Map<?, ?> entry = records.next(input);
        return entry == null ? null : entry(entry);
    }

    @Override
    public @Nullable LogEntry end() {
        Map<?, ?> entry = records.end();
        return entry == null ? null : entry(entry);
    }

    private LogEntry entry(Map<?, ?> entry) {
        String problem = text(entry, "Error");
        if (!problem.isEmpty()) {
            throw new StreamFailed(operation, problem, null);
        }
        ByteBuffer content = ByteBuffer.wrap(text(entry, "Line").getBytes(StandardCharsets.UTF_8));
        return new LogEntry(
                source(text(entry, "Source")), time(entry), attributes(entry.get("Attrs")), true, true, content);
    }

    private OutputSource source(String name) {
        if (console) {
            return OutputSource.CONSOLE;
        }
        return name.equals("stderr") ? OutputSource.STDERR : OutputSource.STDOUT;
    }

    private Instant time(Map<?, ?> entry) {
        try {
            return OffsetDateTime.parse(text(entry, "Timestamp")).toInstant();
        } catch (DateTimeException malformed) {
            throw new ProtocolFailure(operation, "a record of the log has no time: " + entry.keySet(), malformed);
        }
    }

    private static Map<String, String> attributes(@Nullable Object list) {
        if (!(list instanceof List<?> pairs)) {
            return Map.of();
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        for (Object pair : pairs) {
            if (pair instanceof Map<?, ?> attribute) {
                attributes.put(text(attribute, "Key"), text(attribute, "Value"));
            }
        }
        return attributes;
    }

    private static String text(Map<?, ?> entry, String name) {
        return entry.get(name) instanceof String text ? text : "";
    }
}
