package dev.fairlead.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes JSON as users' mappers do, without any configuration: those of Jackson 3 and of Jackson 2. And reads it as the client
 * does, without one.
 */
enum Mappers {
    TOKENS {
        @Override
        <T> T read(String json, Class<T> type) {
            PlainTokens tokens = new PlainTokens(MAPPER.readValue(json, Object.class));
            T value = Objects.requireNonNull(
                    Objects.requireNonNull(TokenReader.of(type)).read(tokens));
            tokens.end();
            return value;
        }

        @Override
        String write(Object value) {
            return MAPPER.writeValueAsString(value);
        }
    },
    JACKSON_3 {
        @Override
        <T> T read(String json, Class<T> type) {
            return MAPPER.readValue(json, type);
        }

        @Override
        String write(Object value) {
            return MAPPER.writeValueAsString(value);
        }
    },
    JACKSON_2 {
        @Override
        <T> T read(String json, Class<T> type) {
            try {
                return OLD_MAPPER.readValue(json, type);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(e);
            }
        }

        @Override
        String write(Object value) {
            try {
                return OLD_MAPPER.writeValueAsString(value);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(e);
            }
        }
    };

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final com.fasterxml.jackson.databind.ObjectMapper OLD_MAPPER =
            new com.fasterxml.jackson.databind.ObjectMapper();

    abstract <T> T read(String json, Class<T> type);

    abstract String write(Object value);

    static JsonNode tree(String json) {
        return MAPPER.readTree(json);
    }

    static String json(Object plain) {
        return MAPPER.writeValueAsString(plain);
    }
}
