package dev.fairlead.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.DockerClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** A whole WebFlux application: its server, its health, its meters, and its client on the server's event loops. */
@Timeout(180)
final class ApplicationTest {

    @SpringBootApplication
    @RestController
    static class Application {

        private final DockerClient docker;

        Application(DockerClient docker) {
            this.docker = docker;
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
            engine.stop();
            HttpResponse<String> down = get(context, "/actuator/health");
            assertThat(down.body()).contains("\"docker\":{").contains("ConnectionFailed");
            assertThat(down.statusCode()).isEqualTo(503);
        }
    }
}
