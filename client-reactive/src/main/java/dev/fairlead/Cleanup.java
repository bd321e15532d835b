package dev.fairlead;

import reactor.core.publisher.Mono;

/** Tidying up after a failure. */
final class Cleanup {

    private Cleanup() {}

    /**
     * The same, but that a failure of its own goes along with the one that it comes after: Reactor would put it in that one's place,
     * and give it no type.
     */
    static Mono<Void> after(Throwable failure, Mono<Void> cleanup) {
        return cleanup.onErrorResume(another -> {
            if (another != failure) {
                failure.addSuppressed(another);
            }
            return Mono.empty();
        });
    }
}
