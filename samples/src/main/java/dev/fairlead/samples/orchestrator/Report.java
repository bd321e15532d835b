package dev.fairlead.samples.orchestrator;

import java.util.Map;

/** What there is to show. */
sealed interface Report {

    /** Something that happened, in a sentence. */
    record Happened(String text) implements Report {}

    /** How many of each kind of container run on an Engine. */
    record Running(String engine, Map<String, Tally> tallies) implements Report {}
}
