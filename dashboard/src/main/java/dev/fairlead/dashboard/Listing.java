package dev.fairlead.dashboard;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is at one moment.
 *
 * @param containers all of them, running or not; none when the Engine could not be asked
 * @param failure why it could not, else null
 */
record Listing(List<Container> containers, @Nullable String failure) {

    static Listing failed(Throwable failure) {
        return new Listing(List.of(), Failure.of(failure).message());
    }
}
