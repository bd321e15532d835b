package dev.fairlead.samples.monitor;

/**
 * A line that the monitor prints.
 *
 * @param kind what it tells of
 * @param text without the line's end
 */
record Line(Kind kind, String text) {

    /** What a line tells of. */
    enum Kind {
        /** Something that happened. */
        EVENT,
        /** That something may be missing. */
        GAP,
        /** Anything else: the connection is there again, how a container is. */
        NOTE
    }
}
