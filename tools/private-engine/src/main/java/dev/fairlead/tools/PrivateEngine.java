package dev.fairlead.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The newest Engine, of a test's own, which {@code tools/engine} starts. */
public final class PrivateEngine implements AutoCloseable {

    /** With a first download of the Engine. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** Short, because the path of a Unix socket has 107 bytes at most. */
    private final String folder =
            "/tmp/fairlead-s-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());

    private final String host;

    /** Starts it; returns when it answers. */
    public PrivateEngine() {
        // Ahead of the start: a JVM that ends during it leaves no Engine behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-engine"));
        host = tool("start", "28.5", folder);
    }

    /** What DOCKER_HOST has to say to reach it. */
    public String host() {
        return host;
    }

    /** Starts a registry that it alone reaches, and that ends with it; its address as images are named by it. */
    public String registry() {
        return tool("registry", folder);
    }

    /** The folder of today's docker command with its buildx. */
    public static Path dockerCommand() {
        return Path.of(tool("cli"));
    }

    /** Ends its dockerd as a machine's restart would, and starts it again on the same data. */
    public void restart() {
        tool("restart", folder);
    }

    /** Kills its dockerd with SIGKILL; {@link #restart()} starts it again. */
    public void kill() {
        tool("kill", folder);
    }

    /** Stops it. */
    @Override
    public void close() {
        tool("stop", folder);
    }

    private static String tool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of("..", "tools", "engine", "engine").toAbsolutePath().toString()));
        command.addAll(Arrays.asList(arguments));
        try {
            // Files and no pipes: an Engine inherits them and would hold a pipe open.
            Path output = Files.createTempFile("engine", ".out");
            Path errors = Files.createTempFile("engine", ".err");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
                if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
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
