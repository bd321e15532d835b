package dev.fairlead.dashboard;

import dev.fairlead.DockerClient;
import dev.fairlead.ExchangeFilter;
import dev.fairlead.tools.PrivateEngine;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import reactor.core.publisher.Mono;

/** The whole application at a port of its own, an Engine of its own behind it, and what it asks of that. */
final class RunningDashboard implements AutoCloseable {

    /** With 200 MB that are moved on a busy machine. */
    private static final Duration LIMIT = Duration.ofMinutes(3);

    final Exchanges exchanges = new Exchanges();
    final PrivateEngine engine = new PrivateEngine();
    final DockerClient docker = DockerClient.create(config -> config.host(engine.host()));
    final int port;
    final String origin;

    private final ConfigurableApplicationContext application;

    RunningDashboard() {
        application = new SpringApplicationBuilder(Dashboard.class)
                .initializers(context -> {
                    GenericApplicationContext beans = (GenericApplicationContext) context;
                    beans.registerBean("exchanges", ExchangeFilter.class, () -> exchanges);
                    // Of what goes to a stalled browser, the kernel would take megabytes.
                    beans.registerBean(
                            "small",
                            NettyServerCustomizer.class,
                            () -> server -> server.childOption(ChannelOption.SO_SNDBUF, 16_384));
                })
                .run("--server.port=0", "--dashboard.engine=" + engine.host(), "--dashboard.stalled-after=10m");
        port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        origin = "http://127.0.0.1:" + port;
    }

    /** A container of a shell's script that has not been started; its id. */
    String create(String name, String script) {
        return get(docker.containers()
                        .create("busybox", options -> options.name(name).cmd("sh", "-c", script)))
                .id();
    }

    String started(String name, String script) {
        String id = create(name, script);
        PageSocket.done(docker.containers().start(id));
        return id;
    }

    static <T> T get(Mono<T> what) {
        return what.blockOptional(LIMIT).orElseThrow();
    }

    @Override
    public void close() {
        application.close();
        docker.close();
        engine.close();
    }
}
