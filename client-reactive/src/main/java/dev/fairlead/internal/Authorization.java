package dev.fairlead.internal;

import dev.fairlead.core.error.CredentialsFailed;
import dev.fairlead.core.error.DockerException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * How one request gets the client's credentials: they are looked for when it is about to be sent, and when they turn out not to do, once
 * more; if there are others by then, it is sent again with those.
 *
 * <p>What belongs to one subscription goes by its context, so that the answer's last word may stand anywhere below.
 */
final class Authorization {

    /**
     * What Engines and registries say when credentials are missing or wrong: seldom by the status, which is 500 for a pull without any
     * and 200 for all pushes. Only whether it is worth another try hangs on these words.
     */
    private static final List<String> REFUSALS = List.of(
            "unauthorized",
            "no basic auth credentials",
            "authentication required",
            "authorization failed",
            "may require authorization",
            "may require 'docker login'",
            "incorrect username or password",
            "access denied",
            "access to the resource is denied",
            "denied: ");

    private final String header;
    private final Mono<String> search;
    private final @Nullable String whenNone;
    private final boolean repeatable;
    private final boolean needed;

    private Authorization(
            String header, Mono<String> search, @Nullable String whenNone, boolean repeatable, boolean needed) {
        this.header = header;
        this.search = search;
        this.whenNone = whenNone;
        this.repeatable = repeatable;
        this.needed = needed;
    }

    /**
     * Credentials in a header.
     *
     * @param search for the header's value, empty for none
     */
    static Authorization of(String header, Mono<String> search) {
        return new Authorization(header, search, null, true, false);
    }

    /** Sends the header with this value when there are none. */
    Authorization orElse(String value) {
        return new Authorization(header, search, value, repeatable, needed);
    }

    /** Sent once, whatever the registry says. */
    Authorization once() {
        return new Authorization(header, search, whenNone, false, needed);
    }

    /** Not sent at all when they can't be had. */
    Authorization needed() {
        return new Authorization(header, search, whenNone, repeatable, true);
    }

    String header() {
        return header;
    }

    /** What was found for one try, once somebody asked for it. */
    private static final class Try {
        private final Mono<Found> search;
        private volatile @Nullable Found found;

        Try(Mono<Found> search) {
            this.search = search;
        }

        Mono<Found> found() {
            return search.doOnNext(result -> found = result);
        }
    }

    /**
     * The outcome of a search.
     *
     * @param value the header's value, or null for none
     * @param failure why there is none, or null
     */
    private record Found(@Nullable String value, @Nullable CredentialsFailed failure) {
        @Override
        public String toString() {
            return value == null ? "none" : "***";
        }
    }

    /** What to send now. Inside of {@link #around} only. */
    Mono<Map<String, String>> headers() {
        return Mono.deferContextual(context -> context.<Try>get(this).found())
                .map(found -> found.value() == null ? Map.of() : Map.of(header, found.value()));
    }

    <T> Mono<T> around(Mono<T> request) {
        return Mono.deferContextual(context -> {
            if (context.hasKey(this)) {
                return request;
            }
            Try first = new Try(search());
            return request.contextWrite(in(first)).onErrorResume(DockerException.class, refusal -> again(first, refusal)
                    .flatMap(second -> request.contextWrite(in(second))));
        });
    }

    <T> Flux<T> around(Flux<T> request) {
        return Flux.deferContextual(context -> {
            if (context.hasKey(this)) {
                return request;
            }
            Try first = new Try(search());
            return request.contextWrite(in(first)).onErrorResume(DockerException.class, refusal -> again(first, refusal)
                    .flatMapMany(second -> request.contextWrite(in(second))));
        });
    }

    private Function<Context, Context> in(Try attempt) {
        return context -> context.put(this, attempt);
    }

    private Mono<Found> search() {
        return search.map(value -> new Found(value, null))
                .defaultIfEmpty(new Found(whenNone, null))
                .onErrorResume(
                        CredentialsFailed.class,
                        failure -> needed ? Mono.error(failure) : Mono.just(new Found(whenNone, failure)));
    }

    /** Another try, with other credentials; else the refusal, or what kept the credentials away. */
    private Mono<Try> again(Try first, DockerException refusal) {
        Found sent = first.found;
        if (sent == null || !isRefusal(refusal)) {
            return Mono.error(refusal);
        }
        if (sent.failure() != null) {
            return Mono.error(sent.failure().after(refusal));
        }
        if (!repeatable) {
            return Mono.error(refusal);
        }
        return search().flatMap(fresh -> {
            if (fresh.failure() != null) {
                return Mono.error(fresh.failure().after(refusal));
            }
            return Objects.equals(fresh.value(), sent.value())
                    ? Mono.error(refusal)
                    : Mono.just(new Try(Mono.just(fresh)));
        });
    }

    static boolean isRefusal(DockerException failure) {
        String said = failure.engineMessage().toLowerCase(Locale.ROOT);
        return failure.status() == 401 || REFUSALS.stream().anyMatch(said::contains);
    }
}
