package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.tls.Tls;
import dev.fairlead.testing.Certificates;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Request;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** An Engine that is found below a path: each kind of request begins with it. */
@Timeout(60)
class BasePathTest {

    private static final String ID = "cafe";

    @Test
    void inClear() throws Exception {
        try (FakeEngine engine = FakeEngine.tcp()) {
            eachKindOfRequest(engine, config -> config.host(engine.host() + "/a/docker/"));
        }
    }

    @Test
    void inTls(@TempDir Path folder) throws Exception {
        Certificates certificates = Certificates.in(folder);
        SSLContext server = certificates.server();
        try (FakeEngine engine = FakeEngine.tls(() -> {
            SSLEngine made = server.createSSLEngine();
            made.setUseClientMode(false);
            return made;
        })) {
            eachKindOfRequest(engine, config -> config.host(engine.host() + "/a/docker")
                    .tls(Tls.of(tls -> tls.ca(folder.resolve("ca.pem")))));
        }
    }

    private static void eachKindOfRequest(FakeEngine engine, Consumer<DockerConfig.Builder> where) {
        Map<String, String> json = Map.of("Content-Type", "application/json");
        engine.on("GET", "/a/docker/_ping", exchange -> exchange.answer(200, Map.of(), "OK"))
                .on("HEAD", "/a/docker/_ping", exchange -> exchange.answer(200, Map.of(), ""))
                .on("GET", "/a/docker/v*/info", exchange -> exchange.answer(200, json, "{\"OSType\":\"linux\"}"))
                .on("GET", "/a/docker/v*/events", exchange -> exchange.answer(200, json, "{}"))
                .on("POST", "/a/docker/v*/session", exchange -> exchange.hijack("application/vnd.docker.raw-stream")
                        .close())
                .on("POST", "/a/docker/v*/images/load", exchange -> exchange.answer(200, json, "{}"));
        try (DockerClient docker = DockerClient.create(where)) {
            EngineTest.done(docker.system().ping());
            assertThat(EngineTest.get(docker.system().info()).osType()).isEqualTo("linux");
            EngineTest.done(docker.system().events().next());
            EngineTest.get(docker.session(ID)).close();
            EngineTest.done(docker.images()
                    .load(Mono.just(EngineTest.bytes("tar")))
                    .messages()
                    .next());
        }
        assertThat(engine.requests())
                .extracting(Request::target)
                .hasSizeGreaterThanOrEqualTo(5)
                .allMatch(target -> target.startsWith("/a/docker/v1.") || target.equals("/a/docker/_ping"));
    }
}
