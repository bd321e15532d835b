package dev.fairlead.internal;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.ErrorAnswers;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.version.Negotiation;
import dev.fairlead.internal.transport.Answer;
import dev.fairlead.internal.transport.Body;
import dev.fairlead.internal.transport.EngineRequest;
import dev.fairlead.internal.transport.LiveAnswer;
import dev.fairlead.model.ApiVersion;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How one request goes out: with the version that was agreed on; once more with another one if the Engine refuses that; and again as
 * the client's retries say, where that is safe.
 *
 * <p>An Engine looks at the version before anything else. What it refuses for that it has not done, so that it may be asked again
 * whatever it is; unless a body was taken from a source that may give it only once. After the second time the refusal stands.
 */
final class Sending {

    /** What is kept of the body of an error. */
    static final int MAX_ERROR = 1 << 20;

    private static final String FIXED =
            "this API version was chosen by the configuration or DOCKER_API_VERSION; without that, one is agreed on";
    private static final String SENT_ALREADY =
            "the Engine was replaced by one of another version; what was being uploaded may not come twice, so ask again";
    private static final String TWICE = "is there more than one Engine behind this address, or no version in common?";

    private final Http http;
    private final String operation;
    private final boolean unversioned;
    private final boolean idempotent;
    private final Function<ApiVersion, Mono<EngineRequest>> draft;

    /**
     * @param unversioned whether the path has no version
     * @param idempotent whether it may be done twice: then a connection that breaks is no reason to give up
     * @param draft what to send with a version; fails if that does not know what is asked for
     */
    Sending(
            Http http,
            String operation,
            boolean unversioned,
            boolean idempotent,
            Function<ApiVersion, Mono<EngineRequest>> draft) {
        this.http = http;
        this.operation = operation;
        this.unversioned = unversioned;
        this.idempotent = idempotent;
        this.draft = draft;
    }

    /** Refused for its version, and to be sent again with this one. */
    @SuppressWarnings("serial") // Never leaves this class.
    private static final class Refused extends RuntimeException {

        private final transient ApiVersion next;

        Refused(ApiVersion next) {
            super(null, null, false, false);
            this.next = next;
        }
    }

    /**
     * What was sent.
     *
     * @param again whether it is the second time
     * @param taken whether its body was taken from a source that may give it only once
     */
    private record Sent(ApiVersion version, EngineRequest request, boolean again, AtomicBoolean taken) {

        static Sent of(ApiVersion version, EngineRequest request, boolean again) {
            AtomicBoolean taken = new AtomicBoolean();
            // A tar of files is read anew each time; of anything else that is not known.
            if (request.body() instanceof Body.Streamed streamed && !(streamed.source() instanceof TarFlux)) {
                Flux<ByteBuffer> watched = Flux.from(streamed.source()).doFirst(() -> taken.set(true));
                return new Sent(
                        version, request.withBody(new Body.Streamed(streamed.contentType(), watched)), again, taken);
            }
            return new Sent(version, request, again, taken);
        }
    }

    /** Only looks whether the version in use knows what is asked for. */
    Mono<Void> check() {
        return send((version, again) -> draft.apply(version).then());
    }

    /** The whole answer, whatever its status. */
    Mono<Answer> call() {
        return exchange(sent -> http.call(sent.request()).doOnNext(answer -> hear(sent, answer)));
    }

    /** As {@link #call()}, on a connection of its own and however long it takes. */
    Mono<Answer> callPatiently() {
        return exchange(sent -> http.transport().open(sent.request()).flatMap(live -> live.collect(Integer.MAX_VALUE)
                .map(bytes -> new Answer(live.head(), bytes))
                .doOnNext(answer -> hear(sent, answer))));
    }

    /** An answer that is under way, if the Engine did not refuse. */
    Mono<LiveAnswer> open() {
        return exchange(sent -> http.transport().open(sent.request()).flatMap(live -> taken(sent, live)))
                .doOnDiscard(LiveAnswer.class, LiveAnswer::close);
    }

    /** The failure that an answer tells. */
    DockerException error(Answer answer) {
        return ErrorAnswers.toException(
                operation, answer.head().status(), answer.head().mediaType(), answer.body());
    }

    private Mono<LiveAnswer> taken(Sent sent, LiveAnswer live) {
        if (live.head().isSuccess()) {
            http.negotiator().heard(live.head());
            return Mono.just(live);
        }
        return live.collect(MAX_ERROR).map(bytes -> {
            Answer refusal = new Answer(live.head(), bytes);
            hear(sent, refusal);
            throw error(refusal);
        });
    }

    private <T> Mono<T> exchange(Function<Sent, Mono<T>> exchange) {
        return send((version, again) ->
                draft.apply(version).flatMap(request -> exchange.apply(Sent.of(version, request, again))));
    }

    /** The first time with the version in use, the second with the one that the refusal names. */
    private <T> Mono<T> send(BiFunction<ApiVersion, Boolean, Mono<T>> attempt) {
        Retrying retrying = http.retrying();
        return Mono.defer(() -> {
                    ApiVersion known = http.negotiator().known();
                    if (known == null && !unversioned) {
                        return retrying.around(http.negotiator()::version, true)
                                .flatMap(version -> retrying.around(() -> attempt.apply(version, false), idempotent));
                    }
                    ApiVersion version = known == null ? ApiVersion.NEWEST : known;
                    return retrying.around(() -> attempt.apply(version, false), idempotent);
                })
                .onErrorResume(
                        Refused.class, refused -> retrying.around(() -> attempt.apply(refused.next, true), idempotent));
    }

    /** Learns from an answer, and fails if it is a refusal of the version. */
    private void hear(Sent sent, Answer answer) {
        Negotiator negotiator = http.negotiator();
        negotiator.heard(answer.head());
        if (answer.head().status() != 400 || unversioned) {
            return;
        }
        String message = error(answer).engineMessage();
        boolean worded = Negotiation.isRefusal(message);
        // An answer to HEAD says no more than which version would have been right.
        if (!worded && !sent.request().method().equals("HEAD")) {
            return;
        }
        ApiVersion next = negotiator.isFixed() ? null : negotiator.afterRefusal(answer.head(), message);
        if (next != null && !next.equals(sent.version()) && !sent.again()) {
            if (!sent.taken().get()) {
                throw new Refused(next);
            }
            throw new InvalidRequest(operation, 400, message, SENT_ALREADY);
        }
        if (worded) {
            throw new InvalidRequest(operation, 400, message, negotiator.isFixed() ? FIXED : TWICE);
        }
    }
}
