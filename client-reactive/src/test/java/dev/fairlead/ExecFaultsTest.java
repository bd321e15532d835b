package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** Programs in a container, and what an Engine seldom does to them. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
final class ExecFaultsTest {

    private static final String FRAMED = "application/vnd.docker.multiplexed-stream";
    private static final Pattern MARK = Pattern.compile("FAIRLEAD_EXEC=\\w+");

    private OnFakeEngine fake;

    @BeforeEach
    void start() throws IOException {
        fake = new OnFakeEngine("1.51");
        fake.engine.on("POST", "/containers/c/exec", exchange -> exchange.answer(201, "{\"Id\":\"x\"}"));
        state("\"Running\":false,\"ExitCode\":0");
    }

    @AfterEach
    void stop() throws Exception {
        fake.docker.close();
        fake.engine.awaitOpenConnections(0, OnFakeEngine.LIMIT);
        fake.close();
    }

    private void state(String members) {
        fake.engine.on("GET", "/exec/x/json", exchange -> exchange.answer(200, "{" + members + "}"));
    }

    private List<String> marks() {
        return fake.engine.requests("POST", "/containers/c/exec").stream()
                .flatMap(request -> MARK.matcher(request.bodyText()).results().map(MatchResult::group))
                .toList();
    }

    @Test
    void eachSubscriptionMarksItsOwnProgram() {
        fake.engine.on(
                "POST", "/exec/x/start", exchange -> exchange.hijack(FRAMED).close());
        Mono<ExecSession> open = fake.docker.execs().open("c", "true");
        OnFakeEngine.get(open).close();
        OnFakeEngine.get(open).close();
        Mono<ExecResult> run =
                fake.docker.execs().run("c", exec -> exec.cmd("true").killOnCancel(true));
        OnFakeEngine.get(run);
        OnFakeEngine.get(run);
        assertThat(marks()).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void whatCanBeNoContainerIsRefusedBeforeAnybodySubscribes() {
        assertThatThrownBy(() -> fake.docker.execs().open(" ", "true")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        fake.docker.execs().run(" ", exec -> exec.cmd("true").killOnCancel(true)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fake.engine.requests()).isEmpty();
    }
}
