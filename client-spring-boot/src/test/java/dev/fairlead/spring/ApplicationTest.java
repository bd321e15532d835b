package dev.fairlead.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.DockerClient;
import dev.fairlead.observation.ExchangeContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationView;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** A whole WebFlux application: its server, its health, its meters, and its client on the server's event loops. */
@Timeout(180)
final class ApplicationTest {

    private static final Map<String, String> PARENTS = new ConcurrentHashMap<>();

    @SpringBootApplication
    @RestController
    static class Application {

        private final DockerClient docker;

        Application(DockerClient docker) {
            this.docker = docker;
        }

        /** Whose child an exchange is. Static: the client needs it, and the application needs the client. */
        @Bean
        static ObservationHandler<ExchangeContext> parents() {
            return new ObservationHandler<>() {
                @Override
                public void onStop(ExchangeContext context) {
                    ObservationView parent = context.getParentObservation();
                    PARENTS.put(
                            context.request().operation(),
                            parent == null
                                    ? "none"
                                    : Objects.requireNonNull(
                                            parent.getContextView().getContextualName()));
                }

                @Override
                public boolean supportsContext(Observation.Context context) {
                    return context instanceof ExchangeContext;
                }
            };
        }

        @GetMapping("/images")
        Mono<String> images() {
            return docker.images()
                    .list()
                    .count()
                    .map(count -> count + " images on "
                            + Thread.currentThread().getName().replaceAll("-\\d+$", ""));
        }
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext context, String path) throws Exception {
        String port = Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port"));
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .timeout(StubEngine.LIMIT)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void servesWhatTheEngineSays() throws Exception {
        try (StubEngine engine = new StubEngine();
                ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                        .properties(
                                "server.port=0",
                                "server.address=127.0.0.1",
                                "fairlead.host=" + engine.host(),
                                "management.endpoint.health.show-details=always",
                                "management.endpoints.web.exposure.include=health,metrics",
                                "spring.main.banner-mode=off")
                        .run()) {
            assertThat(engine.requests).isEmpty();
            assertThat(get(context, "/images").body()).startsWith("0 images on reactor-http");
            assertThat(get(context, "/actuator/health").body())
                    .contains("\"docker\":{", "\"version\":\"28.5.1\"", "\"apiVersion\":\"1.51\"", "latencyMillis");
            assertThat(get(context, "/actuator/metrics/fairlead.exchange?tag=operation:GET%20/images/json")
                            .body())
                    .contains("\"COUNT\",\"value\":1");
            assertThat(PARENTS).containsEntry("GET /images/json", "http get /images");
            engine.stop();
            HttpResponse<String> down = get(context, "/actuator/health");
            assertThat(down.body()).contains("\"docker\":{").contains("ConnectionFailed");
            assertThat(down.statusCode()).isEqualTo(503);
        }
    }
}
