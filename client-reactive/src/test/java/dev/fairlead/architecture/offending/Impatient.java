package dev.fairlead.architecture.offending;

import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Waits, in each way there is, a method reference among them; and subscribes for the user. */
public final class Impatient {
    void now(Mono<String> mono) throws InterruptedException {
        mono.block();
        Function<Flux<String>, String> reference = Flux::blockFirst;
        reference.apply(Flux.just("now"));
        Thread.sleep(1);
        mono.subscribe();
    }
}
