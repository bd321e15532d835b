package dev.fairlead;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.model.ObjectVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** What the updates of all that a swarm keeps have in common: each names the version it starts from. */
final class SwarmUpdates {

    /** How often a change is tried before its caller is told that others are always faster. */
    static final int ATTEMPTS = 10;

    /** The managers' own words for a lost race: other conflicts, a name that is taken, stay conflicts however often they are tried. */
    private static final String OUTDATED = "update out of sequence";

    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private SwarmUpdates() {}

    /**
     * Reads and writes once more when another's write came in between.
     *
     * @param readAndWrite both, each time it is subscribed to
     */
    static <T> Mono<T> retried(Mono<T> readAndWrite) {
        // Pauses of random length: of several that write again at once, one would win and all others lose again.
        return readAndWrite.retryWhen(Retry.backoff(ATTEMPTS - 1, FIRST_PAUSE)
                .maxBackoff(LONGEST_PAUSE)
                .filter(SwarmUpdates::isOutdated)
                .onRetryExhaustedThrow((retry, last) -> last.failure()));
    }

    private static boolean isOutdated(Throwable failure) {
        return failure instanceof Conflict refusal && refusal.engineMessage().contains(OUTDATED);
    }

    /** The number to send along with an update. */
    static long index(String operation, @Nullable ObjectVersion version) {
        return present(operation, "Version", version).index();
    }

    /** A part of an answer without which nothing can be changed: a made-up one would delete what is set. */
    static <T> T present(String operation, String name, @Nullable T value) {
        if (value == null) {
            throw new ProtocolFailure(operation, "the answer has no " + name);
        }
        return value;
    }
}
