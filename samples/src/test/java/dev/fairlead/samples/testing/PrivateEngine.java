package dev.fairlead.samples.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An Engine of a test's own, which {@code tools/engine} starts. */
public final class PrivateEngine implements AutoCloseable {

    /** With a first download of the Engine. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Path folder;
    private final String host;

    private PrivateEngine(Path folder, String host) {
        this.folder = folder;
        this.host = host;
    }

    /** Starts the newest one. */
    public static PrivateEngine start() {
        // Short, because the path of a Unix socket has 107 bytes at most.
        Path folder = Path.of(
                "/tmp", "fairlead-s-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> tool("stop", folder.toString()), "stop-engine"));
        return new PrivateEngine(folder, tool("start", "28.5", folder.toString()));
    }

    /** What DOCKER_HOST has to say to reach it. */
    public String host() {
        return host;
    }

    /** Starts a registry that it alone reaches, and that ends with it; its address as images are named by it. */
    public String startRegistry() {
        return tool("registry", folder.toString());
    }

    /** The folder of today's docker command with its buildx. */
    public static Path dockerCommand() {
        return Path.of(tool("cli"));
    }

    /** Ends its dockerd as a machine's restart would, and starts it again on the same data. */
    public void restart() {
        tool("restart", folder.toString());
    }

    /** Kills its dockerd with SIGKILL; {@link #restart()} starts it again. */
    public void kill() {
        tool("kill", folder.toString());
    }

    /** Stops it. */
    @Override
    public void close() {
        tool("stop", folder.toString());
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
