package dev.fairlead.samples.monitor;

import dev.fairlead.EventSignal;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.model.EventActor;
import dev.fairlead.model.EventMessage;
import dev.fairlead.samples.Terminal;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** For people: the time, what happened, to whom, and the rest in parentheses. */
final class TextFormat implements Format {

    private static final int SHORT_ID = 12;

    @Override
    public String signal(EventSignal signal) {
        String text;
        if (signal instanceof EventSignal.Event event) {
            text = event(event.message());
        } else if (signal instanceof EventSignal.Gap gap) {
            String lost = gap.lost() == null ? "events may be missing" : gap.lost() + " events are missing";
            text = gap.to() + " GAP " + lost + " since " + gap.from() + ": " + gap.reason();
        } else {
            EventSignal.Reconnected again = (EventSignal.Reconnected) signal;
            text = again.at() + " connected again after " + again.without().toMillis() + " ms: "
                    + again.cause().getMessage();
        }
        return Terminal.printable(text);
    }

    private static String event(EventMessage event) {
        EventActor actor = event.actor();
        Map<String, String> attributes = new TreeMap<>(actor == null ? Map.of() : actor.attributes());
        String id = actor == null ? "" : actor.id();
        String name = Objects.requireNonNullElse(attributes.remove("name"), shortened(id));
        String more = attributes.entrySet().stream()
                .map(attribute -> attribute.getKey() + "=" + attribute.getValue())
                .collect(Collectors.joining(", "));
        Instant time = event.timeNano() == null ? event.time() : event.timeNano();
        return time + " " + event.type() + " " + event.action() + " " + name
                + (more.isEmpty() ? "" : " (" + more + ")");
    }

    @Override
    public String container(ContainerSummary container) {
        String name = container.names().isEmpty()
                ? shortened(container.id())
                : container.names().get(0).substring(1);
        return Terminal.printable("container " + name + " is " + container.state() + ": " + container.status());
    }

    private static String shortened(String id) {
        return id.length() > SHORT_ID ? id.substring(0, SHORT_ID) : id;
    }
}
