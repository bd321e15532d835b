package dev.fairlead.samples.monitor;

import dev.fairlead.EventSignal;
import dev.fairlead.model.ContainerSummary;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** For programs: one JSON object a line, its {@code kind} first; events and containers in the Engine's own JSON. */
final class JsonFormat implements Format {

    private final JsonMapper json = JsonMapper.shared();

    @Override
    public String signal(EventSignal signal) {
        ObjectNode line = json.createObjectNode();
        if (signal instanceof EventSignal.Event event) {
            line.put("kind", "event").set("event", json.valueToTree(event.message()));
        } else if (signal instanceof EventSignal.Gap gap) {
            line.put("kind", "gap")
                    .put("from", gap.from().toString())
                    .put("to", gap.to().toString())
                    .put("lost", gap.lost())
                    .put("reason", gap.reason().name());
        } else {
            EventSignal.Reconnected again = (EventSignal.Reconnected) signal;
            line.put("kind", "reconnected")
                    .put("at", again.at().toString())
                    .put("withoutMillis", again.without().toMillis())
                    .put("attempts", again.attempts())
                    .put("cause", again.cause().getMessage());
        }
        return json.writeValueAsString(line);
    }

    @Override
    public String container(ContainerSummary container) {
        ObjectNode line = json.createObjectNode();
        line.put("kind", "container").set("container", json.valueToTree(container));
        return json.writeValueAsString(line);
    }
}
