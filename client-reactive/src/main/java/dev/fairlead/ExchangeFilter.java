package dev.fairlead;

import reactor.core.publisher.Mono;

/**
 * Sees each exchange with the Engine, and may add headers: for tokens, audit, metrics and tracing.
 *
 * <p>An exchange is one request and its answer, whatever its kind: a call, a stream, a session, an upload, the ping by which a
 * version is agreed on; a call that is sent again is another one. Of several filters the first is asked first and told last.
 *
 * <p>For each call of {@link #before} there is one of {@link #ended}, whatever happens: an error, a cancel, a filter that fails, a
 * client that is closed. Methods are called on event loops, from many exchanges at once, and must not block.
 */
public interface ExchangeFilter {

    /**
     * What to send: the request that is given, or what its {@code with} methods make of it. Emits when it may be sent, and so may
     * wait for something first, such as a token. The context is that of the caller's subscription.
     *
     * <p>If it fails, or gives nothing or another exchange's request, nothing is sent, and the operation fails with
     * {@link dev.fairlead.core.error.FilterFailed}.
     */
    default Mono<ExchangeRequest> before(ExchangeRequest request) {
        return Mono.just(request);
    }

    /**
     * The head of the answer came; or, of a call, whose answer is read as a whole, all of it. Not called when none came. What it throws
     * is logged and changes nothing.
     *
     * @param request as the last filter made it
     */
    default void answered(ExchangeRequest request, ExchangeAnswer answer) {}

    /**
     * The exchange is over. Called before the subscriber hears of it. What it throws is logged and changes nothing.
     *
     * @param request as the last filter that was asked made it
     */
    default void ended(ExchangeRequest request, ExchangeEnd end) {}

    /**
     * A stream tells that something is missing from it. That is of no exchange: of a stream that goes on over several connections it may
     * be found out between two of them. Called before the subscriber hears of it. What it throws is logged and changes nothing.
     */
    default void gap(StreamGap gap) {}
}
