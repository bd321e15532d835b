package dev.fairlead.internal;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.ErrorAnswers;
import dev.fairlead.core.version.Negotiation;
import dev.fairlead.internal.transport.Answer;
import dev.fairlead.internal.transport.AnswerHead;
import dev.fairlead.internal.transport.Body;
import dev.fairlead.internal.transport.EngineRequest;
import dev.fairlead.internal.transport.Transport;
import dev.fairlead.model.ApiVersion;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The API version that calls are made with: the one that was chosen, else the newest that both sides know.
 *
 * <p>Asks the Engine once, when the first call needs it; calls that come meanwhile wait for the same answer. A failure fails those
 * calls and is forgotten: the next one asks again.
 *
 * <p>Afterwards it listens: an Engine says its version in most of its answers, and one that was replaced by another is noticed by that,
 * or by its refusal of the version in use. Nobody has to be asked again. A version that was chosen stays.
 */
public final class Negotiator {

    private final Transport transport;
    private final String basePath;
    private final Map<String, String> headers;
    private final Duration limit;
    private final boolean fixed;
    private final AtomicReference<@Nullable Mono<ApiVersion>> underWay = new AtomicReference<>();
    private volatile @Nullable Agreed agreed;

    /**
     * What was agreed on, and why.
     *
     * @param header what the Engine said of its own version; null if nothing
     */
    private record Agreed(ApiVersion version, @Nullable String header) {}

    /**
     * @param chosen the version to use without asking, or null to negotiate
     * @param limit how long that may take; zero for no limit
     */
    public Negotiator(
            Transport transport,
            String basePath,
            Map<String, String> headers,
            @Nullable ApiVersion chosen,
            Duration limit) {
        this.transport = transport;
        this.basePath = basePath;
        this.headers = headers;
        this.limit = limit;
        this.fixed = chosen != null;
        this.agreed = chosen == null ? null : new Agreed(chosen, null);
    }

    /** The version in use, or null as long as there is none. */
    @Nullable
    ApiVersion known() {
        Agreed now = agreed;
        return now == null ? null : now.version();
    }

    /** Whether the version was chosen, and is not to be changed. */
    boolean isFixed() {
        return fixed;
    }

    /** The version in use, negotiated now if need be. */
    public Mono<ApiVersion> version() {
        return Mono.defer(() -> {
            ApiVersion known = known();
            if (known != null) {
                return Mono.just(known);
            }
            Mono<ApiVersion> fresh = negotiate();
            Mono<ApiVersion> earlier = underWay.compareAndExchange(null, fresh);
            return earlier == null ? fresh : earlier;
        });
    }

    /** Takes note of what an answer says of the Engine's version, if it says that; the next call goes by it. Never fails. */
    void heard(AnswerHead head) {
        Agreed before = agreed;
        if (fixed || before == null) {
            return;
        }
        String header = head.header("Api-Version");
        if (header == null || header.isBlank() || header.equals(before.header())) {
            return;
        }
        try {
            agreed = new Agreed(Negotiation.withEngine(header), header);
        } catch (DockerException notSpoken) {
            // This answer is none the worse for it; a refusal of the next call will say so.
        }
    }

    /**
     * The version to go on with after the Engine has refused the one that a request was made with.
     *
     * @param head of the refusal
     * @param message of the refusal, empty if there was none
     * @return the version, or null if that is not known, or no version is common
     * @throws dev.fairlead.core.error.UnsupportedByEngine if the Engine is older than all that is spoken here
     */
    @Nullable
    ApiVersion afterRefusal(AnswerHead head, String message) {
        String header = head.header("Api-Version");
        if (header != null && !header.isBlank()) {
            ApiVersion said = Negotiation.withEngine(header);
            agreed = new Agreed(said, header);
            return said;
        }
        ApiVersion said = Negotiation.afterRefusal(message);
        if (said != null) {
            agreed = new Agreed(said, null);
        }
        return said;
    }

    private Mono<ApiVersion> negotiate() {
        Mono<ApiVersion> asked = ask("HEAD")
                .filter(answer -> answer.head().status() == 200)
                // Whatever went wrong, a GET tells it with a body.
                .onErrorResume(failure -> Mono.empty())
                .switchIfEmpty(Mono.defer(() -> ask("GET").map(Negotiator::orThrow)))
                .map(answer -> agree(answer.head()));
        return (limit.isZero() ? asked : asked.timeout(limit, Mono.error(this::tooLate)))
                // After a success it stays: who looked for a version just before finds the answer, and does not ask
                // again.
                .doOnError(failure -> underWay.set(null))
                .cache();
    }

    private ApiVersion agree(AnswerHead head) {
        String header = head.header("Api-Version");
        ApiVersion version = Negotiation.withEngine(header);
        agreed = new Agreed(version, header);
        return version;
    }

    private ConnectionFailed tooLate() {
        return new ConnectionFailed(
                "GET /_ping",
                transport.host().toString(),
                "no API version was agreed on within " + limit.toMillis() + " ms",
                "the negotiation time-out of the configuration may be raised, or an API version chosen",
                null);
    }

    private Mono<Answer> ask(String method) {
        return transport.call(new EngineRequest(
                method + " /_ping", method, basePath + "/_ping", EngineRequest.once(headers), Body.NONE, null));
    }

    private static Answer orThrow(Answer answer) {
        if (!answer.head().isSuccess()) {
            throw ErrorAnswers.toException(
                    "GET /_ping", answer.head().status(), answer.head().mediaType(), answer.body());
        }
        return answer;
    }
}
