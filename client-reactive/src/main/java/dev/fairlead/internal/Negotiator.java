package dev.fairlead.internal;

import dev.fairlead.core.error.ErrorAnswers;
import dev.fairlead.core.version.Negotiation;
import dev.fairlead.internal.transport.Answer;
import dev.fairlead.internal.transport.Body;
import dev.fairlead.internal.transport.EngineRequest;
import dev.fairlead.internal.transport.Transport;
import dev.fairlead.model.ApiVersion;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The API version that calls are made with: the one that was chosen, else the newest that both sides know.
 *
 * <p>Asks the Engine once, when the first call needs it; calls that come meanwhile wait for the same answer. A failure fails those
 * calls and is forgotten: the next one asks again.
 */
public final class Negotiator {

    private final Transport transport;
    private final String basePath;
    private final Map<String, String> headers;
    private final AtomicReference<@Nullable Mono<ApiVersion>> underWay = new AtomicReference<>();
    private volatile @Nullable ApiVersion version;

    /** @param chosen the version to use without asking, or null to negotiate */
    public Negotiator(Transport transport, String basePath, Map<String, String> headers, @Nullable ApiVersion chosen) {
        this.transport = transport;
        this.basePath = basePath;
        this.headers = headers;
        this.version = chosen;
    }

    /** The version in use, or null as long as there is none. */
    @Nullable
    ApiVersion known() {
        return version;
    }

    /** The version in use, negotiated now if need be. */
    public Mono<ApiVersion> version() {
        return Mono.defer(() -> {
            ApiVersion known = version;
            if (known != null) {
                return Mono.just(known);
            }
            Mono<ApiVersion> fresh = negotiate();
            Mono<ApiVersion> earlier = underWay.compareAndExchange(null, fresh);
            return earlier == null ? fresh : earlier;
        });
    }

    private Mono<ApiVersion> negotiate() {
        return ask("HEAD")
                .filter(answer -> answer.head().status() == 200)
                // Whatever went wrong, a GET tells it with a body.
                .onErrorResume(failure -> Mono.empty())
                .switchIfEmpty(Mono.defer(() -> ask("GET").map(Negotiator::orThrow)))
                .map(answer -> Negotiation.withEngine(answer.head().header("Api-Version")))
                .doOnNext(found -> version = found)
                // After a success it stays: who looked for a version just before finds the answer, and does not ask
                // again.
                .doOnError(failure -> underWay.set(null))
                .cache();
    }

    private Mono<Answer> ask(String method) {
        return transport.call(
                new EngineRequest(method + " /_ping", method, basePath + "/_ping", headers, Body.NONE, null));
    }

    private static Answer orThrow(Answer answer) {
        if (!answer.head().isSuccess()) {
            throw ErrorAnswers.toException(
                    "GET /_ping", answer.head().status(), answer.head().mediaType(), answer.body());
        }
        return answer;
    }
}
