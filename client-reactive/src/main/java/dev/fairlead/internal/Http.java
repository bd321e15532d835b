package dev.fairlead.internal;

import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.core.http.RequestPath;
import dev.fairlead.internal.transport.Answer;
import dev.fairlead.internal.transport.EngineRequest;
import dev.fairlead.internal.transport.Transport;
import dev.fairlead.model.ApiVersion;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Where the groups send their requests: {@code http.post("/containers/{id}/start", id).options(options).outcome()}. */
public final class Http {

    private final Transport transport;
    private final Negotiator negotiator;
    private final String basePath;
    private final Map<String, String> headers;
    private final @Nullable Consumer<UnsupportedByEngine> dropped;
    private final Credentials credentials;
    private final Retrying retrying;
    private final @Nullable Duration responseTimeout;

    /**
     * @param basePath what stands before each path, for an Engine behind a proxy; usually empty
     * @param headers sent with each request
     * @param dropped is told of each option that the Engine does not know and that is left out; null to refuse such options
     * @param credentials for registries, asked for when a request needs them
     * @param retrying what becomes of calls whose connection fails
     */
    public Http(
            Transport transport,
            Negotiator negotiator,
            String basePath,
            Map<String, String> headers,
            @Nullable Consumer<UnsupportedByEngine> dropped,
            Credentials credentials,
            Retrying retrying) {
        this(transport, negotiator, basePath, headers, dropped, credentials, retrying, null);
    }

    private Http(
            Transport transport,
            Negotiator negotiator,
            String basePath,
            Map<String, String> headers,
            @Nullable Consumer<UnsupportedByEngine> dropped,
            Credentials credentials,
            Retrying retrying,
            @Nullable Duration responseTimeout) {
        this.transport = transport;
        this.negotiator = negotiator;
        this.basePath = basePath;
        this.headers = headers;
        this.dropped = dropped;
        this.credentials = credentials;
        this.retrying = retrying;
        this.responseTimeout = responseTimeout;
    }

    /** The same, with another limit for answers that the Engine gives at once; zero for none. */
    public Http withResponseTimeout(Duration timeout) {
        return new Http(transport, negotiator, basePath, headers, dropped, credentials, retrying, timeout);
    }

    /** The API version in use, negotiated if need be. */
    public Mono<ApiVersion> version() {
        return negotiator.version();
    }

    /** The API version in use, or null as long as none was chosen or negotiated. */
    public @Nullable ApiVersion knownVersion() {
        return negotiator.known();
    }

    /** The Engine's address, as it is written. */
    public String host() {
        return transport.host().toString();
    }

    /** How long an answer may take that the Engine gives at once; zero for no limit. */
    public Duration responseTimeout() {
        return responseTimeout == null ? transport.responseTimeout() : responseTimeout;
    }

    /** Whether the client was closed: no request will be answered any more. */
    public boolean isClosed() {
        return transport.isClosed();
    }

    /** The same, but that it fails as soon as the client is closed: for pauses between two requests. */
    public <T> Mono<T> untilClosed(String operation, Mono<T> pause) {
        return transport.untilClosed(operation, pause);
    }

    /**
     * Tells filters that something is missing from a stream, which its subscriber is about to be told.
     *
     * @param reason why, in a word
     * @param lost how many values, or null where that can't be known
     */
    public void gap(String operation, String reason, @Nullable Long lost) {
        transport.gap(operation, reason, lost);
    }

    /** What is asked for after that. */
    <T> Mono<T> closed(String operation) {
        return Mono.error(transport.clientClosed(operation));
    }

    /** A request to the path that the template and its arguments make, see {@link RequestPath}. */
    public Request get(String template, String... arguments) {
        return request("GET", template, arguments);
    }

    public Request head(String template, String... arguments) {
        return request("HEAD", template, arguments);
    }

    public Request post(String template, String... arguments) {
        return request("POST", template, arguments);
    }

    public Request put(String template, String... arguments) {
        return request("PUT", template, arguments);
    }

    public Request delete(String template, String... arguments) {
        return request("DELETE", template, arguments);
    }

    private Request request(String method, String template, String... arguments) {
        return new Request(this, method, template, RequestPath.of(template, arguments));
    }

    /** One call on a pooled connection, and its whole answer. */
    Mono<Answer> call(EngineRequest request) {
        return responseTimeout == null ? transport.call(request) : transport.call(request, responseTimeout);
    }

    Retrying retrying() {
        return retrying;
    }

    Transport transport() {
        return transport;
    }

    Negotiator negotiator() {
        return negotiator;
    }

    String basePath() {
        return basePath;
    }

    Map<String, String> headers() {
        return headers;
    }

    Credentials credentials() {
        return credentials;
    }

    @Nullable
    Consumer<UnsupportedByEngine> dropped() {
        return dropped;
    }
}
