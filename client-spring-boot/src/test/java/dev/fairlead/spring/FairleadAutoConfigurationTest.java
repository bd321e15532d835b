package dev.fairlead.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fairlead.DockerClient;
import dev.fairlead.DockerConfig;
import dev.fairlead.ExchangeFilter;
import dev.fairlead.RegistryCredentials;
import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.observation.StreamMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

/** What becomes of properties and beans. */
@Timeout(120)
final class FairleadAutoConfigurationTest {

    private static final String HOST = "fairlead.host=tcp://127.0.0.1:1";

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(FairleadAutoConfiguration.class, FairleadObservationAutoConfiguration.class));

    /** Comes last, and keeps what the others have made. */
    @Order
    static final class Capture implements DockerConfigCustomizer {

        private final AtomicReference<@Nullable DockerConfig> seen = new AtomicReference<>();

        @Override
        public void customize(DockerConfig.Builder config) {
            seen.set(config.build());
        }

        DockerConfig config() {
            return Objects.requireNonNull(seen.get());
        }
    }

    private static DockerConfig config(ApplicationContextRunner runner) {
        Capture capture = new Capture();
        runner.withBean("capture", DockerConfigCustomizer.class, () -> capture)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(DockerClient.class));
        return capture.config();
    }

    private static Arguments property(String property, Function<DockerConfig, ?> getter, Object expected) {
        return arguments(property, getter, expected);
    }

    static Stream<Arguments> properties() {
        return Stream.of(
                property("host=tcp://127.0.0.1:7", DockerConfig::host, new DockerHost.Tcp("127.0.0.1", 7)),
                property("host=ssh://me@far", DockerConfig::host, new DockerHost.Ssh("me", "far", 0, "")),
                property("api-version=1.44", DockerConfig::apiVersion, ApiVersion.of(1, 44)),
                property("connect-timeout=3s", DockerConfig::connectTimeout, Duration.ofSeconds(3)),
                property("negotiation-timeout=4s", DockerConfig::negotiationTimeout, Duration.ofSeconds(4)),
                property("response-timeout=0", DockerConfig::responseTimeout, Duration.ZERO),
                property("pending-timeout=5s", DockerConfig::pendingTimeout, Duration.ofSeconds(5)),
                property("max-idle=6s", DockerConfig::maxIdle, Duration.ofSeconds(6)),
                property("max-connections=7", DockerConfig::maxConnections, 7),
                property("max-pending-calls=8", DockerConfig::maxPendingCalls, 8),
                property("max-streams=9", DockerConfig::maxStreams, 9),
                property("event-buffer=10", DockerConfig::eventBuffer, 10),
                property(
                        "headers.X-Proxy-Token=abc",
                        DockerConfig::headers,
                        Map.of("User-Agent", "fairlead", "X-Proxy-Token", "abc")));
    }

    @ParameterizedTest
    @MethodSource("properties")
    void takesEachProperty(String property, Function<DockerConfig, ?> getter, Object expected) {
        ApplicationContextRunner runner =
                property.startsWith("host") ? application : application.withPropertyValues(HOST);
        assertThat(getter.apply(config(runner.withPropertyValues("fairlead." + property))))
                .isEqualTo(expected);
    }

    @Test
    void leavesTheRestAsItIs() {
        assertThat(config(application.withPropertyValues(HOST)))
                .usingRecursiveComparison()
                .ignoringFields("host", "credentials", "ssh", "filters")
                .isEqualTo(DockerConfig.builder().build());
    }

    @ParameterizedTest
    @CsvSource({
        "host, ftp://nowhere",
        "context, ../up",
        "api-version, newest",
        "connect-timeout, 0s",
        "response-timeout, -1s",
        "max-connections, 0",
        "max-streams, 0",
        "event-buffer, 0",
        "headers.Content-Length, 5"
    })
    void namesThePropertyThatIsRefused(String property, String value) {
        application.withPropertyValues("fairlead." + property + "=" + value).run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOfSatisfying(
                        InvalidConfigurationPropertyValueException.class,
                        refused -> assertThat(refused.getName()).isEqualTo("fairlead." + property)));
    }

    @Test
    void showsNoHeadersValue() {
        application
                .withPropertyValues(HOST, "fairlead.headers.X-Token=hidden\u0007token")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("fairlead.headers.X-Token")
                        .hasMessageNotContaining("hidden"));
        application.withPropertyValues(HOST, "fairlead.headers.X-Token=hidden").run(context -> assertThat(
                        context.getBean(FairleadProperties.class).toString())
                .contains("X-Token")
                .doesNotContain("hidden"));
    }

    @Test
    void backsOff() {
        try (DockerClient own = DockerClient.create(config -> config.host("tcp://127.0.0.1:2"))) {
            application.withBean(DockerClient.class, () -> own).run(context -> assertThat(
                            context.getBean(DockerClient.class))
                    .isSameAs(own));
        }
    }

    @Test
    void closesTheClientWithTheContext() {
        AtomicReference<DockerClient> client = new AtomicReference<>();
        application.withPropertyValues(HOST).run(context -> client.set(context.getBean(DockerClient.class)));
        assertThatThrownBy(() ->
                        Objects.requireNonNull(client.get()).system().ping().block(StubEngine.LIMIT))
                .isInstanceOf(ClientClosed.class);
    }

    @Test
    void startsWhereNothingNamesAnEngine() {
        application.run(context -> assertThat(context).hasNotFailed().hasSingleBean(DockerClient.class));
    }

    @Test
    void refusesHostAndContextTogether() {
        application
                .withPropertyValues(HOST, "fairlead.context=prod")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("context"));
    }

    @Test
    void asksCustomizersInOrderAfterProperties() {
        @Order(1)
        final class First implements DockerConfigCustomizer {
            @Override
            public void customize(DockerConfig.Builder config) {
                config.maxStreams(101).maxConnections(101);
            }
        }
        @Order(2)
        final class Second implements DockerConfigCustomizer {
            @Override
            public void customize(DockerConfig.Builder config) {
                config.maxStreams(102);
            }
        }
        DockerConfig config = config(application
                .withPropertyValues(HOST, "fairlead.max-connections=9", "fairlead.max-pending-calls=9")
                .withBean("b", Second.class, Second::new)
                .withBean("a", First.class, First::new));
        assertThat(config.maxStreams()).isEqualTo(102);
        assertThat(config.maxConnections()).isEqualTo(101);
        assertThat(config.maxPendingCalls()).isEqualTo(9);
    }

    @Test
    void goesWhereTheConnectionDetailsSay() {
        DockerConfig config = config(application
                .withPropertyValues(
                        "fairlead.host=tcp://production:2375", "fairlead.tls.ssl-bundle=none", "fairlead.max-streams=3")
                .withBean(DockerConnectionDetails.class, () -> () -> "tcp://127.0.0.1:9"));
        assertThat(config.host()).isEqualTo(new DockerHost.Tcp("127.0.0.1", 9));
        assertThat(config.tls()).isNull();
        assertThat(config.maxStreams()).isEqualTo(3);
    }

    @Test
    void takesCredentialsAndFilters() {
        RegistryCredentials credentials = RegistryCredentials.none();
        ExchangeFilter filter = new ExchangeFilter() {};
        DockerConfig config = config(application
                .withPropertyValues(HOST)
                .withBean(RegistryCredentials.class, () -> credentials)
                .withBean(ExchangeFilter.class, () -> filter));
        assertThat(config.credentials()).isSameAs(credentials);
        assertThat(config.filters()).endsWith(filter);
    }

    @Test
    void sharesTheServersEventLoops() {
        ReactorResourceFactory shared = new ReactorResourceFactory();
        shared.setUseGlobalResources(false);
        Capture capture = new Capture();
        application
                .withPropertyValues(HOST)
                .withBean(ReactorResourceFactory.class, () -> shared)
                .withBean("capture", DockerConfigCustomizer.class, () -> capture)
                .run(context -> {
                    LoopResources given =
                            Objects.requireNonNull(capture.config().eventLoops());
                    LoopResources servers =
                            context.getBean(ReactorResourceFactory.class).getLoopResources();
                    for (boolean isNative : new boolean[] {true, false}) {
                        assertThat(given.onClient(isNative)).isNotNull().isSameAs(servers.onClient(isNative));
                        assertThat(given.onServer(isNative)).isNotNull().isSameAs(servers.onServer(isNative));
                        assertThat(given.onServerSelect(isNative))
                                .isNotNull()
                                .isSameAs(servers.onServerSelect(isNative));
                    }
                    assertThat(given.daemon()).isEqualTo(servers.daemon());
                });
    }

    @Test
    void neverEndsTheServersEventLoops() {
        Capture capture = new Capture();
        application
                .withPropertyValues(HOST)
                .withBean(ReactorResourceFactory.class, FairleadAutoConfigurationTest::ownLoops)
                .withBean("capture", DockerConfigCustomizer.class, () -> capture)
                .run(context -> {
                    LoopResources given =
                            Objects.requireNonNull(capture.config().eventLoops());
                    given.dispose();
                    given.disposeLater().block(StubEngine.LIMIT);
                    given.disposeLater(Duration.ZERO, StubEngine.LIMIT).block(StubEngine.LIMIT);
                    assertThat(given.isDisposed()).isFalse();
                    assertThat(given.onClient(true).isShuttingDown()).isFalse();
                });
    }

    @Test
    void goesOnWhenTheContextStartsAgain() {
        try (StubEngine engine = new StubEngine()) {
            application
                    .withPropertyValues("fairlead.host=" + engine.host())
                    .withBean(ReactorResourceFactory.class, FairleadAutoConfigurationTest::ownLoops)
                    .run(context -> {
                        ConfigurableApplicationContext lifecycle = context.getSourceApplicationContext();
                        DockerClient docker = context.getBean(DockerClient.class);
                        ReactorResourceFactory factory = context.getBean(ReactorResourceFactory.class);
                        for (int time = 0; time < 2; time++) {
                            lists(docker);
                            LoopResources before = factory.getLoopResources();
                            lifecycle.stop();
                            assertThat(before.isDisposed()).isTrue();
                            // And does not bring forth event loops that nobody ends.
                            assertThatThrownBy(() -> lists(docker)).isInstanceOf(ConnectionFailed.class);
                            assertThat(factory.isRunning()).isFalse();
                            lifecycle.start();
                            assertThat(factory.getLoopResources()).isNotSameAs(before);
                        }
                        lists(docker);
                    });
        }
    }

    @Test
    void hearsAtTheEndWhatALifecycleOfALaterPhaseSays() {
        try (StubEngine engine = new StubEngine()) {
            AtomicReference<DockerClient> docker = new AtomicReference<>();
            Farewell farewell = new Farewell(docker);
            application
                    .withPropertyValues("fairlead.host=" + engine.host())
                    .withBean(ReactorResourceFactory.class, FairleadAutoConfigurationTest::ownLoops)
                    .withBean(Farewell.class, () -> farewell)
                    .run(context -> docker.set(context.getBean(DockerClient.class)));
            assertThat(farewell.said).isTrue();
        }
    }

    /** Asks the Engine for something when the context stops, as early as phase 2 and so right before the event loops end. */
    private static final class Farewell implements SmartLifecycle {

        private final AtomicReference<DockerClient> docker;
        private volatile boolean running;
        private volatile boolean said;

        Farewell(AtomicReference<DockerClient> docker) {
            this.docker = docker;
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            lists(Objects.requireNonNull(docker.get()));
            said = true;
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return 2;
        }
    }

    /** Not those of Reactor Netty, which the stub is served by. */
    private static ReactorResourceFactory ownLoops() {
        ReactorResourceFactory own = new ReactorResourceFactory();
        own.setUseGlobalResources(false);
        own.setShutdownQuietPeriod(Duration.ofMillis(100));
        return own;
    }

    /** By a connection of the pool. */
    private static void lists(DockerClient docker) {
        var unused = docker.images().list().collectList().block(StubEngine.LIMIT);
    }

    /** As an application has them: read from their files, and loaded only where their conditions hold. */
    @ImportAutoConfiguration({
        FairleadAutoConfiguration.class,
        FairleadObservationAutoConfiguration.class,
        FairleadHealthAutoConfiguration.class
    })
    static class AllByName {}

    @Test
    void doesWithoutWhatIsOptional() {
        application
                .withUserConfiguration(AllByName.class)
                .withPropertyValues(HOST)
                .withClassLoader(new FilteredClassLoader(
                        "org.springframework.http.client", "io.micrometer.core", "org.springframework.boot.health"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(DockerClient.class));
    }

    @Test
    void refusesABundlesCiphers() {
        application
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .withPropertyValues(
                        HOST,
                        "fairlead.tls.ssl-bundle=engine",
                        "spring.ssl.bundle.pem.engine.options.ciphers=TLS_AES_128_GCM_SHA256")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("options.ciphers"));
    }

    @Test
    void namesTheBundleThatIsMissing() {
        application
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .withPropertyValues(HOST, "fairlead.tls.ssl-bundle=engine")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("engine"));
    }

    @Test
    void putsObservationFirst() {
        DockerConfig config = config(application
                .withPropertyValues(HOST)
                .withBean("a", ExchangeFilter.class, () -> new ExchangeFilter() {}));
        assertThat(config.filters().get(0).getClass().getSimpleName()).isEqualTo("ObservationFilter");
    }

    /** A registry keeps one meter of a name: what a second instance counts is lost. */
    @Test
    void countsTheStreamsOfAllClientsTogether() {
        application
                .withPropertyValues(HOST)
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .run(context -> {
                    List<ExchangeFilter> first = filtersByCustomizers(context);
                    List<ExchangeFilter> second = filtersByCustomizers(context);
                    assertThat(first).hasAtLeastOneElementOfType(StreamMeters.class);
                    assertThat(second).isEqualTo(first);
                });
    }

    private static List<ExchangeFilter> filtersByCustomizers(ApplicationContext context) {
        DockerConfig.Builder config = DockerConfig.builder();
        context.getBeanProvider(DockerConfigCustomizer.class)
                .orderedStream()
                .forEach(customizer -> customizer.customize(config));
        return config.build().filters();
    }
}
