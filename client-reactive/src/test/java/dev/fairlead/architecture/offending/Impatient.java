package dev.fairlead.architecture.offending;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Waits, in each way there is, a method reference among them; and subscribes for the user. */
public final class Impatient {
    @Nullable
    String now(Mono<String> mono) throws InterruptedException {
        Thread.sleep(1);
        return mono.block();
    }

    Function<Flux<String>, @Nullable String> first() {
        return Flux::blockFirst;
    }

    Disposable started(Mono<String> mono) {
        return mono.subscribe();
    }
}
