package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.ContainerCreateOptions;
import dev.fairlead.model.ContainerStatus;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.model.Outcome;
import dev.fairlead.model.OutputFrame;
import dev.fairlead.model.WaitCondition;
import dev.fairlead.testing.OnRealEngine;
import dev.fairlead.testing.RealEngine;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What all tests on a real Engine share: a client of it, short words for asking, and containers that are gone afterwards. */
@OnRealEngine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EngineTest {

    static final String IMAGE = "busybox";

    /** Far more than anything here takes, however busy the machine is. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String LABEL = "dev.fairlead.test";

    final RealEngine engine;
    final DockerClient docker;
    private final String label = getClass().getSimpleName();

    EngineTest(RealEngine engine) {
        this(engine, true);
    }

    EngineTest(RealEngine engine, boolean nativeTransport) {
        this.engine = engine;
        this.docker = client(config -> config.nativeTransport(nativeTransport));
    }

    final DockerClient client(Consumer<DockerConfig.Builder> more) {
        return DockerClient.create(config -> {
            config.host(engine.host());
            more.accept(config);
        });
    }

    /** A run that was killed leaves its own. */
    @BeforeAll
    final void removeWhatOthersLeft() {
        done(docker.containers()
                .list(list -> list.all(true).filters(which -> which.label(LABEL)))
                .flatMap(container -> remove(container.id()))
                .then());
    }

    @AfterEach
    final void removeContainers() {
        done(made().flatMap(container -> remove(container.id())).then());
    }

    @AfterAll
    final void closeClient() {
        docker.close();
    }

    private Mono<Void> remove(String id) {
        return docker.containers()
                .remove(id, how -> how.force(true).volumes(true))
                .onErrorResume(DockerException.class, busyOrGone -> gone(id));
    }

    /** All containers that this class made. */
    final Flux<ContainerSummary> made() {
        return docker.containers().list(list -> list.all(true).filters(which -> which.label(LABEL + "=" + label)));
    }

    /** Completes when the container is not there, or no longer. */
    final Mono<Void> gone(String id) {
        return docker.containers()
                .awaitExit(id, wait -> wait.condition(WaitCondition.REMOVED))
                .then()
                .onErrorComplete(NotFound.class);
    }

    /** Marks a container as this class's. */
    final ContainerCreateOptions.Builder marked(ContainerCreateOptions.Builder container) {
        return container.label(LABEL, label);
    }

    /** The id of a new container that was not started. */
    final String create(Consumer<ContainerCreateOptions.Builder> options) {
        return get(docker.containers().create(IMAGE, container -> options.accept(marked(container))))
                .id();
    }

    final String create(String shell) {
        return create(container -> container.cmd("sh", "-c", shell));
    }

    /** The id of a container that was just started. */
    final String start(Consumer<ContainerCreateOptions.Builder> options) {
        String id = create(options);
        assertThat(get(docker.containers().start(id))).isEqualTo(Outcome.CHANGED);
        return id;
    }

    final String start(String shell) {
        return start(container -> container.cmd("sh", "-c", shell));
    }

    /** The id of a container that runs until it is killed; SIGTERM ends it at once. */
    final String idle() {
        return start("trap 'exit 0' TERM; while :; do sleep 0.05; done");
    }

    /** The id of a container that has ended, in lists too: an Engine tells whoever waits for the end first. */
    final String ended(String shell) {
        String id = start(shell);
        get(docker.containers().awaitExit(id));
        eventually(() -> Boolean.TRUE.equals(docker.containers()
                .list(list ->
                        list.filters(filters -> filters.id(id).status(ContainerStatus.EXITED, ContainerStatus.DEAD)))
                .hasElements()
                .block(LIMIT)));
        return id;
    }

    final boolean has(int minor) {
        return get(docker.apiVersion()).isAtLeast(ApiVersion.of(1, minor));
    }

    /** Calls what needs an API version, or sees it refused: by this Engine if it is older, and by any before anything is sent. */
    final void since(int minor, Function<DockerClient, ? extends Publisher<?>> call) {
        if (has(minor)) {
            done(Flux.from(call.apply(docker)).then());
        } else {
            assertThat(failure(UnsupportedByEngine.class, call.apply(docker))).hasMessageContaining("1." + minor);
        }
        try (DockerClient older = nowhere(minor - 1);
                DockerClient newer = nowhere(minor)) {
            failure(UnsupportedByEngine.class, call.apply(older));
            failure(ConnectionFailed.class, call.apply(newer));
        }
    }

    /** A client that fails when it sends. */
    static DockerClient nowhere(int minor) {
        return DockerClient.create(
                config -> config.host("unix:///nowhere/docker.sock").apiVersion(ApiVersion.of(1, minor)));
    }

    static <T> T get(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(LIMIT));
    }

    static <T> List<T> all(Flux<T> flux) {
        return get(flux.collectList());
    }

    static void done(Mono<?> mono) {
        StepVerifier.create(mono.then()).expectComplete().verify(LIMIT);
    }

    static <E extends Throwable> E failure(Class<E> type, Publisher<?> call) {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        StepVerifier.create(Flux.from(call).then()).consumeErrorWith(seen::set).verify(LIMIT);
        assertThat(seen.get()).isInstanceOf(type);
        return Objects.requireNonNull(type.cast(seen.get()));
    }

    static <E extends Throwable> E failure(Class<E> type, Transfer<?> transfer) {
        return failure(type, transfer.result());
    }

    /** Looks again and again until it is so. */
    static void eventually(BooleanSupplier check) {
        done(Mono.fromSupplier(check::getAsBoolean)
                .subscribeOn(Schedulers.boundedElastic())
                .filter(yes -> yes)
                .repeatWhenEmpty(Integer.MAX_VALUE, empty -> empty.delayElements(Duration.ofMillis(100))));
    }

    /** How many files and sockets this process has open. */
    static int openFiles() {
        String[] open = new File("/proc/self/fd").list();
        return Objects.requireNonNull(open).length;
    }

    /** All that comes, in one text. */
    static String text(Flux<OutputFrame> output) {
        return get(output.map(OutputFrame::text).collect(StringBuilder::new, StringBuilder::append))
                .toString();
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
