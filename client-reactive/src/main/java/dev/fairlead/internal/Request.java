package dev.fairlead.internal;

import dev.fairlead.core.error.ErrorAnswers;
import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.core.http.RequestPath;
import dev.fairlead.core.json.Json;
import dev.fairlead.core.json.JsonReader;
import dev.fairlead.core.wire.ConsoleDecoder;
import dev.fairlead.core.wire.Decoder;
import dev.fairlead.core.wire.FrameDecoder;
import dev.fairlead.core.wire.JsonSequenceDecoder;
import dev.fairlead.internal.transport.Answer;
import dev.fairlead.internal.transport.AnswerHead;
import dev.fairlead.internal.transport.Body;
import dev.fairlead.internal.transport.EngineRequest;
import dev.fairlead.internal.transport.LiveAnswer;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.OperationOptions;
import dev.fairlead.model.Outcome;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.RequestParameter;
import dev.fairlead.model.Requirements;
import dev.fairlead.model.Requirements.Requirement;
import dev.fairlead.model.Versioned;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One request of a group: what is asked, then the shape of the answer as the last word.
 *
 * <p>Built and used once by a group method; the publisher that comes out of it may be subscribed to again and again, and sends the
 * request each time.
 */
public final class Request {

    /** What is kept of the body of an error. */
    private static final int MAX_ERROR = 1 << 20;

    private final Http http;
    private final String operation;
    private final String method;
    private RequestPath path;
    private final Map<String, String> headers;
    private final Requirements requirements = new Requirements();
    private Body body = Body.NONE;
    private @Nullable String upgrade;
    private boolean patient;
    private boolean unversioned;

    Request(Http http, String method, String template, RequestPath path) {
        this.http = http;
        this.operation = method + " " + template.replace("{+", "{");
        this.method = method;
        this.path = path;
        this.headers = new HashMap<>(http.headers());
    }

    /** Adds what the options hold: to the query, the headers and the body. */
    public Request options(OperationOptions options) {
        for (RequestParameter parameter : options.parameters()) {
            if (parameter.in() == RequestParameter.In.HEADER) {
                headers.put(parameter.name(), Parameters.headerValue(parameter));
            } else {
                path = Parameters.addTo(path, parameter);
            }
        }
        options.requirements(requirements);
        return options.hasBody() ? body(options) : this;
    }

    /** Adds one query parameter. */
    public Request query(String name, Object value) {
        path = path.query(name, value.toString());
        return this;
    }

    /** Adds a query parameter that must not be blank. */
    public Request required(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is blank");
        }
        return query(name, value);
    }

    /** Goes to the path as it is: for what has to work before a version is agreed on. */
    public Request unversioned() {
        this.unversioned = true;
        return this;
    }

    /** Sends the value as JSON. */
    public Request body(Object value) {
        if (value instanceof Versioned versioned && !(value instanceof OperationOptions)) {
            versioned.requirements(requirements);
        }
        this.body = new Body.Bytes("application/json", Json.write(value));
        return this;
    }

    /** Sends the bytes of the source while they come. */
    public Request upload(String contentType, Publisher<ByteBuffer> source) {
        this.body = new Body.Streamed(contentType, source);
        return patient();
    }

    /** May take as long as it takes: on a connection of its own and with no time-out. */
    public Request patient() {
        this.patient = true;
        return this;
    }

    /** Needs an Engine of that API version or newer. */
    public Request since(ApiVersion version) {
        requirements.add(operation, version, null);
        return this;
    }

    /** The answer as one value. */
    public <T> Mono<T> as(Class<T> type) {
        JsonReader<T> reader = Json.readerFor(type);
        return named(answer().map(answer -> reader.read(operation, answer.body(), 0, answer.body().length)));
    }

    /** The answer, a JSON array that is read as a whole, one by one. */
    public <T> Flux<T> list(Class<T> type) {
        JsonReader<List<T>> reader = Json.listReaderFor(type);
        return named(
                answer().flatMapIterable(answer -> reader.read(operation, answer.body(), 0, answer.body().length)));
    }

    /** Completes when the Engine has done it. */
    public Mono<Void> done() {
        return named(answer().then());
    }

    /** Whether the Engine had to do anything: 304 says that it was so already. */
    public Mono<Outcome> outcome() {
        return named(exchange().map(answer -> {
            if (answer.head().status() == 304) {
                return Outcome.UNCHANGED;
            }
            orThrow(answer);
            return Outcome.CHANGED;
        }));
    }

    /** The head of the answer; for operations that say all in it. */
    public <T> Mono<T> head(Function<AnswerHead, T> reader) {
        return named(answer().map(answer -> reader.apply(answer.head())));
    }

    /** Values as they come, for as long as they come. */
    public <T> Flux<T> stream(Class<T> type) {
        JsonReader<T> reader = Json.readerFor(type);
        return named(decoded(head -> new JsonSequenceDecoder<>(operation, reader)));
    }

    /** Frames of output, whose form the answer tells by its media type. */
    public Flux<OutputFrame> frames() {
        return named(decoded(head -> head.mediaType().equals("application/vnd.docker.raw-stream")
                ? new ConsoleDecoder()
                : new FrameDecoder(operation)));
    }

    /** Frames of output of a program whose terminal is known: older Engines do not say it. */
    public Flux<OutputFrame> frames(boolean tty) {
        return named(decoded(head -> outputDecoder(tty)));
    }

    private Decoder<OutputFrame> outputDecoder(boolean tty) {
        return tty ? new ConsoleDecoder() : new FrameDecoder(operation);
    }

    /** The answer's bytes as they come. */
    public Flux<ByteBuffer> bytes() {
        return named(decoded(head -> new ConsoleDecoder()).map(OutputFrame::bytes));
    }

    /** A connection to a program whose input and output go over it, with or without a terminal. */
    public Mono<Duplex> session(boolean tty) {
        this.upgrade = "tcp";
        return named(open().map(live -> new Duplex(operation, live, outputDecoder(tty))));
    }

    /** The answer as one value that may take long to come; emits as soon as the Engine has taken the request. */
    public <T> Mono<Pending<T>> pending(Class<T> type) {
        return named(open().map(live ->
                new Pending<>(live, live.prefetch(MAX_ERROR).map(bytes -> Json.read(operation, bytes, type)))));
    }

    private <T> Mono<T> named(Mono<T> mono) {
        return mono.checkpoint(operation);
    }

    private <T> Flux<T> named(Flux<T> flux) {
        return flux.checkpoint(operation);
    }

    private <T> Flux<T> decoded(Function<AnswerHead, Decoder<T>> decoder) {
        return open().flatMapMany(live -> live.values(decoder.apply(live.head())));
    }

    /** A successful answer. */
    private Mono<Answer> answer() {
        return exchange().map(this::orThrow);
    }

    private Mono<Answer> exchange() {
        return versioned(version -> patient
                ? http.transport().open(toRequest(version)).flatMap(live -> live.collect(Integer.MAX_VALUE)
                        .map(bytes -> new Answer(live.head(), bytes)))
                : http.transport().call(toRequest(version)));
    }

    /** An answer that is under way, if the Engine did not refuse. */
    private Mono<LiveAnswer> open() {
        return versioned(version -> http.transport().open(toRequest(version)))
                .flatMap(live -> live.head().isSuccess() ? Mono.just(live) : refused(live))
                .doOnDiscard(LiveAnswer.class, LiveAnswer::close);
    }

    private Mono<LiveAnswer> refused(LiveAnswer live) {
        return live.collect(MAX_ERROR).map(bytes -> {
            throw error(new Answer(live.head(), bytes));
        });
    }

    private <T> Mono<T> versioned(Function<ApiVersion, Mono<T>> send) {
        return Mono.defer(() -> {
            ApiVersion known = http.negotiator().known();
            if (known != null || unversioned) {
                return checked(known == null ? ApiVersion.NEWEST : known, send);
            }
            return http.negotiator().version().flatMap(found -> checked(found, send));
        });
    }

    private <T> Mono<T> checked(ApiVersion version, Function<ApiVersion, Mono<T>> send) {
        List<Requirement> needed = requirements.list();
        for (Requirement requirement : needed) {
            if (!requirement.holdsFor(version)) {
                return Mono.error(failure(requirement, version));
            }
        }
        return send.apply(version);
    }

    private UnsupportedByEngine failure(Requirement requirement, ApiVersion version) {
        ApiVersion since = requirement.since();
        ApiVersion until = requirement.until();
        return until != null && version.compareTo(until) > 0
                ? UnsupportedByEngine.noLonger(operation, requirement.name(), until, version)
                : UnsupportedByEngine.notYet(
                        operation, requirement.name(), since == null ? ApiVersion.OLDEST : since, version);
    }

    private EngineRequest toRequest(ApiVersion version) {
        return new EngineRequest(
                operation,
                method,
                unversioned ? path.unversionedTarget(http.basePath()) : path.target(http.basePath(), version),
                headers,
                body,
                upgrade);
    }

    private Answer orThrow(Answer answer) {
        if (!answer.head().isSuccess()) {
            throw error(answer);
        }
        return answer;
    }

    private RuntimeException error(Answer answer) {
        return ErrorAnswers.toException(
                operation, answer.head().status(), answer.head().mediaType(), answer.body());
    }
}
