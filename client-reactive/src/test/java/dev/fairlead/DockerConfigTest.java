package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerConfigTest {

    @Test
    void namesHeadersAndKeepsTheirValuesToItself() {
        DockerConfig config =
                DockerConfig.builder().header("Authorization", "Bearer s3cret").build();
        assertThat(config.headers()).containsEntry("Authorization", "Bearer s3cret");
        assertThat(config.toString()).contains("Authorization").doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "a\r\nb", "Host", "content-length", "Transfer-Encoding", "Upgrade"})
    void refusesWhatIsNoHeaderOrTheTransportsOwn(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DockerConfig.builder().header(name, "x"))
                .withMessageContaining("name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret\r\nX: y", "s3cret\n", "s3cret\0"})
    void refusesLineBreaksInAValueAndDoesNotTellIt(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DockerConfig.builder().header("X-Token", value))
                .withMessageContaining("X-Token")
                .withMessageNotContaining("s3cret");
    }

    @Test
    void aHeaderIsOneInWhateverLetters() {
        DockerConfig config = DockerConfig.builder()
                .header("user-agent", "mine")
                .header("X-A", "1")
                .header("x-a", "2")
                .build();
        assertThat(config.headers().values()).containsExactlyInAnyOrder("mine", "2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "../x", "-x", "a b", "a\nb"})
    void refusesWhatIsNoContextsName(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DockerConfig.builder().context(name))
                .withMessageContaining("name");
    }

    @Test
    void hostAndContextAreOneTooMany() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        DockerConfig.builder().context("prod").host("tcp://h").build())
                .withMessageStartingWith("context: ");
    }

    @Test
    void refusesLimitsThatAreNone() {
        DockerConfig.Builder config = DockerConfig.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.maxConnections(0))
                .withMessageContaining("connections");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.maxStreams(0))
                .withMessageContaining("streams");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.maxPendingCalls(-1))
                .withMessageContaining("calls");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.connectTimeout(Duration.ZERO))
                .withMessageContaining("timeout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.responseTimeout(Duration.ofSeconds(-1)))
                .withMessageContaining("timeout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.host("gopher://x"))
                .withMessageContaining("gopher");
    }
}
