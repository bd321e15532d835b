package dev.fairlead.samples.guide;

import com.sun.net.httpserver.HttpServer;
import dev.fairlead.DockerClient;
import dev.fairlead.ExchangeEnd;
import dev.fairlead.ExchangeFilter;
import dev.fairlead.ExchangeRequest;
import dev.fairlead.Retries;
import dev.fairlead.UnsupportedOptions;
import dev.fairlead.core.ssh.Ssh;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.SystemVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Clients for different Engines and different needs. */
final class Clients {

    private Clients() {}

    static @Nullable String ofTheEnvironment() {
        // GUIDE
        try (DockerClient docker = DockerClient.create()) {
            System.out.println(docker.describe()); // which Engine, and what named it
            return docker.system().version().map(SystemVersion::version).block();
        }
        // end
    }

    static DockerClient overTls() {
        // GUIDE
        return DockerClient.create(config -> config.host("tcp://build.example.com:2376")
                .tls(tls -> tls.folder(Path.of("/etc/docker/build")))); // ca.pem, cert.pem, key.pem
        // end
    }

    static DockerClient overSsh() {
        return
        // README
        DockerClient.create(config -> config.host("ssh://me@far").ssh(ssh -> ssh.option("IdentityFile", "/keys/far")
                .passage(Ssh.Passage.FORWARDED)
                .loginTimeout(Duration.ofSeconds(10))));
        // end
    }

    static DockerClient careful() {
        // GUIDE
        return DockerClient.create(config -> config.connectTimeout(Duration.ofSeconds(2))
                .responseTimeout(Duration.ofSeconds(20))
                .retries(Retries.defaults())
                .maxStreams(500)
                .unsupportedOptions(UnsupportedOptions.drop()));
        // end
    }

    static DockerClient watched() {
        // GUIDE
        return DockerClient.create(config -> config.filter(new ExchangeFilter() {
            @Override
            public void ended(ExchangeRequest request, ExchangeEnd end) {
                System.out.println(request.operation() + ": " + end.kind() + " after " + end.duration());
            }
        }));
        // end
    }

    static @Nullable Long withoutAnEngine() throws IOException {
        // GUIDE
        HttpServer engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        engine.createContext("/v1.47/containers/json", exchange -> {
            byte[] answer = "[{\"Id\":\"4f1c\",\"Image\":\"shop:1\"}]".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(answer);
            }
        });
        engine.start();
        try (DockerClient docker = DockerClient.create(config ->
                config.host("tcp://127.0.0.1:" + engine.getAddress().getPort()).apiVersion(ApiVersion.of(1, 47)))) {
            return docker.containers().list().count().block();
        } finally {
            engine.stop(0);
        }
        // end
    }
}
