package dev.fairlead.samples.orchestrator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an Engine has to be asked for. */
sealed interface Action {

    /**
     * Makes a container run.
     *
     * @param id the container to start, or null to make one
     * @param outdated a container to remove first, or null
     * @param after how long to wait before
     * @param turn tells an action that was overtaken by events
     */
    record Start(
            Replica replica, @Nullable String id, @Nullable String outdated, Duration after, long turn)
            implements Action {}

    /** Removes a container that is not to be. */
    record Remove(String name, String id) implements Action {}
}
