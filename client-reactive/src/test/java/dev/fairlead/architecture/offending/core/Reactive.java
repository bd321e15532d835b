package dev.fairlead.architecture.offending.core;

import reactor.core.publisher.Mono;

/** What belongs above. */
public final class Reactive {
    Mono<String> read() {
        return Mono.just("read");
    }
}
