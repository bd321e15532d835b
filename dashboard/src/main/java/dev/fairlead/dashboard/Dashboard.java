package dev.fairlead.dashboard;

import dev.fairlead.DockerClient;
import dev.fairlead.ExchangeFilter;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

/**
 * A page with the containers of an Engine: their state, their log, what they use, a terminal inside them; and pulls of images.
 *
 * <p>Whoever reaches it is root on the Engine's machine. So it listens at 127.0.0.1 unless told otherwise, and {@link OwnPagesOnly}
 * keeps out what other pages in the same browser ask of it.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class Dashboard {

    /** Before the controllers and the files of the page. */
    private static final int FIRST = -1;

    /**
     * Serves until it is stopped.
     *
     * @param arguments properties, as {@code --server.port=9000} or {@code --dashboard.engine=unix:///run/docker.sock}
     */
    public static void main(String[] arguments) {
        SpringApplication.run(Dashboard.class, arguments);
    }

    /** The Engine that is named, else the one that {@code docker} would take. */
    @Bean(destroyMethod = "close")
    DockerClient docker(@Value("${dashboard.engine:}") String engine, ObjectProvider<ExchangeFilter> filters) {
        return DockerClient.create(config -> {
            if (!engine.isEmpty()) {
                config.host(engine);
            }
            filters.orderedStream().forEach(config::filter);
        });
    }

    @Bean
    HandlerMapping sockets(LogSocket log, TerminalSocket terminal, ContainerApi api) {
        return new SimpleUrlHandlerMapping(
                Map.of(
                        "/api/containers/live",
                        new LiveSocket(session -> api.list()),
                        "/api/containers/{id}/usage/live",
                        LiveSocket.of(api::usage),
                        "/api/containers/{id}/tail/live",
                        LiveSocket.of(api::tail),
                        "/api/containers/{id}/log",
                        log,
                        "/api/containers/{id}/terminal",
                        terminal),
                FIRST);
    }

    /**
     * A browser that takes nothing of what was written to it is let go of: until then its connection holds what Reactor Netty has taken
     * for it, 128 messages at most. Who pauses a log is not meant: nothing is written to it then.
     */
    @Bean
    NettyServerCustomizer impatience(@Value("${dashboard.stalled-after:30s}") Duration limit) {
        return server -> server.doOnConnection(connection ->
                connection.addHandlerLast("stalled", new WriteTimeoutHandler(limit.toMillis(), TimeUnit.MILLISECONDS)));
    }
}
