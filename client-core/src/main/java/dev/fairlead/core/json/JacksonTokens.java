package dev.fairlead.core.json;

import dev.fairlead.model.JsonTokens;
import dev.fairlead.model.TokenReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** The tokens of a parser of Jackson's. What does not come as expected is refused, for {@link JsonReader} to have it read by databind. */
final class JacksonTokens implements JsonTokens, AutoCloseable {
    // One for all: it remembers the names of members. It is event loops that read: a buffer for each of them is none
    // too many.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    private final JsonParser parser;
    private final MemberOrder order;
    private MemberOrder.Member member;
    private @Nullable JsonToken token;

    private JacksonTokens(JsonParser parser, MemberOrder order) {
        this.parser = parser;
        this.order = order;
        this.member = order.start();
    }

    /** Before the first of what may be several values of the type whose members come in that order. Has to be closed. */
    static JacksonTokens of(MemberOrder order, byte[] bytes, int offset, int length) {
        return new JacksonTokens(FACTORY.createParser(ObjectReadContext.empty(), bytes, offset, length), order);
    }

    /** Goes on to the next value that is not within another; false at the end. */
    boolean nextValue() {
        token = parser.nextToken();
        return token != null;
    }

    /** How many bytes there were up to the end of the value that was read last. */
    long read() {
        return parser.currentLocation().getByteOffset();
    }

    @Override
    public void close() {
        parser.close();
    }

    /** A value of another kind, or something after the last one. */
    @SuppressWarnings("serial")
    private static final class Unexpected extends RuntimeException {
        private Unexpected() {
            super("an unexpected token", null, false, false);
        }
    }

    /** Reads a text that is one value; throws whatever there is to throw if it is anything else. */
    static <T> @Nullable T read(MemberOrder order, byte[] bytes, int offset, int length, TokenReader<T> reader) {
        try (JacksonTokens tokens = of(order, bytes, offset, length)) {
            tokens.expect(tokens.nextValue());
            T value = reader.read(tokens);
            tokens.expect(!tokens.nextValue());
            return value;
        }
    }

    /** A reader of arrays. It refuses {@code null} among the elements. */
    static <T> TokenReader<List<T>> listOf(TokenReader<T> reader) {
        return json -> {
            if (!json.array()) {
                return null;
            }
            List<T> list = new ArrayList<>();
            while (json.nextElement()) {
                T element = reader.read(json);
                if (element == null) {
                    throw new Unexpected();
                }
                list.add(element);
            }
            return list;
        };
    }

    private void expect(boolean expected) {
        if (!expected) {
            throw new Unexpected();
        }
    }

    /** Whether there is a value of this kind, not {@code null}. */
    private boolean is(JsonToken wanted) {
        if (token == wanted) {
            return true;
        }
        expect(token == JsonToken.VALUE_NULL);
        return false;
    }

    @Override
    public boolean object() {
        return is(JsonToken.START_OBJECT);
    }

    @Override
    public @Nullable String nextMember() {
        MemberOrder.Member expected = member.next();
        if (expected != null && parser.nextName(expected.expected())) {
            member = expected;
            token = parser.nextToken();
            return expected.name();
        }
        String name = expected == null ? parser.nextName() : unexpectedName();
        if (name != null) {
            member = order.after(member, name);
            token = parser.nextToken();
        }
        return name;
    }

    /** The name that the parser stands at, or null at the end of the object. */
    private @Nullable String unexpectedName() {
        return parser.currentToken() == JsonToken.PROPERTY_NAME ? parser.currentName() : null;
    }

    @Override
    public boolean array() {
        return is(JsonToken.START_ARRAY);
    }

    @Override
    public boolean nextElement() {
        token = parser.nextToken();
        return token != JsonToken.END_ARRAY;
    }

    @Override
    public @Nullable String string() {
        return is(JsonToken.VALUE_STRING) ? parser.getString() : null;
    }

    @Override
    public @Nullable Boolean bool() {
        if (token == JsonToken.VALUE_TRUE) {
            return Boolean.TRUE;
        }
        return is(JsonToken.VALUE_FALSE) ? Boolean.FALSE : null;
    }

    @Override
    public @Nullable Integer int32() {
        return is(JsonToken.VALUE_NUMBER_INT) ? (Integer) parser.getIntValue() : null;
    }

    @Override
    public @Nullable Long int64() {
        return is(JsonToken.VALUE_NUMBER_INT) ? (Long) parser.getLongValue() : null;
    }

    @Override
    public @Nullable BigInteger integer() {
        return is(JsonToken.VALUE_NUMBER_INT) ? parser.getBigIntegerValue() : null;
    }

    @Override
    public @Nullable Double float64() {
        return token == JsonToken.VALUE_NUMBER_FLOAT || is(JsonToken.VALUE_NUMBER_INT)
                ? (Double) parser.getDoubleValue()
                : null;
    }

    @Override
    public byte @Nullable [] bytes() {
        return is(JsonToken.VALUE_STRING) ? parser.getBinaryValue() : null;
    }

    @Override
    public @Nullable Object any() {
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (String name = nextMember(); name != null; name = nextMember()) {
                map.put(name, any());
            }
            return map;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> list = new ArrayList<>();
            while (nextElement()) {
                list.add(any());
            }
            return list;
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getNumberValue();
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            return parser.getDoubleValue();
        }
        return token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE ? bool() : string();
    }

    @Override
    public void skip() {
        parser.skipChildren();
    }
}
