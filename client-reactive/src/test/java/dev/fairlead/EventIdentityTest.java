package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.EventMessage;
import dev.fairlead.model.EventType;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventIdentityTest {

    private static final Instant TIME = Instant.parse("2026-12-01T07:00:00.123456789Z");

    @Test
    void theSameSaidTwiceIsOne() {
        assertThat(identity(event -> {})).isEqualTo(identity(event -> {})).hasSameHashCodeAs(identity(event -> {}));
    }

    @ParameterizedTest
    @MethodSource("others")
    void eachPartTellsEventsApart(Consumer<EventMessage.Builder> other) {
        assertThat(identity(other)).isNotEqualTo(identity(event -> {}));
        assertThat(identity(event -> {})).isNotEqualTo(identity(other));
    }

    static Stream<Consumer<EventMessage.Builder>> others() {
        return Stream.of(
                event -> event.timeNano(TIME.plusNanos(1)),
                event -> event.type(EventType.NETWORK),
                event -> event.action("die"),
                event -> event.actor(actor -> actor.id("other").attribute("name", "one")),
                event -> event.actor(actor -> actor.id("id").attribute("name", "other")));
    }

    private static EventIdentity identity(Consumer<EventMessage.Builder> change) {
        EventMessage.Builder event = EventMessage.builder()
                .timeNano(TIME)
                .type(EventType.CONTAINER)
                .action("start")
                .actor(actor -> actor.id("id").attribute("name", "one"));
        change.accept(event);
        return Objects.requireNonNull(EventIdentity.of(event.build()));
    }
}
