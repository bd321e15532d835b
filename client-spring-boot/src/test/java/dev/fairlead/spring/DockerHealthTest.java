package dev.fairlead.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.DockerClient;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** The Engine's health, well or not; and an application that starts either way. */
@Timeout(120)
final class DockerHealthTest {

    private final StubEngine engine = new StubEngine();
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withPropertyValues("fairlead.host=" + engine.host())
            .withConfiguration(
                    AutoConfigurations.of(FairleadAutoConfiguration.class, FairleadHealthAutoConfiguration.class));

    @AfterEach
    void stop() {
        engine.close();
    }

    private static Health health(ApplicationContext context) {
        return Objects.requireNonNull(
                context.getBean(DockerHealthIndicator.class).health().block(StubEngine.LIMIT));
    }

    @Test
    void tellsVersionsAndLatency() {
        application.run(context -> {
            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("host", engine.host())
                    .containsEntry("version", "28.5.1")
                    .containsEntry("apiVersion", "1.51");
            assertThat(health.getDetails()).hasEntrySatisfying("latencyMillis", millis -> assertThat((Long) millis)
                    .isBetween(0L, 20_000L));
        });
    }

    @Test
    void isDownAndUpAgain() {
        application.withPropertyValues("fairlead.health.timeout=3s").run(context -> {
            engine.answers = false;
            Health silent = health(context);
            assertThat(silent.getStatus()).isEqualTo(Status.DOWN);
            assertThat(silent.getDetails())
                    .hasEntrySatisfying(
                            "error", error -> assertThat(error).asString().contains("no answer within"));
            engine.answers = true;
            assertThat(health(context).getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void isDownWhereThereIsNoEngine() {
        engine.close();
        application.run(context -> {
            assertThat(context).hasNotFailed();
            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails()).containsEntry("host", engine.host());
            assertThat(health.getDetails())
                    .hasEntrySatisfying(
                            "error", error -> assertThat(error).asString().contains("ConnectionFailed"));
        });
    }

    @Test
    void asksNobodyWhenTheApplicationStarts() {
        application.run(context -> assertThat(engine.requests).isEmpty());
    }

    @Test
    void canBeSwitchedOff() {
        application.withPropertyValues("management.health.docker.enabled=false").run(context -> assertThat(context)
                .doesNotHaveBean(ReactiveHealthContributor.class));
    }

    @Test
    void looksAfterAClientThatTheApplicationMakesItself() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(FairleadHealthAutoConfiguration.class))
                .withBean(DockerClient.class, () -> DockerClient.create(config -> config.host(engine.host())))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(health(context).getStatus()).isEqualTo(Status.UP);
                });
    }

    @Test
    void looksAfterEachClient() {
        application
                .withBean("near", DockerClient.class, () -> DockerClient.create(config -> config.host(engine.host())))
                .withBean(
                        "far",
                        DockerClient.class,
                        () -> DockerClient.create(config -> config.host("tcp://127.0.0.1:1")))
                .run(context -> {
                    CompositeReactiveHealthContributor both = context.getBean(CompositeReactiveHealthContributor.class);
                    assertThat(both.stream().map(entry -> entry.name())).containsExactlyInAnyOrder("near", "far");
                });
    }
}
