package dev.fairlead.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

/** Who may ask for what. */
class OwnPagesOnlyTest {

    private final OwnPagesOnly filter = new OwnPagesOnly(Set.of("docker.lan", "Big.LAN"));

    @ParameterizedTest
    @CsvSource({
        // method, path, host, origin, site, upgrade, allowed
        "GET,    /,               127.0.0.1:8080, ,                      ,             , true",
        "GET,    /,               localhost:8080, ,                      cross-site,   , true",
        "GET,    /,               [::1]:8080,     ,                      ,             , true",
        "GET,    /,               docker.lan,     ,                      ,             , true",
        "GET,    /,               LOCALHOST,      ,                      ,             , true",
        "GET,    /,               big.lan:8080,   ,                      ,             , true",
        "GET,    /,               BIG.lan,        ,                      ,             , true",
        "GET,    /,               evil.example,   ,                      ,             , false",
        "GET,    /,               127.0.0.1.evil, ,                      ,             , false",
        "GET,    /,               localhost.evil, ,                      ,             , false",
        "GET,    /,               ,               ,                      ,             , false",
        "GET,    /api/containers, localhost:8080, ,                      same-origin,  , true",
        "GET,    /api/containers, localhost:8080, ,                      none,         , true",
        "GET,    /api/containers, localhost:8080, ,                      cross-site,   , false",
        "GET,    /api/containers, localhost:8080, ,                      same-site,    , false",
        "GET,    /%61pi/x,        localhost:8080, ,                      cross-site,   , false",
        "GET,    /api;x/x,        localhost:8080, ,                      cross-site,   , false",
        "GET,    //api/x,         localhost:8080, ,                      cross-site,   , false",
        "GET,    /api,            localhost:8080, ,                      cross-site,   , false",
        "GET,    /apis/x,         localhost:8080, ,                      cross-site,   , true",
        "GET,    /api/containers, localhost:8080, http://evil.example,   ,             , false",
        "POST,   /api/pulls,      localhost:8080, http://localhost:8080, same-origin,  , true",
        "POST,   /api/pulls,      docker.lan,     https://docker.lan,    ,             , true",
        "POST,   /api/pulls,      localhost:8080, ,                      ,             , false",
        "POST,   /api/pulls,      localhost:8080, null,                  ,             , false",
        "POST,   /api/pulls,      localhost:8080, http://localhost:3000, ,             , false",
        "POST,   /api/pulls,      localhost:8080, http://127.0.0.1:8080, ,             , false",
        "POST,   /api/pulls,      evil.example,   http://evil.example,   same-origin,  , false",
        "DELETE, /api/containers, localhost:8080, http://evil.example,   ,             , false",
        "GET,    /api/x/terminal, localhost:8080, http://localhost:8080, ,    websocket, true",
        "GET,    /api/x/terminal, localhost:8080, ,                      ,    websocket, false",
        "GET,    /api/x/terminal, localhost:8080, http://evil.example,   ,    websocket, false",
    })
    void refusesOthers(
            String method,
            String path,
            @Nullable String host,
            @Nullable String origin,
            @Nullable String site,
            @Nullable String upgrade,
            boolean allowed) {
        // As it is: a text would be encoded once more.
        MockServerHttpRequest.BodyBuilder request =
                MockServerHttpRequest.method(HttpMethod.valueOf(method), URI.create("http://127.0.0.1" + path));
        header(request, "Host", host);
        header(request, "Origin", origin);
        header(request, "Sec-Fetch-Site", site);
        header(request, "Upgrade", upgrade);
        assertThat(isLetThrough(request)).isEqualTo(allowed);
    }

    @Test
    void refusesAHeaderThatIsThereTwice() {
        assertThat(isLetThrough(
                        MockServerHttpRequest.method(HttpMethod.GET, "/").header("Host", "localhost", "evil.example")))
                .isFalse();
    }

    private boolean isLetThrough(MockServerHttpRequest.BodyBuilder request) {
        MockServerWebExchange exchange = MockServerWebExchange.from(request.build());
        boolean[] passed = {false};
        PageSocket.done(filter.filter(exchange, next -> Mono.fromRunnable(() -> passed[0] = true)));
        assertThat(exchange.getResponse().getStatusCode()).isEqualTo(passed[0] ? null : HttpStatus.FORBIDDEN);
        return passed[0];
    }

    private static void header(MockServerHttpRequest.BodyBuilder request, String name, @Nullable String value) {
        if (value != null) {
            request.header(name, value);
        }
    }
}
