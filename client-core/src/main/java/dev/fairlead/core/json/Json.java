package dev.fairlead.core.json;

import dev.fairlead.model.TokenReader;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The one JSON mapper of the client: lenient with what the Engine says, exact in what it is told. */
public final class Json {
    /** Made when it is first wanted: most programs' first answers are read without it. */
    private static final class Databind {
        static final JsonMapper MAPPER = mapper();

        /**
         * One for each thread, which are the event loops that read answers: a mapper makes what it reads a type with under a lock, and an
         * event loop would wait there for another.
         */
        private static final ThreadLocal<JsonMapper> OWN = ThreadLocal.withInitial(Databind::mapper);

        static JsonMapper own() {
            return OWN.get();
        }

        private static JsonMapper mapper() {
            return JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    // Go sends null for a number it has no value for.
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();
        }
    }

    private Json() {}

    /**
     * A reader of one type, to keep where the same type is read again and again.
     *
     * @param <T> the type
     * @param type the type
     * @return the reader
     */
    public static <T> JsonReader<T> readerFor(Class<T> type) {
        return new JsonReader<>(
                TokenReader.of(type), MemberOrder.of(type), () -> Databind.own().readerFor(type), null);
    }

    /**
     * A reader of JSON arrays. The {@code null} that Go writes for an empty list is an empty list.
     *
     * @param <T> the type of the elements
     * @param type the type of the elements
     * @return the reader
     */
    public static <T> JsonReader<List<T>> listReaderFor(Class<T> type) {
        TokenReader<T> tokens = TokenReader.of(type);
        return new JsonReader<>(
                tokens == null ? null : JacksonTokens.listOf(tokens),
                MemberOrder.of(type),
                () -> Databind.own().readerForListOf(type),
                List.of());
    }

    /**
     * Reads a value.
     *
     * @param <T> its type
     * @param operation the operation whose answer it is, for error messages
     * @param bytes exactly one JSON text, in UTF-8
     * @param type its type
     * @return the value
     * @throws dev.fairlead.core.error.ProtocolFailure if the bytes are anything else
     */
    public static <T> T read(String operation, byte[] bytes, Class<T> type) {
        return readerFor(type).read(operation, bytes, 0, bytes.length);
    }

    /**
     * Reads a value; the buffer's position moves to its end.
     *
     * @param <T> its type
     * @param operation the operation whose answer it is, for error messages
     * @param bytes exactly one JSON text, in UTF-8
     * @param type its type
     * @return the value
     * @throws dev.fairlead.core.error.ProtocolFailure if the bytes are anything else
     */
    public static <T> T read(String operation, ByteBuffer bytes, Class<T> type) {
        return readerFor(type).read(operation, bytes);
    }

    /**
     * Reads a list. The {@code null} that Go writes for an empty list is an empty list.
     *
     * @param <T> the type of its elements
     * @param operation the operation whose answer it is, for error messages
     * @param bytes exactly one JSON array, in UTF-8
     * @param type the type of its elements
     * @return the list
     * @throws dev.fairlead.core.error.ProtocolFailure if the bytes are anything else
     */
    public static <T> List<T> readList(String operation, byte[] bytes, Class<T> type) {
        return listReaderFor(type).read(operation, bytes, 0, bytes.length);
    }

    /**
     * Writes a value.
     *
     * @param value the value
     * @return its JSON text in UTF-8
     */
    public static byte[] write(Object value) {
        return Databind.MAPPER.writeValueAsBytes(value);
    }

    /**
     * Whether a text is one JSON object and nothing else.
     *
     * @param bytes the text in UTF-8
     * @return true if it is
     */
    public static boolean isObject(byte[] bytes) {
        try {
            return Databind.MAPPER.readTree(bytes).isObject();
        } catch (JacksonException notJson) {
            return false;
        }
    }

    /**
     * Reads an object whose text holds secrets: the error says where it went wrong, and nothing of the text. What
     * follows the object is passed over.
     *
     * @param bytes the text in UTF-8
     * @return the object
     * @throws IllegalArgumentException if the text does not begin with an object; it has no cause, whose message would
     *     quote the text
     */
    public static ObjectNode secretObject(byte[] bytes) {
        JsonNode tree;
        try {
            tree = Databind.MAPPER
                    .reader()
                    .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(bytes);
        } catch (JacksonException notJson) {
            throw notJson(notJson);
        }
        if (!(tree instanceof ObjectNode object)) {
            throw new IllegalArgumentException("no JSON object");
        }
        return object;
    }

    /**
     * Some members of an object whose text holds secrets elsewhere; those others are passed over unread. Names are found in
     * any case and the last of a name counts, as for {@code docker}. The error says where it went wrong, and nothing of the text.
     *
     * @param bytes the text in UTF-8
     * @param names the members
     * @return those that are there and not {@code null}, by the names that were asked for
     * @throws IllegalArgumentException if the text does not begin with an object; without a cause
     */
    public static Map<String, JsonNode> members(byte[] bytes, String... names) {
        Map<String, JsonNode> members = new HashMap<>();
        try (JsonParser parser = Databind.MAPPER.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("no JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                Optional<String> wanted =
                        Stream.of(names).filter(name::equalsIgnoreCase).findFirst();
                JsonToken value = parser.nextToken();
                if (wanted.isPresent() && value != JsonToken.VALUE_NULL) {
                    members.put(wanted.get(), parser.readValueAsTree());
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException notJson) {
            throw notJson(notJson);
        }
        return members;
    }

    private static IllegalArgumentException notJson(JacksonException problem) {
        TokenStreamLocation place = problem.getLocation();
        return new IllegalArgumentException("not JSON"
                + (place == null ? "" : ", at line " + place.getLineNr() + ", column " + place.getColumnNr()));
    }

    /**
     * A JSON text without some of its members.
     *
     * @param bytes the text in UTF-8
     * @param places the names on the way to each of them, the last one its own; {@code *} stands for all elements of an
     *     array or members of an object
     * @return the text without them
     */
    public static byte[] without(byte[] bytes, List<List<String>> places) {
        JsonNode tree = Databind.MAPPER.readTree(bytes);
        places.forEach(place -> remove(tree, place));
        return Databind.MAPPER.writeValueAsBytes(tree);
    }

    private static void remove(@Nullable JsonNode node, List<String> place) {
        if (node == null || place.isEmpty()) {
            return;
        }
        List<String> rest = place.subList(1, place.size());
        if (place.get(0).equals("*")) {
            node.values().forEach(element -> remove(element, rest));
        } else if (!rest.isEmpty()) {
            remove(node.get(place.get(0)), rest);
        } else if (node instanceof ObjectNode object) {
            JsonNode unused = object.remove(place.get(0));
        }
    }
}
