package dev.fairlead.samples.monitor;

import dev.fairlead.EventSignal;
import dev.fairlead.model.ContainerSummary;

/** How lines look. */
interface Format {

    /** An event, a gap, or that the connection is there again. */
    String signal(EventSignal signal);

    /** How a container is at this moment. */
    String container(ContainerSummary container);
}
