package dev.fairlead.samples.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.EventSignal;
import dev.fairlead.EventSignal.Gap;
import dev.fairlead.EventSignal.Reason;
import dev.fairlead.EventSignal.Reconnected;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.model.EventActor;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.EventType;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What lines say, to people and to programs. */
class FormatTest {

    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final EventSignal GAP = new Gap(NOON, NOON.plusSeconds(2), null, Reason.ENGINE_RESTARTED);
    private static final EventSignal COUNTED = new Gap(NOON, NOON.plusSeconds(2), 17L, Reason.SLOW_CONSUMER);
    private static final EventSignal AGAIN =
            new Reconnected(NOON, Duration.ofMillis(1500), 3, new Truncated("GET /events", "it was cut"));
    private static final EventSignal EVENT = new EventSignal.Event(EventMessage.builder()
            .type(EventType.CONTAINER)
            .action("die")
            .actor(EventActor.builder()
                    .id("0123456789abcdef")
                    .attributes(Map.of("name", "web\033[2J", "exitCode", "137"))
                    .build())
            .timeNano(NOON)
            .build());

    private final Format text = new TextFormat();
    private final Format json = new JsonFormat();

    @Test
    void people() {
        assertThat(text.signal(GAP))
                .isEqualTo(
                        "2026-11-30T12:00:02Z GAP events may be missing since 2026-11-30T12:00:00Z: ENGINE_RESTARTED");
        assertThat(text.signal(COUNTED)).contains(" GAP 17 events are missing since ");
        assertThat(text.signal(AGAIN)).startsWith("2026-11-30T12:00:00Z connected again after 1500 ms: ");
        assertThat(text.signal(EVENT))
                .as("nothing that moves a cursor")
                .isEqualTo("2026-11-30T12:00:00Z container die web [2J (exitCode=137)");
    }

    @Test
    void programs() {
        assertThat(json.signal(GAP))
                .isEqualTo("{\"kind\":\"gap\",\"from\":\"2026-11-30T12:00:00Z\",\"to\":\"2026-11-30T12:00:02Z\","
                        + "\"lost\":null,\"reason\":\"ENGINE_RESTARTED\"}");
        assertThat(json.signal(COUNTED)).contains("\"lost\":17");
        assertThat(json.signal(AGAIN))
                .startsWith("{\"kind\":\"reconnected\",\"at\":\"2026-11-30T12:00:00Z\",\"withoutMillis\":1500,"
                        + "\"attempts\":3,\"cause\":\"");
        assertThat(json.signal(EVENT))
                .startsWith("{\"kind\":\"event\",\"event\":{")
                .contains("\"Action\":\"die\"", "\"exitCode\":\"137\"")
                .doesNotContain("\n", "\033");
    }
}
