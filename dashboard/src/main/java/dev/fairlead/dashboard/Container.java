package dev.fairlead.dashboard;

import dev.fairlead.model.ContainerStatus;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.model.PortSummary;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A row of the list.
 *
 * @param id all of it
 * @param name the first of its names
 * @param image as it was given
 * @param state the Engine's word, as {@code running}
 * @param detail an exit code or a health. The Engine's sentence has the time since then too, which would be wrong a moment later
 * @param created when
 * @param ports those that are published
 */
record Container(
        String id,
        String name,
        String image,
        String state,
        String detail,
        @Nullable Instant created,
        List<String> ports) {

    private static final Pattern IN_BRACKETS = Pattern.compile("\\(([^)]*)\\)");

    static Container of(ContainerSummary summary) {
        ContainerStatus state = summary.state();
        String name = summary.names().isEmpty() ? summary.id() : summary.names().get(0);
        Matcher detail = IN_BRACKETS.matcher(summary.status());
        return new Container(
                summary.id(),
                name.startsWith("/") ? name.substring(1) : name,
                summary.image(),
                state == null ? "unknown" : state.value(),
                detail.find() ? detail.group(1) : "",
                summary.created(),
                summary.ports().stream()
                        .filter(port -> port.publicPort() != null)
                        .map(Container::published)
                        .distinct()
                        .toList());
    }

    private static String published(PortSummary port) {
        return port.publicPort() + ":" + port.privatePort();
    }
}
