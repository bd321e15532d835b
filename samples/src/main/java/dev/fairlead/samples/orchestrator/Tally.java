package dev.fairlead.samples.orchestrator;

/** How many run, and how many are to. */
record Tally(int running, int wanted) {

    Tally plus(Tally other) {
        return new Tally(running + other.running, wanted + other.wanted);
    }
}
