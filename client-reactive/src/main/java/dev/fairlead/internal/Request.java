package dev.fairlead.internal;

import dev.fairlead.core.auth.AuthHeaders;
import dev.fairlead.core.error.ErrorAnswers;
import dev.fairlead.core.error.EventsLost;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.core.http.RequestPath;
import dev.fairlead.core.json.Json;
import dev.fairlead.core.json.JsonReader;
import dev.fairlead.core.wire.ConsoleDecoder;
import dev.fairlead.core.wire.Decoder;
import dev.fairlead.core.wire.FrameDecoder;
import dev.fairlead.core.wire.JsonArrayDecoder;
import dev.fairlead.core.wire.JsonSequenceDecoder;
import dev.fairlead.core.wire.LogReader;
import dev.fairlead.core.wire.TarDecoder;
import dev.fairlead.internal.transport.Answer;
import dev.fairlead.internal.transport.AnswerFlux;
import dev.fairlead.internal.transport.AnswerHead;
import dev.fairlead.internal.transport.Body;
import dev.fairlead.internal.transport.EngineRequest;
import dev.fairlead.internal.transport.LiveAnswer;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.OperationOptions;
import dev.fairlead.model.Outcome;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.OutputLine;
import dev.fairlead.model.Requirements;
import dev.fairlead.model.Requirements.Requirement;
import dev.fairlead.model.TransferMessage;
import dev.fairlead.model.Versioned;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
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

    private static final String CONSOLE_TYPE = "application/vnd.docker.raw-stream";
    /** As long as a whole answer may be. */
    private static final int LARGEST_ELEMENT = 256 * 1024 * 1024;

    private static final Set<String> JSON_TYPES =
            Set.of("application/x-ndjson", "application/jsonl", "application/json-seq", "application/json");

    private final Http http;
    private final String operation;
    private final String method;
    private final RequestPath path;
    private final Parameters parameters = new Parameters();
    private Map<String, String> headers;
    private final Requirements requirements = new Requirements();
    private Body body = Body.NONE;
    private @Nullable Mono<Upload> upload;
    private @Nullable String upgrade;
    private @Nullable Supplier<JsonArrayDecoder<?>> elements;
    private boolean patient;
    private boolean beyondLimit;
    private boolean idempotent;
    private boolean unversioned;
    private @Nullable ApiVersion since;
    private @Nullable Authorization authorization;

    Request(Http http, String method, String template, RequestPath path) {
        this.http = http;
        this.operation = method + " " + template.replace("{+", "{");
        this.method = method;
        this.path = path;
        this.headers = http.headers();
    }

    /** Adds what the options hold: to the query, the headers and the body. */
    public Request options(OperationOptions options) {
        options.parameters().forEach(parameters::add);
        options.requirements(requirements);
        return options.hasBody() ? body(options) : this;
    }

    /** Adds one query parameter. */
    public Request query(String name, Object value) {
        parameters.addQuery(name, value);
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

    /** Sends the options' body only if one of its fields is set: for operations to which an empty one means something. */
    public Request optionalBody() {
        if (body instanceof Body.Bytes json && json.bytes().length == "{}".length()) {
            this.body = Body.NONE;
        }
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

    /**
     * Sends the client's credentials for a registry, unless the options bring some; sent again, once, with fresh ones if it is refused.
     *
     * @param registry its host, or null when nobody knows it
     */
    public Request registryAuth(@Nullable String registry) {
        if (registry != null) {
            this.authorization =
                    Authorization.of(AuthHeaders.ONE, http.credentials().forRegistry(registry));
        }
        return this;
    }

    /** As {@link #registryAuth}, for an Engine that wants to be told also that there are none. */
    public Request registryAuthAlways(String registry) {
        this.authorization = Authorization.of(
                        AuthHeaders.ONE, http.credentials().forRegistry(registry))
                .orElse(AuthHeaders.NONE);
        return this;
    }

    /** As {@link #registryAuth}, where nothing would tell that they were missing: fails if they can't be had. */
    public Request registryAuthNeeded(@Nullable String registry) {
        if (registry != null) {
            this.authorization = Authorization.of(
                            AuthHeaders.ONE, http.credentials().forRegistry(registry))
                    .once()
                    .needed();
        }
        return this;
    }

    /** Sends the client's credentials for all registries, unless the options bring some. */
    public Request registryConfig() {
        this.authorization =
                Authorization.of(AuthHeaders.ALL, http.credentials().forAll()).once();
        return this;
    }

    /** Sends what is found out first: each time, and before the Engine hears anything. */
    public Request upload(String contentType, Mono<Upload> upload) {
        this.upload = upload;
        // Its bytes take this one's place.
        return upload(contentType, Flux.<ByteBuffer>empty());
    }

    /** May take as long as it takes: on a connection of its own and with no time-out. */
    public Request patient() {
        this.patient = true;
        return this;
    }

    /** One that {@link #patient} made so, also when there are as many streams as there may be: for what tidies up after one. */
    public Request beyondLimit() {
        this.beyondLimit = true;
        return this;
    }

    /** May be done twice, though it does more than read: the second time changes nothing, and has the same answer. */
    public Request idempotent() {
        this.idempotent = true;
        return this;
    }

    /** Needs an Engine of that API version or newer. */
    public Request since(ApiVersion version) {
        this.since = version;
        return this;
    }

    /** Fails if the version in use does not know what is asked for; for what has to look at something else first. */
    public Mono<Void> supported() {
        return named(sent(Sending::check));
    }

    /** The answer as one value. */
    public <T> Mono<T> as(Class<T> type) {
        JsonReader<T> reader = Json.readerFor(type);
        return named(answer().map(answer -> reader.read(operation, answer.body(), 0, answer.body().length)));
    }

    /** The answer as one value; the other value when the Engine says that all is well and no more. */
    public <T> Mono<T> as(Class<T> type, T whenEmpty) {
        JsonReader<T> reader = Json.readerFor(type);
        return named(answer().map(answer -> answer.body().length == 0
                ? whenEmpty
                : reader.read(operation, answer.body(), 0, answer.body().length)));
    }

    /** The elements of the answer, a JSON array, one by one when all of them have come. */
    public <T> Flux<T> list(Class<T> type) {
        JsonReader<T> reader = Json.readerFor(type);
        elements = () -> new JsonArrayDecoder<>(operation, reader, LARGEST_ELEMENT);
        return named(answer().flatMapIterable(answer -> elements(answer, type)));
    }

    /** What comes as bytes is no array, but perhaps the {@code null} that Go writes for an empty one. */
    @SuppressWarnings("unchecked")
    private <T> List<T> elements(Answer answer, Class<T> type) {
        List<?> decoded = answer.elements();
        // Of this type, as the decoder has been made for it.
        return decoded == null ? Json.readList(operation, answer.body(), type) : (List<T>) decoded;
    }

    /** Completes when the Engine has done it. */
    public Mono<Void> done() {
        return named(answer().then());
    }

    /** Whether the Engine had to do anything: 304 says that it was so already. */
    public Mono<Outcome> outcome() {
        return named(exchange(true).map(answer -> answer.head().status() == 304 ? Outcome.UNCHANGED : Outcome.CHANGED));
    }

    /** The head of the answer; for operations that say all in it. */
    public <T> Mono<T> head(Function<AnswerHead, T> reader) {
        return named(answer().map(answer -> reader.apply(answer.head())));
    }

    /** A value that a header of the answer holds, as JSON in base64; for operations that say all in it. */
    public <T> Mono<T> header(String name, Class<T> type) {
        return head(head -> decoded(head, name, type));
    }

    private <T> T decoded(AnswerHead head, String name, Class<T> type) {
        String text = head.header(name);
        if (text == null) {
            throw new ProtocolFailure(operation, "the answer has no header " + name);
        }
        try {
            return Json.read(operation, Base64.getDecoder().decode(text), type);
        } catch (IllegalArgumentException notBase64) {
            throw new ProtocolFailure(operation, "the header " + name + " is no base64", notBase64);
        }
    }

    /** Values as they come, for as long as they come. */
    public <T> Flux<T> stream(Class<T> type) {
        JsonReader<T> reader = Json.readerFor(type);
        return decoded(head -> new JsonSequenceDecoder<>(operation, reader));
    }

    /**
     * Values as they come, to be used together with the Engine's own time, to the second, when it took the request; this machine's
     * where the Engine does not say. No value is read before what is made of them subscribes to them; its end closes the connection.
     */
    public <T, R> Flux<R> stream(Class<T> type, BiFunction<Instant, Flux<T>, Flux<R>> use) {
        JsonReader<T> reader = Json.readerFor(type);
        return named(open().flatMapMany(live -> Flux.using(
                () -> live,
                taken -> use.apply(date(taken.head()), taken.values(new JsonSequenceDecoder<>(operation, reader))),
                LiveAnswer::close)));
    }

    private static Instant date(AnswerHead head) {
        String date = head.header("Date");
        try {
            return date == null ? Instant.now() : DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
        } catch (DateTimeException unreadable) {
            return Instant.now();
        }
    }

    /** Frames of output, whose form the answer tells by its media type. */
    public Flux<OutputFrame> frames() {
        return decoded(
                head -> head.mediaType().equals(CONSOLE_TYPE) ? new ConsoleDecoder() : new FrameDecoder(operation));
    }

    /** Frames of output of a program whose terminal is known: older Engines do not say it. */
    public Flux<OutputFrame> frames(boolean tty) {
        return decoded(head -> outputDecoder(tty));
    }

    /**
     * The lines of a log, for a reader that may have read of it before.
     *
     * @param attributes whether attributes were asked for
     * @param tty whether the program has a terminal; null where the answer itself says it
     * @param connected is told when the answer begins, with the Engine's time if it says that; false when nobody waits for the answer
     *     any more, so that the reader is another connection's and is left alone
     */
    public Flux<OutputLine> lines(
            LogReader reader, boolean attributes, @Nullable Boolean tty, Predicate<Optional<Instant>> connected) {
        return decoded(head -> {
            if (!connected.test(head.date())) {
                return new Ignored<>();
            }
            String type = head.mediaType();
            boolean console = tty == null ? type.equals(CONSOLE_TYPE) : tty;
            if (JSON_TYPES.contains(type)) {
                return reader.json(console);
            }
            return console ? reader.console(attributes) : reader.framed(attributes);
        });
    }

    /** What comes until an answer that nobody waits for is cancelled. */
    private static final class Ignored<T> implements Decoder<T> {

        @Override
        public @Nullable T next(ByteBuffer input) {
            input.position(input.limit());
            return null;
        }

        @Override
        public @Nullable T end() {
            return null;
        }
    }

    private Decoder<OutputFrame> outputDecoder(boolean tty) {
        return tty ? new ConsoleDecoder() : new FrameDecoder(operation);
    }

    /** What is said while something is moved; ends with an error at the message that says that it has failed. */
    public <M extends TransferMessage> Flux<M> messages(Class<M> type) {
        JsonReader<M> reader = Json.readerFor(type);
        return named(sent(Sending::open).flatMapMany(opened -> opened.live()
                .values(new MessageDecoder<>(
                        operation, new JsonSequenceDecoder<>(operation, reader), opened.secrets()))));
    }

    /** That the Engine has said all was well, and not what came of it. */
    public ProtocolFailure withoutResult() {
        return new ProtocolFailure(operation, "the Engine's messages ended without a result and without an error");
    }

    /** Values that are read at once, whoever asks for them; so many may wait, and more than that end the stream. */
    public <T> Flux<T> eagerly(Class<T> type, int capacity) {
        return new EagerBuffer<>(stream(type), capacity, lost -> new EventsLost(operation, lost, capacity))
                .doOnError(
                        EventsLost.class,
                        failure -> http.gap(operation, EventsLost.class.getSimpleName(), failure.lost()));
    }

    /** A tar as it comes; one that stops before its end fails. */
    public Flux<ByteBuffer> tar() {
        return decoded(head -> new TarDecoder(operation));
    }

    /**
     * A tar that a header of the answer announces, as JSON in base64, for whoever needs that to know what to do with the tar. The
     * connection is closed when they are done.
     */
    public <H, R> Mono<R> tar(String header, Class<H> type, BiFunction<H, Flux<ByteBuffer>, Mono<R>> use) {
        return named(open().flatMap(live -> Mono.defer(
                        () -> use.apply(decoded(live.head(), header, type), live.values(new TarDecoder(operation))))
                .doFinally(end -> live.close())));
    }

    /** A connection to a program whose input and output go over it, with or without a terminal. */
    public Mono<Duplex> session(boolean tty) {
        this.upgrade = "tcp";
        return named(open().map(live -> new Duplex(operation, live, outputDecoder(tty))));
    }

    /** A connection that speaks another protocol from now on. */
    public Mono<Duplex> upgraded(String protocol) {
        this.upgrade = protocol;
        return named(open().flatMap(live -> live.head().status() == 101
                ? Mono.just(new Duplex(operation, live, new ConsoleDecoder()))
                : notUpgraded(live, protocol)));
    }

    /** A connection to a program by WebSocket: its outputs come as one. */
    public Mono<Duplex> webSocket() {
        this.upgrade = "websocket";
        byte[] random = new byte[16];
        ThreadLocalRandom.current().nextBytes(random);
        String key = Base64.getEncoder().encodeToString(random);
        this.headers = new HashMap<>(headers);
        headers.put("Sec-WebSocket-Version", "13");
        headers.put("Sec-WebSocket-Key", key);
        // Go's server wants one, and does not care which.
        headers.put("Origin", "http://localhost");
        return named(open().flatMap(live ->
                live.head().status() == 101 && accept(key).equals(live.head().header("Sec-WebSocket-Accept"))
                        ? Mono.just(new Duplex(operation, live.webSocket(), new ConsoleDecoder()))
                        : notUpgraded(live, "websocket")));
    }

    private <T> Mono<T> notUpgraded(LiveAnswer live, String protocol) {
        live.close();
        return Mono.error(new ProtocolFailure(
                operation,
                "expected the connection to become one of " + protocol + ", got status "
                        + live.head().status(),
                "is there a proxy that does not know upgrades?"));
    }

    /** What a server that knows WebSockets makes of the key, by RFC 6455. */
    private static String accept(String key) {
        try {
            byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.ISO_8859_1);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-1", impossible);
        }
    }

    /** The answer as one value that may take long to come; emits as soon as the Engine has taken the request. */
    public <T> Mono<Pending<T>> pending(Class<T> type) {
        return named(open().map(live -> new Pending<>(
                live, live.prefetch(ErrorAnswers.LARGEST_BODY).map(bytes -> Json.read(operation, bytes, type)))));
    }

    private <T> Mono<T> named(Mono<T> mono) {
        Authorization own = ownAuthorization();
        return (own == null ? mono : own.around(mono)).checkpoint(operation);
    }

    private <T> Flux<T> named(Flux<T> flux) {
        return authorized(flux).checkpoint(operation);
    }

    /** Goes around the whole of an answer in which a refusal may stand. */
    private <T> Flux<T> authorized(Flux<T> flux) {
        Authorization own = ownAuthorization();
        return own == null ? flux : own.around(flux);
    }

    /** The values of the answer; names the operation itself. */
    private <T> Flux<T> decoded(Function<AnswerHead, Decoder<T>> decoder) {
        return authorized(new AnswerFlux<>(operation, open(), decoder));
    }

    /** A successful answer. */
    private Mono<Answer> answer() {
        return exchange(false);
    }

    /** @param unchanged whether 304, by which an Engine says that it was so already, is a success too */
    private Mono<Answer> exchange(boolean unchanged) {
        return sent(sending -> patient ? sending.callPatiently(unchanged, beyondLimit) : sending.call(unchanged));
    }

    /** An answer that is under way, if the Engine did not refuse. */
    private Mono<LiveAnswer> open() {
        return sent(Sending::open).map(Sending.Opened::live).doOnDiscard(LiveAnswer.class, LiveAnswer::close);
    }

    private <T> Mono<T> sent(Function<Sending, Mono<T>> how) {
        Mono<Upload> first = upload;
        return first == null
                ? how.apply(sending(null))
                : Mono.defer(() ->
                        http.isClosed() ? http.closed(operation) : first.flatMap(found -> how.apply(sending(found))));
    }

    private Sending sending(@Nullable Upload found) {
        boolean reads = method.equals("GET") || method.equals("HEAD");
        return new Sending(http, operation, unversioned, idempotent || reads, version -> checked(version, found));
    }

    /** What is sent with this version, if that knows what is asked for. */
    private Mono<EngineRequest> checked(ApiVersion version, @Nullable Upload found) {
        if (since != null && version.compareTo(since) < 0) {
            return Mono.error(UnsupportedByEngine.notYet(operation, operation, since, version));
        }
        List<Requirement> unmet = unmet(version);
        if (!unmet.isEmpty()) {
            Consumer<UnsupportedByEngine> dropped = http.dropped();
            if (dropped == null) {
                return Mono.error(failure(unmet.get(0), version));
            }
            unmet.forEach(requirement -> dropped.accept(failure(requirement, version)));
        }
        Authorization own = ownAuthorization();
        return own == null
                ? Mono.just(toRequest(version, found, unmet, Map.of()))
                : own.headers().map(credentials -> toRequest(version, found, unmet, credentials));
    }

    /** Of most requests none: those cost nothing. */
    private List<Requirement> unmet(ApiVersion version) {
        List<Requirement> unmet = List.of();
        for (Requirement requirement : requirements.list()) {
            if (!requirement.holdsFor(version)) {
                unmet = unmet.isEmpty() ? new ArrayList<>() : unmet;
                unmet.add(requirement);
            }
        }
        return unmet;
    }

    /** How the client's own credentials are sent, or null when none are: the options' are there, or the header is in all requests. */
    private @Nullable Authorization ownAuthorization() {
        if (authorization == null
                || parameters.hasHeader(authorization.header())
                || headers.keySet().stream().anyMatch(authorization.header()::equalsIgnoreCase)) {
            return null;
        }
        return authorization;
    }

    private UnsupportedByEngine failure(Requirement requirement, ApiVersion version) {
        ApiVersion since = requirement.since();
        ApiVersion until = requirement.until();
        return until != null && version.compareTo(until) > 0
                ? UnsupportedByEngine.noLonger(operation, requirement.name(), until, version)
                : UnsupportedByEngine.notYet(
                        operation, requirement.name(), since == null ? ApiVersion.OLDEST : since, version);
    }

    private EngineRequest toRequest(
            ApiVersion version, @Nullable Upload found, List<Requirement> omitted, Map<String, String> credentials) {
        RequestPath target = parameters.addTo(path, omitted, found == null ? Map.of() : found.query());
        Body sent = found != null && body instanceof Body.Streamed streamed
                ? new Body.Streamed(streamed.contentType(), found.bytes())
                : without(omitted);
        Map<String, List<String>> allHeaders = EngineRequest.once(headers);
        parameters.addTo(allHeaders, omitted);
        allHeaders.putAll(EngineRequest.once(credentials));
        return new EngineRequest(
                operation,
                method,
                unversioned ? target.unversionedTarget(http.basePath()) : target.target(http.basePath(), version),
                allHeaders,
                sent,
                upgrade,
                elements);
    }

    private Body without(List<Requirement> omitted) {
        return !omitted.isEmpty() && body instanceof Body.Bytes json
                ? new Body.Bytes(
                        json.contentType(),
                        Json.without(
                                json.bytes(),
                                omitted.stream().map(Requirement::place).toList()))
                : body;
    }
}
