package dev.fairlead.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an IDE knows of the properties. */
final class MetadataTest {

    @Test
    void describesEachProperty() throws Exception {
        Map<String, String> described = new HashMap<>();
        try (InputStream metadata = Objects.requireNonNull(
                FairleadProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json"))) {
            JsonNode properties = JsonMapper.shared().readTree(metadata).get("properties");
            properties.forEach(property -> described.put(
                    property.get("name").asString(),
                    property.path("description").asString("")));
        }
        List<String> names = List.of(
                "host",
                "context",
                "tls.ssl-bundle",
                "api-version",
                "connect-timeout",
                "negotiation-timeout",
                "response-timeout",
                "pending-timeout",
                "max-idle",
                "max-connections",
                "max-pending-calls",
                "max-streams",
                "event-buffer",
                "headers",
                "health.timeout");
        assertThat(described.keySet())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                names.stream().map(name -> "fairlead." + name),
                                Stream.of("management.health.docker.enabled"))
                        .toList());
        assertThat(described.values()).allSatisfy(text -> assertThat(text).hasSizeGreaterThan(20));
    }
}
