package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testing.FakeEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A scripted Engine, a client of it, and short words for asking. */
final class OnFakeEngine implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(10);

    final FakeEngine engine;
    final DockerClient docker;

    OnFakeEngine(String apiVersion) throws IOException {
        this(apiVersion, config -> {});
    }

    OnFakeEngine(String apiVersion, Consumer<DockerConfig.Builder> more) throws IOException {
        this.engine = FakeEngine.tcp().apiVersion(apiVersion);
        this.docker = DockerClient.create(config -> {
            config.host(engine.host());
            more.accept(config);
        });
    }

    @Override
    public void close() throws IOException {
        docker.close();
        engine.close();
    }

    static <T> T get(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(LIMIT));
    }

    static <E extends Throwable> E failure(Class<E> type, Publisher<?> call) {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        StepVerifier.create(Flux.from(call).then()).consumeErrorWith(seen::set).verify(LIMIT);
        assertThat(seen.get()).isInstanceOf(type);
        return Objects.requireNonNull(type.cast(seen.get()));
    }
}
