package dev.fairlead.internal.transport;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Stands around each exchange of a transport: sees it, and may change what is sent. */
public interface Around {

    /** A call, sent by the function when its turn has come. */
    Mono<Answer> call(EngineRequest request, Function<EngineRequest, Mono<Answer>> send);

    /** A request on a connection of its own, sent by the function when its turn has come. */
    Mono<LiveAnswer> open(EngineRequest request, Function<EngineRequest, Mono<LiveAnswer>> send);

    /**
     * A stream of the operation tells that something is missing from it.
     *
     * @param reason why, in a word
     * @param lost how many values, or null where that can't be known
     */
    void gap(String operation, String reason, @Nullable Long lost);

    /** The transport was closed: whatever is not over is over now. Does not block. */
    void close();
}
