package dev.fairlead.model;

/**
 * How a container's own process ended.
 *
 * @param code its exit code: what it returned, or 128 plus the number of the signal that ended it
 */
public record ExitStatus(long code) {

    /** Whether it ended with 0. */
    public boolean isSuccess() {
        return code == 0;
    }
}
