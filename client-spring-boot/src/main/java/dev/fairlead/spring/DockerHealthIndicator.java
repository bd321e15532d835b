package dev.fairlead.spring;

import dev.fairlead.DockerClient;
import dev.fairlead.model.SystemVersion;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Whether the Engine answers: up with its version, the API version that was agreed on, and how many milliseconds it took to say so; else
 * down with the reason. Either way it says which Engine is meant.
 */
public final class DockerHealthIndicator implements ReactiveHealthIndicator {

    private static final Logger LOG = Loggers.getLogger(DockerHealthIndicator.class);

    private final DockerClient docker;
    private final Duration timeout;

    /**
     * The health of a client's Engine.
     *
     * @param timeout how long it may take to answer, connecting included
     */
    public DockerHealthIndicator(DockerClient docker, Duration timeout) {
        this.docker = docker;
        this.timeout = timeout;
    }

    @Override
    public Mono<Health> health() {
        return Mono.defer(() -> {
            long asked = System.nanoTime();
            return docker.apiVersion()
                    .flatMap(api -> docker.system().version().map(version -> up(version)
                            .withDetail("apiVersion", api.toString())
                            .withDetail("latencyMillis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked))
                            .build()))
                    .timeout(timeout, Mono.error(() -> new TimeoutException("no answer within " + timeout)))
                    .onErrorResume(failure -> Mono.fromSupplier(() -> down(failure)));
        });
    }

    private Health.Builder up(SystemVersion engine) {
        String version = engine.version();
        return Health.up()
                .withDetail("host", docker.host().toString())
                .withDetail("version", version == null ? "unknown" : version);
    }

    /** Logged for those who look for it alone: health is asked for every few seconds, and says it itself. */
    private Health down(Throwable failure) {
        LOG.debug("The Engine at {} is not well", docker.host(), failure);
        return Health.down(failure).withDetail("host", docker.host().toString()).build();
    }
}
