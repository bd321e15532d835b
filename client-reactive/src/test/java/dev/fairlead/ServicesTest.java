package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testing.Exchange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an update keeps of a service that an Engine of later describes: no Engine of the tests has fields that the model has not. */
@Timeout(30)
final class ServicesTest {

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    /** All kinds of values, and a number that no double and no long holds. */
    private static final String NOVEL =
            "{\"Count\":12345678901234567890,\"Share\":0.1,\"List\":[1,null,true,{\"Text\":\"\\\"ü\\\"\"}],\"Empty\":{}}";

    /** In the order in which the model writes what it knows. */
    private static final String SPEC = """
            {"Mode":{"Replicated":{"Replicas":%s,"NovelMode":false}},\
            "Name":"web",\
            "TaskTemplate":{"ContainerSpec":{"Image":"busybox","NovelInside":%s},"NovelTask":[%s]},\
            "NovelSpec":%s}""";

    private OnFakeEngine fake;

    @BeforeEach
    void start() throws IOException {
        fake = new OnFakeEngine("1.51");
    }

    @AfterEach
    void stop() throws IOException {
        fake.close();
    }

    private static String spec(int replicas) {
        return SPEC.formatted(replicas, NOVEL, NOVEL, NOVEL);
    }

    private static void answerService(Exchange exchange) throws IOException {
        exchange.answer(200, JSON, "{\"ID\":\"abc\",\"Version\":{\"Index\":7},\"Spec\":" + spec(1) + "}");
    }

    private List<String> updates() {
        return fake.engine.requests("POST", "/services/abc/update").stream()
                .map(request -> request.query("version").orElseThrow() + " " + request.bodyText())
                .toList();
    }

    @Test
    void updateWithKeepsWhatTheModelDoesNotKnow() {
        fake.engine.on("GET", "/services/web", ServicesTest::answerService);
        fake.engine.on("POST", "/services/abc/update", exchange -> exchange.answer(200, JSON, "{}"));
        OnFakeEngine.get(fake.docker
                .services()
                .updateWith("web", spec -> spec.mode(mode -> mode.replicated(replicated -> replicated.replicas(3)))));
        assertThat(updates()).containsExactly("7 " + spec(3));
    }

    @Test
    void rollbackSendsTheSpecificationAsItIs() {
        fake.engine.on("GET", "/services/web", ServicesTest::answerService);
        fake.engine.on("POST", "/services/abc/update", exchange -> exchange.answer(200, JSON, "{}"));
        OnFakeEngine.get(fake.docker.services().rollback("web"));
        assertThat(updates()).containsExactly("7 " + spec(1));
    }
}
