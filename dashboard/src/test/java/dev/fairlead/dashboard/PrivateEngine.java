package dev.fairlead.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The newest Engine, of this test's own, which {@code tools/engine} starts. */
final class PrivateEngine implements AutoCloseable {

    /** With a first download of the Engine. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** Short, because the path of a Unix socket has 107 bytes at most. */
    private final String folder =
            "/tmp/fairlead-d-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());

    private final String host;

    PrivateEngine() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-engine"));
        host = tool("start", "28.5", folder);
    }

    /** What DOCKER_HOST has to say to reach it. */
    String host() {
        return host;
    }

    /** Starts a registry that this Engine alone reaches and that ends with it; its address, as images are named by it. */
    String registry() {
        return tool("registry", folder);
    }

    @Override
    public void close() {
        tool("stop", folder);
    }

    private static String tool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of("..", "tools", "engine", "engine").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        try {
            // Files and no pipes: an Engine inherits them and would hold a pipe open.
            Path output = Files.createTempFile("engine", ".out");
            Path errors = Files.createTempFile("engine", ".err");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
                if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                    process.destroy();
                    throw new AssertionError(String.join(" ", command) + " failed:\n" + Files.readString(errors));
                }
                return Files.readString(output).strip();
            } finally {
                Files.delete(output);
                Files.delete(errors);
            }
        } catch (IOException noTool) {
            throw new AssertionError("tools/engine cannot be run: " + noTool.getMessage(), noTool);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted during " + String.join(" ", command), stopped);
        }
    }
}
