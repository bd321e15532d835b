package dev.fairlead;

import dev.fairlead.core.host.DockerHost;
import dev.fairlead.model.ApiVersion;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A request that is about to be sent, as filters see it. Immutable; the query is not shown, as build arguments and the like may be
 * secrets.
 */
public final class ExchangeRequest {

    /** What no filter changes; which exchange it is, too. */
    record Facts(
            String operation,
            String method,
            String path,
            DockerHost host,
            @Nullable ApiVersion apiVersion,
            boolean hasOwnConnection,
            Map<String, String> headers,
            ExchangeTraffic traffic) {}

    private final Facts facts;
    private final Map<String, String> added;
    private final Context context;

    ExchangeRequest(Facts facts, ContextView context) {
        this(facts, Map.of(), Context.of(context));
    }

    private ExchangeRequest(Facts facts, Map<String, String> added, Context context) {
        this.facts = facts;
        this.added = added;
        this.context = context;
    }

    /** What is asked, by its template and never with an id: {@code POST /containers/{id}/start}. A metric's name. */
    public String operation() {
        return facts.operation();
    }

    /** The HTTP method. */
    public String method() {
        return facts.method();
    }

    /** The path as it is sent, with the version and the values, encoded, and without the query. */
    public String path() {
        return facts.path();
    }

    /** The Engine. */
    public DockerHost host() {
        return facts.host();
    }

    /** The API version in the path; null where there is none, as in a ping's. */
    public @Nullable ApiVersion apiVersion() {
        return facts.apiVersion();
    }

    /**
     * Whether it goes on a connection of its own, and has no time-out: a stream, a session, an upload, or a call that may take long.
     * Else it is a short call on a connection of the pool.
     */
    public boolean hasOwnConnection() {
        return facts.hasOwnConnection();
    }

    /**
     * The headers, by name in any case of letters. Where the value may be a secret it reads {@code ***}: in credentials, and in whatever
     * the configuration or a filter has set.
     */
    public Map<String, String> headers() {
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(facts.headers());
        added.keySet().forEach(name -> all.put(name, Filters.HIDDEN));
        return Collections.unmodifiableMap(all);
    }

    /**
     * The same with a header, in place of one of that name.
     *
     * @throws IllegalArgumentException as {@link DockerConfig.Builder#header} does
     */
    public ExchangeRequest withHeader(String name, String value) {
        DockerConfig.requireHeader(name, value);
        Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(added);
        more.put(name, value);
        return new ExchangeRequest(facts, more, context);
    }

    /** The context of the caller's subscription, and what filters have put there. */
    public ContextView context() {
        return context;
    }

    /** The same with something to find again in {@link #context()} when the exchange is answered and ended, such as a span. */
    public ExchangeRequest with(Object key, Object value) {
        return new ExchangeRequest(facts, added, context.put(key, value));
    }

    /** What has been moved so far; goes on counting. */
    public ExchangeTraffic traffic() {
        return facts.traffic();
    }

    /** What filters have set. */
    Map<String, String> added() {
        return added;
    }

    boolean isSameExchange(ExchangeRequest other) {
        // The facts of two exchanges may be equal.
        return facts.traffic() == other.facts.traffic();
    }

    /** Names no header's value. */
    @Override
    public String toString() {
        return "ExchangeRequest[" + method() + " " + path() + " " + headers().keySet() + "]";
    }
}
