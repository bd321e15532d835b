package dev.fairlead.core.error;

/**
 * More events came than the subscriber took and the buffer holds. The events before the loss were delivered; the
 * Engine was read on, because one that can't get rid of its events slows down for everybody.
 */
public final class EventsLost extends DockerException {
    private static final long serialVersionUID = 1L;

    /** How many were lost. */
    private final long lost;

    /**
     * The loss of events.
     *
     * @param operation what was asked of the Engine
     * @param lost how many were lost until the subscriber had taken those before them
     * @param buffered how many the buffer holds
     */
    public EventsLost(String operation, long lost, int buffered) {
        super(
                operation,
                0,
                "",
                lost + " events were lost: more than " + buffered + " waited for the subscriber",
                "take them faster, or ask for fewer by filters",
                null);
        this.lost = lost;
    }

    /**
     * How many events were lost until the subscriber had taken those before them. What happened after the end of the
     * stream is not counted.
     *
     * @return the number, at least 1
     */
    public long lost() {
        return lost;
    }
}
