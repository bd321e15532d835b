package dev.fairlead;

import dev.fairlead.core.error.ErrorAnswers;
import dev.fairlead.core.error.FilterFailed;
import dev.fairlead.core.error.SentSecrets;
import dev.fairlead.internal.transport.Answer;
import dev.fairlead.internal.transport.AnswerHead;
import dev.fairlead.internal.transport.Body;
import dev.fairlead.internal.transport.EngineRequest;
import dev.fairlead.internal.transport.LiveAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.Logger;
import reactor.util.Loggers;

/** One exchange and the filters that see it: each that was asked before it is told once that it ended. */
final class FilteredExchange {

    private static final Logger LOG = Loggers.getLogger(ExchangeFilter.class);

    private final List<ExchangeFilter> filters;
    private final Consumer<FilteredExchange> forget;
    private final long began = System.nanoTime();
    private volatile ExchangeRequest request;
    private volatile boolean opened;
    private volatile SentSecrets secrets = SentSecrets.NONE;
    /** Those that only filters know of. */
    private volatile SentSecrets addedSecrets = SentSecrets.NONE;

    private int asked;
    private boolean over;

    FilteredExchange(List<ExchangeFilter> filters, ExchangeRequest request, Consumer<FilteredExchange> forget) {
        this.filters = filters;
        this.request = request;
        this.forget = forget;
    }

    String operation() {
        return request.operation();
    }

    /** What is to be sent, when all filters have agreed. */
    Mono<EngineRequest> prepared(EngineRequest unfiltered) {
        Mono<ExchangeRequest> last = Mono.just(request);
        for (ExchangeFilter filter : filters) {
            last = last.flatMap(before -> ask(filter, before));
        }
        return last.map(agreed -> filtered(unfiltered, agreed.added()));
    }

    private Mono<ExchangeRequest> ask(ExchangeFilter filter, ExchangeRequest before) {
        if (!isAsked()) {
            // Its caller has heard of the end already.
            return Mono.never();
        }
        return Mono.defer(() -> filter.before(before))
                .onErrorMap(problem -> failure(filter, "failed", problem))
                .switchIfEmpty(Mono.error(() -> failure(filter, "gave no request", null)))
                .map(after -> {
                    if (!after.isSameExchange(before)) {
                        throw failure(filter, "gave the request of another exchange", null);
                    }
                    request = after;
                    return after;
                });
    }

    private FilterFailed failure(ExchangeFilter filter, String problem, @Nullable Throwable cause) {
        return new FilterFailed(operation(), filter.getClass().getName(), problem, cause);
    }

    private EngineRequest filtered(EngineRequest unfiltered, Map<String, String> added) {
        Map<String, List<String>> headers = unfiltered.headers();
        if (!added.isEmpty()) {
            headers = new HashMap<>(headers);
            headers.keySet().removeIf(added::containsKey);
            Map<String, List<String>> once = EngineRequest.once(added);
            headers.putAll(once);
            addedSecrets = SentSecrets.of(once, null);
        }
        Body body = unfiltered.body();
        secrets = SentSecrets.of(headers, body instanceof Body.Bytes json ? json.bytes() : null);
        ExchangeTraffic traffic = request.traffic();
        if (body instanceof Body.Bytes whole) {
            traffic.sent(whole.bytes().length);
        } else if (body instanceof Body.Streamed streamed) {
            body = new Body.Streamed(
                    streamed.contentType(),
                    Flux.from(streamed.source()).doOnNext(piece -> traffic.sent(piece.remaining())));
        }
        return new EngineRequest(
                unfiltered.operation(),
                unfiltered.method(),
                unfiltered.uri(),
                headers,
                body,
                unfiltered.upgrade(),
                unfiltered.elements());
    }

    /** The answer; one that refuses does not repeat what only filters know to be secret. */
    Answer answeredWhole(Answer answer) {
        request.traffic().received(answer.size());
        answered(answer.head());
        if (answer.head().isSuccess() || answer.head().status() == 304) {
            complete();
            return answer;
        }
        refused(answer.head(), answer.body());
        return new Answer(answer.head(), withoutAdded(answer.body()));
    }

    LiveAnswer opened(LiveAnswer live) {
        opened = true;
        synchronized (this) {
            if (!over) {
                request.traffic().opened(live::bytesAhead);
            }
        }
        answered(live.head());
        return new FilteredAnswer(this, live, request.traffic());
    }

    private void answered(AnswerHead head) {
        ExchangeAnswer answer = new ExchangeAnswer(head.status(), age(), head::header);
        if (!isOver()) {
            tell(filters.size(), (filter, about) -> filter.answered(about, answer));
        }
    }

    void complete() {
        end(ExchangeEnd.Kind.COMPLETE, null);
    }

    void failed(Throwable failure) {
        end(ExchangeEnd.Kind.FAILED, failure);
    }

    void refused(AnswerHead head, byte[] body) {
        failed(ErrorAnswers.toException(operation(), head.status(), head.mediaType(), body, secrets));
    }

    /** What the Engine says, without what only filters know to be secret. */
    byte[] withoutAdded(byte[] body) {
        SentSecrets added = addedSecrets;
        return added.any()
                ? added.hide(new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8)
                : body;
    }

    void cancelled() {
        end(ExchangeEnd.Kind.CANCELLED, null);
    }

    /** A cancel that comes after the answer was opened says nothing of it: it has an end of its own. */
    void cancelledUnopened() {
        if (!opened) {
            cancelled();
        }
    }

    private synchronized boolean isAsked() {
        if (!over) {
            asked++;
        }
        return !over;
    }

    private synchronized boolean isOver() {
        return over;
    }

    private void end(ExchangeEnd.Kind kind, @Nullable Throwable failure) {
        int told;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            told = asked;
            request.traffic().over();
        }
        forget.accept(this);
        ExchangeEnd end = new ExchangeEnd(kind, failure, age());
        tell(told, (filter, about) -> filter.ended(about, end));
    }

    private Duration age() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** The first so many filters, the last one first; whatever one throws, the exchange goes on. */
    private void tell(int count, BiConsumer<ExchangeFilter, ExchangeRequest> message) {
        ExchangeRequest about = request;
        for (int at = count - 1; at >= 0; at--) {
            tell(filters.get(at), operation(), filter -> message.accept(filter, about));
        }
    }

    /** Whatever it throws is logged and goes no further. */
    static void tell(ExchangeFilter filter, String operation, Consumer<ExchangeFilter> message) {
        try {
            message.accept(filter);
        } catch (Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            LOG.warn("The filter {} failed at {}", filter.getClass().getName(), operation, thrown);
        }
    }
}
