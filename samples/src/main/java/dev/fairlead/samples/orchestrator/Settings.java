package dev.fairlead.samples.orchestrator;

import java.time.Duration;

/**
 * How it is gone about.
 *
 * @param startsAtATime how many containers an Engine is to start at a time, at most; 0 for as many as suit it
 * @param lookEvery how often to look whether all is as it should be, beside events
 * @param atEnd what becomes of the containers
 * @param grace how long a container has to end by itself
 */
record Settings(int startsAtATime, Duration lookEvery, AtEnd atEnd, Duration grace) {

    /** How many at a time, where so many suit. */
    int startsAtATimeOr(int suiting) {
        return startsAtATime > 0 ? startsAtATime : suiting;
    }

    /** What becomes of the containers when the orchestrator ends. */
    enum AtEnd {
        LEAVE,
        STOP,
        REMOVE
    }
}
