package dev.fairlead.dashboard;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses what pages of others ask for: any page in the browser of whoever runs this could reach 127.0.0.1 too.
 *
 * <ul>
 *   <li>The host that was asked for is an address, {@code localhost} or a name in {@code dashboard.names}. A name of somebody else that
 *       leads here (DNS rebinding) would make this page's origin of theirs.
 *   <li>Where there is an {@code Origin}, it is that host. What changes something, and a WebSocket, which no rule of browsers keeps to its
 *       origin, has to have one.
 *   <li>Below {@code /api}, browsers that say where a request comes from have to say that it comes from here, or from nowhere.
 * </ul>
 *
 * <p>It says who may ask, not who asks: where others can reach it, put a login in front.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class OwnPagesOnly implements WebFilter {

    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");
    private static final Set<HttpMethod> HARMLESS = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    /** xterm.js makes style sheets as it goes; scripts are files of ours alone. */
    private static final String POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
                    + "form-action 'self'";

    private final Set<String> names;

    OwnPagesOnly(@Value("${dashboard.names:}") Set<String> names) {
        this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpResponse response = exchange.getResponse();
        HttpHeaders headers = response.getHeaders();
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        String refusal = refusal(exchange.getRequest());
        if (refusal == null) {
            return chain.filter(exchange);
        }
        response.setStatusCode(HttpStatus.FORBIDDEN);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(refusal.getBytes(StandardCharsets.UTF_8))));
    }

    private @Nullable String refusal(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        List<String> hosts = headers.getOrDefault(HttpHeaders.HOST, List.of());
        if (hosts.size() != 1 || !isOwn(hosts.get(0))) {
            return "not a name of this dashboard: name it in dashboard.names";
        }
        List<String> origins = headers.getOrDefault(HttpHeaders.ORIGIN, List.of());
        boolean harmless = HARMLESS.contains(request.getMethod()) && headers.getUpgrade() == null;
        if (origins.isEmpty() ? !harmless : origins.size() != 1 || !isAt(origins.get(0), hosts.get(0))) {
            return "asked for by a page of another origin";
        }
        String site = headers.getFirst("Sec-Fetch-Site");
        return !isApi(request.getPath()) || site == null || OWN_SITES.contains(site)
                ? null
                : "asked for by a page of another site";
    }

    /** By the first segment as it is compared with those of controllers: {@code /%61pi} and {@code /api;x} lead there too. */
    private static boolean isApi(RequestPath path) {
        return path.pathWithinApplication().elements().stream()
                .filter(PathContainer.PathSegment.class::isInstance)
                .map(PathContainer.PathSegment.class::cast)
                .findFirst()
                .filter(first -> first.valueToMatch().equals("api"))
                .isPresent();
    }

    /** Its scheme may be another one, where a proxy speaks TLS for it. */
    private static boolean isAt(String origin, String host) {
        return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
    }

    private boolean isOwn(String host) {
        String name = host.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
        return name.equals("localhost")
                || names.contains(name)
                || ADDRESS.matcher(name).matches();
    }
}
