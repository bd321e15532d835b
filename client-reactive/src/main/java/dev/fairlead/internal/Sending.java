package dev.fairlead.internal;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.ErrorAnswers;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.error.SentSecrets;
import dev.fairlead.core.version.Negotiation;
import dev.fairlead.internal.transport.Answer;
import dev.fairlead.internal.transport.AnswerHead;
import dev.fairlead.internal.transport.Body;
import dev.fairlead.internal.transport.EngineRequest;
import dev.fairlead.internal.transport.LiveAnswer;
import dev.fairlead.model.ApiVersion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
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

    /** How long the body of an error may take to come. */
    private static final Duration ERROR_LIMIT = Duration.ofSeconds(5);

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

        /** An upgrade that nobody asked for is none. */
        boolean isSuccess(AnswerHead head) {
            return head.isSuccess() && (head.status() != 101 || request.upgrade() != null);
        }

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

    /**
     * The whole answer.
     *
     * @param unchanged whether 304, by which an Engine says that it was so already, is a success too
     */
    Mono<Answer> call(boolean unchanged) {
        return exchange(sent -> http.call(sent.request()).map(answer -> successful(sent, answer, unchanged)));
    }

    /**
     * As {@link #call}, on a connection of its own and however long it takes.
     *
     * @param beyondLimit whether also when there are as many of them as there may be
     */
    Mono<Answer> callPatiently(boolean unchanged, boolean beyondLimit) {
        return exchange(sent -> (beyondLimit
                        ? http.transport().openBeyondLimit(sent.request())
                        : http.transport().open(sent.request()))
                .flatMap(live ->
                        body(sent, live).map(bytes -> successful(sent, new Answer(live.head(), bytes), unchanged))));
    }

    /**
     * An answer that is under way.
     *
     * @param secrets what of the request may not be repeated
     */
    record Opened(LiveAnswer live, SentSecrets secrets) {}

    /** An answer that is under way, if the Engine did not refuse. */
    Mono<Opened> open() {
        return exchange(sent -> http.transport().open(sent.request()).flatMap(live -> taken(sent, live)))
                .doOnDiscard(LiveAnswer.class, LiveAnswer::close)
                .doOnDiscard(Opened.class, opened -> opened.live().close());
    }

    private Mono<byte[]> body(Sent sent, LiveAnswer live) {
        return sent.isSuccess(live.head())
                ? live.whole(operation)
                : live.excerpt(ErrorAnswers.LARGEST_BODY, ERROR_LIMIT);
    }

    private Answer successful(Sent sent, Answer answer, boolean unchanged) {
        hear(sent, answer);
        if (sent.isSuccess(answer.head()) || (unchanged && answer.head().status() == 304)) {
            return answer;
        }
        throw error(sent.request(), answer);
    }

    /** The failure that an answer tells. */
    private DockerException error(EngineRequest request, Answer answer) {
        return ErrorAnswers.toException(
                operation, answer.head().status(), answer.head().mediaType(), answer.body(), secrets(request));
    }

    private static SentSecrets secrets(EngineRequest request) {
        return SentSecrets.of(request.headers(), request.body() instanceof Body.Bytes json ? json.bytes() : null);
    }

    private Mono<Opened> taken(Sent sent, LiveAnswer live) {
        if (sent.isSuccess(live.head())) {
            http.negotiator().heard(live.head());
            return Mono.just(new Opened(live, secrets(sent.request())));
        }
        return body(sent, live).map(bytes -> {
            Answer refusal = new Answer(live.head(), bytes);
            hear(sent, refusal);
            throw error(sent.request(), refusal);
        });
    }

    private <T> Mono<T> exchange(Function<Sent, Mono<T>> exchange) {
        return send((version, again) ->
                draft.apply(version).flatMap(request -> exchange.apply(Sent.of(version, request, again))));
    }

    /** The first time with the version in use, the second with the one that the refusal names. */
    private <T> Mono<T> send(BiFunction<ApiVersion, Boolean, Mono<T>> attempt) {
        return Mono.defer(() -> {
                    if (http.isClosed()) {
                        return http.closed(operation);
                    }
                    ApiVersion known = http.negotiator().known();
                    if (known == null && !unversioned) {
                        return around(http.negotiator()::version, true)
                                .flatMap(version -> around(() -> attempt.apply(version, false), idempotent));
                    }
                    ApiVersion version = known == null ? ApiVersion.NEWEST : known;
                    return around(() -> attempt.apply(version, false), idempotent);
                })
                .onErrorResume(Refused.class, refused -> around(() -> attempt.apply(refused.next, true), idempotent));
    }

    private <T> Mono<T> around(Supplier<Mono<T>> call, boolean repeatable) {
        return http.retrying().around(call, repeatable, pause -> http.untilClosed(operation, pause));
    }

    /** Learns from an answer, and fails if it is a refusal of the version. */
    private void hear(Sent sent, Answer answer) {
        Negotiator negotiator = http.negotiator();
        negotiator.heard(answer.head());
        if (answer.head().status() != 400 || unversioned) {
            return;
        }
        String message = error(sent.request(), answer).engineMessage();
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
