package dev.fairlead;

import dev.fairlead.core.auth.AuthHeaders;
import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.internal.transport.Answer;
import dev.fairlead.internal.transport.Around;
import dev.fairlead.internal.transport.EngineRequest;
import dev.fairlead.internal.transport.LiveAnswer;
import dev.fairlead.model.ApiVersion;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** The filters of a configuration, around each exchange. Keeps those that are under way, so that each has its end. */
final class Filters implements Around {

    /** In place of what may be a secret. */
    static final String HIDDEN = "***";

    private static final Pattern VERSION = Pattern.compile("/v(\\d{1,4}\\.\\d{1,4})/.*");

    private final List<ExchangeFilter> filters;
    private final DockerHost host;
    private final String basePath;
    private final Set<String> secrets = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final Set<FilteredExchange> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private Filters(List<ExchangeFilter> filters, Set<String> headers, DockerHost host, String basePath) {
        this.filters = filters;
        this.host = host;
        this.basePath = basePath;
        secrets.addAll(headers);
        secrets.addAll(List.of(AuthHeaders.ONE, AuthHeaders.ALL, "Authorization", "Proxy-Authorization", "Cookie"));
    }

    /**
     * Those of a configuration, or null when it has none: then an exchange costs nothing more.
     *
     * @param headers names of those that each request carries: their values are not shown
     */
    static @Nullable Filters of(List<ExchangeFilter> filters, Set<String> headers, DockerHost host, String basePath) {
        return filters.isEmpty() ? null : new Filters(filters, headers, host, basePath);
    }

    @Override
    public Mono<Answer> call(EngineRequest request, Function<EngineRequest, Mono<Answer>> send) {
        return Mono.deferContextual(context -> {
            FilteredExchange exchange = begin(request, false, context);
            return exchange.prepared(request)
                    .flatMap(send)
                    .map(exchange::answeredWhole)
                    .doOnError(exchange::failed)
                    .doOnCancel(exchange::cancelled);
        });
    }

    @Override
    public Mono<LiveAnswer> open(EngineRequest request, Function<EngineRequest, Mono<LiveAnswer>> send) {
        return Mono.deferContextual(context -> {
            FilteredExchange exchange = begin(request, true, context);
            return exchange.prepared(request)
                    .flatMap(send)
                    .<LiveAnswer>map(exchange::opened)
                    .doOnError(exchange::failed)
                    .doOnCancel(exchange::cancelledUnopened);
        });
    }

    private FilteredExchange begin(EngineRequest request, boolean ownConnection, ContextView context) {
        int query = request.uri().indexOf('?');
        String path = query < 0 ? request.uri() : request.uri().substring(0, query);
        Map<String, String> shown = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        request.headers()
                .forEach(
                        (name, values) -> shown.put(name, secrets.contains(name) ? HIDDEN : String.join(", ", values)));
        var facts = new ExchangeRequest.Facts(
                request.operation(),
                request.method(),
                path,
                host,
                version(path),
                ownConnection,
                shown,
                new ExchangeTraffic());
        FilteredExchange exchange =
                new FilteredExchange(filters, new ExchangeRequest(facts, context), underWay::remove);
        underWay.add(exchange);
        if (closed) {
            // Whoever closed it may not have seen this one.
            exchange.failed(new ClientClosed(request.operation(), host.toString()));
        }
        return exchange;
    }

    private @Nullable ApiVersion version(String path) {
        Matcher matcher = VERSION.matcher(path.substring(basePath.length()));
        return matcher.matches() ? ApiVersion.parse(matcher.group(1)) : null;
    }

    @Override
    public void gap(String operation, String reason, @Nullable Long lost) {
        StreamGap gap = new StreamGap(operation, host, reason, lost);
        for (ExchangeFilter filter : filters) {
            FilteredExchange.tell(filter, operation, told -> told.gap(gap));
        }
    }

    @Override
    public void close() {
        closed = true;
        for (FilteredExchange each : underWay) {
            each.failed(new ClientClosed(each.operation(), host.toString()));
        }
    }
}
