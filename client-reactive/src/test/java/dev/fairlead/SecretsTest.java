package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.model.AuthConfig;
import dev.fairlead.model.SwarmSpec;
import dev.fairlead.testing.Exchange;
import dev.fairlead.testing.FakeEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Whatever secret is handed to a method, and however the call fails, it is in no message, text, stack trace or log. */
final class SecretsTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String SECRET = "S3cret-of-the-caller+/=";
    private static final String ENCODED = Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8));

    private static final Map<String, Function<DockerClient, Publisher<?>>> CALLS = new LinkedHashMap<>();
    private static final Map<String, FakeEngine.Handler> ANSWERS = new LinkedHashMap<>();

    static {
        AuthConfig password = AuthConfig.builder()
                .username("me")
                .password(SECRET)
                .serverAddress("registry.test")
                .build();
        AuthConfig token = AuthConfig.builder().identityToken(SECRET).build();
        String header = RegistryCredentials.encode(password);
        byte[] value = SECRET.getBytes(StandardCharsets.UTF_8);
        CALLS.put("login by password", docker -> docker.system().auth(password));
        CALLS.put("login by token", docker -> docker.system().auth(token));
        CALLS.put("pull", docker -> docker.images().pull("registry.test/x").result());
        CALLS.put("push", docker -> docker.images().push("registry.test/x").result());
        CALLS.put("pull as told", docker -> docker.images()
                .pull("x", how -> how.registryAuth(header))
                .result());
        CALLS.put("build", docker -> docker.images().build(Flux.empty()).result());
        CALLS.put("build from", docker -> docker.images()
                .buildFrom("https://me:" + SECRET + "@host.test/x.git")
                .result());
        CALLS.put("import", docker -> docker.images().importFrom(URI.create("https://me:S3cret-of@host.test/x")));
        CALLS.put("look at a registry", docker -> docker.distribution().inspect("registry.test/x"));
        CALLS.put("join", docker -> docker.swarm().join(SECRET, List.of("10.0.0.1:2377")));
        CALLS.put("unlock", docker -> docker.swarm().unlock(SECRET));
        CALLS.put("CA", docker -> docker.swarm()
                .update(
                        1,
                        SwarmSpec.builder()
                                .caConfig(ca -> ca.signingCaKey(SECRET))
                                .build()));
        CALLS.put("secret", docker -> docker.secrets().create("x", value));
        CALLS.put("config", docker -> docker.configs().create("x", value));
        CALLS.put("unlock key", docker -> docker.swarm().unlockKey());
        CALLS.put("join tokens", docker -> docker.swarm().inspect());
        CALLS.put("call", docker -> docker.containers().inspect("x"));

        for (int status : new int[] {400, 401, 404, 407, 500, 503}) {
            ANSWERS.put("JSON " + status, exchange -> exchange.answer(status, json(Map.of("message", echo(exchange)))));
            ANSWERS.put(
                    "text " + status,
                    exchange -> exchange.answer(status, Map.of("Content-Type", "text/plain"), echo(exchange)));
            ANSWERS.put(
                    "page " + status,
                    exchange -> exchange.answer(
                            status, Map.of("Content-Type", "text/html"), "<title>" + echo(exchange) + "</title>"));
        }
        ANSWERS.put(
                "error in the stream",
                exchange -> exchange.answer(
                        200, json(Map.of("error", echo(exchange), "errorDetail", Map.of("message", echo(exchange))))));
        for (String field : List.of("UnlockKey", "IdentityToken", "Worker")) {
            ANSWERS.put(
                    "half of " + field, exchange -> exchange.answer(200, "{\"" + field + "\":\"" + SECRET + "\",,"));
            ANSWERS.put(
                    "wrong type beside " + field,
                    exchange -> exchange.answer(
                            200,
                            "{\"" + field + "\":\"" + SECRET
                                    + "\",\"ID\":[{}],\"Status\":[{}],\"Id\":[{}],\"JoinTokens\":7}"));
        }
        ANSWERS.put("no answer", Exchange::close);
        ANSWERS.put("cut", exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + echo(exchange));
            exchange.close();
        });
    }

    @TempDir
    Path folder;

    /** All that the client said of itself, as a proxy that means well repeats it; and what is inside of it. */
    private static String echo(Exchange exchange) {
        String body = exchange.request().bodyText();
        return SECRET + " refused: " + exchange.request().target() + " "
                + exchange.request().headers() + " " + body + " " + ENCODED;
    }

    /** Of base64 the middle: its ends depend on what is around. */
    private static boolean tells(String text) {
        return text.contains(SECRET)
                || text.contains("S3cret-of")
                || text.contains(ENCODED.substring(4, 20))
                || text.contains("Proxy-Pass-77");
    }

    private static String all(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return failure.getMessage()
                + failure
                + trace
                + (failure instanceof DockerException told ? told.engineMessage() + told.hint() : "");
    }

    @Test
    void noFailureTellsASecret() throws IOException {
        List<String> logged = new ArrayList<>();
        Handler log = new Handler() {
            @Override
            public void publish(LogRecord record) {
                synchronized (logged) {
                    logged.add(String.valueOf(record.getMessage()) + record.getThrown());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger ours = Logger.getLogger("dev.fairlead");
        ours.addHandler(log);
        ours.setLevel(Level.ALL);
        List<String> wrong = new ArrayList<>();
        int failed = 0;
        for (Map.Entry<String, FakeEngine.Handler> answer : ANSWERS.entrySet()) {
            try (FakeEngine engine =
                            FakeEngine.unix(folder.resolve("docker.sock")).apiVersion("1.51");
                    DockerClient docker = client(engine)) {
                for (String method : List.of("GET", "POST", "PUT")) {
                    engine.on(method, "/**", answer.getValue());
                }
                engine.on("HEAD", "/_ping", exchange -> exchange.answer(200, ""));
                for (Map.Entry<String, Function<DockerClient, Publisher<?>>> call : CALLS.entrySet()) {
                    Throwable failure = Flux.from(call.getValue().apply(docker))
                            .then(Mono.<Throwable>empty())
                            .onErrorResume(Mono::just)
                            .block(LIMIT);
                    if (failure == null) {
                        continue;
                    }
                    failed++;
                    // What the Engine tells of its own is its own; but what was sent, or is called a secret, is not
                    // shown.
                    if (tells(all(failure)) && isSentOrNamed(call.getKey(), answer.getKey())) {
                        wrong.add(call.getKey() + ", " + answer.getKey() + ": " + failure.getMessage());
                    }
                }
                assertThat(tells(docker.toString())).isFalse();
            }
        }
        ours.removeHandler(log);
        assertThat(wrong).isEmpty();
        assertThat(failed).isGreaterThan(300);
        synchronized (logged) {
            assertThat(logged).noneMatch(SecretsTest::tells);
        }
    }

    /** A call that sends no secret has none repeated. */
    private static boolean isSentOrNamed(String call, String answer) {
        boolean sends = !List.of("unlock key", "join tokens", "call", "build from", "import")
                .contains(call);
        return sends || answer.startsWith("half") || answer.startsWith("wrong");
    }

    private static DockerClient client(FakeEngine engine) {
        return DockerClient.create(config -> config.host(engine.host())
                .header("X-Proxy-Token", "Proxy-Pass-77")
                .credentials(RegistryCredentials.basic("registry.test", "me", SECRET)));
    }

    private static String json(Object value) {
        return new String(dev.fairlead.core.json.Json.write(value), java.nio.charset.StandardCharsets.UTF_8);
    }
}
