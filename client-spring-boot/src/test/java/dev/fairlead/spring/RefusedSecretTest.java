package dev.fairlead.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What an application says that does not start, its causes and Boot's own words for it. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
final class RefusedSecretTest {

    @ImportAutoConfiguration(FairleadAutoConfiguration.class)
    static class Application {}

    @ParameterizedTest
    @CsvSource({
        "fairlead.host, ssh://me:hidden@far, a password has no place in it",
        "fairlead.host, ftp://me:hidden@far, ftp://me:***@far",
        "fairlead.headers.Content-Length, hidden, Content-Length"
    })
    void isShownNowhere(String property, String value, String reason, CapturedOutput output) {
        Throwable failure = catchThrowable(() -> new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties("spring.main.banner-mode=off")
                .run("--" + property + "=" + value));
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).contains(property, reason).doesNotContain("hidden");
        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START", "The value of " + property + " is refused", reason)
                .doesNotContain("hidden");
    }
}
