package dev.fairlead;

import dev.fairlead.internal.Http;
import dev.fairlead.internal.Request;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.OutputFrame;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The logs of containers, services and tasks: frames, unless the program has a terminal. */
final class Logs {

    /** From here on the Engine says by its media type whether output comes in frames. */
    private static final ApiVersion FRAMES_ARE_NAMED = ApiVersion.of(1, 42);

    private Logs() {}

    /**
     * Reads a log.
     *
     * @param request what to read
     * @param tty whether the program has a terminal; asked only where the answer itself does not say
     */
    static Flux<OutputFrame> read(Http http, Request request, Supplier<Mono<Boolean>> tty) {
        return http.version()
                .flatMapMany(version -> version.compareTo(FRAMES_ARE_NAMED) >= 0
                        ? request.frames()
                        : tty.get().flatMapMany(request::frames));
    }
}
