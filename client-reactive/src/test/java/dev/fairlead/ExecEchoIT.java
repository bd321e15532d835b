package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is many times as large as the memory goes through an exec whole, in both directions at once. */
final class ExecEchoIT extends EngineTest {

    ExecEchoIT(RealEngine engine) {
        super(engine);
    }

    @NewestEngine
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void largeInputComesBackWithLittleMemory(boolean nativeTransport) throws IOException, InterruptedException {
        String size = Figures.inFull() ? "256" : "96";
        long start = System.nanoTime();
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:MaxDirectMemorySize=64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ExecEcho.class.getName(),
                        engine.host(),
                        idle(),
                        size,
                        String.valueOf(nativeTransport))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(child.exitValue()).isZero();
            String[] parts = printed.split(" ");
            assertThat(parts).hasSize(3);
            assertThat(parts[0]).isEqualTo("0");
            assertThat(parts[1]).hasSize(64);
            assertThat(parts[2]).isEqualTo(parts[1]);
        } finally {
            child.destroyForcibly();
        }
        Figures.add(
                engine.version(),
                size + " MiB through exec cat and back with 64 MiB of heap, "
                        + (nativeTransport ? "epoll" : "the JDK's sockets"),
                Duration.ofNanos(System.nanoTime() - start));
    }
}
