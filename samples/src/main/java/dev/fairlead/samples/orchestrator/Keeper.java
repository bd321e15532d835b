package dev.fairlead.samples.orchestrator;

import reactor.core.publisher.Mono;

/** Keeps what is declared running in one place. */
interface Keeper {

    /** Does so until {@code stop} completes; completes when what was begun until then has ended. */
    Mono<Void> keep(Mono<Void> stop);

    /** Does with what runs what the settings say; to be called when keeping has ended. */
    Mono<Void> drain();
}
