package dev.fairlead.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An Engine that runs containers, shared by all tests of a JVM. System properties choose it: {@code
 * fairlead.engine.host} says where one is already, otherwise {@code fairlead.engine} says which version {@code
 * tools/engine} starts (20.10, 26.1 or 28.5; 28.5 unless told).
 */
public final class RealEngine implements AutoCloseable {

    /** With a first download of the Engine. */
    private static final Duration START = Duration.ofMinutes(10);

    private static final Duration STOP = Duration.ofMinutes(1);

    private final String version;
    private final String host;
    private final @Nullable Path folder;
    private @Nullable String registry;

    private RealEngine(String version, String host, @Nullable Path folder) {
        this.version = version;
        this.host = host;
        this.folder = folder;
    }

    static RealEngine start() {
        String version = System.getProperty("fairlead.engine", "28.5");
        String host = System.getProperty("fairlead.engine.host");
        return host != null ? new RealEngine(version, host, null) : start(version);
    }

    private static RealEngine start(String version) {
        Path folder = newFolder();
        // Ahead of the start: a JVM that ends during it leaves no Engine behind.
        Thread stop = new Thread(() -> tool(STOP, "stop", folder.toString()), "stop-engine");
        Runtime.getRuntime().addShutdownHook(stop);
        String host = tool(START, "start", version, folder.toString());
        if (!host.startsWith("unix:///")) {
            throw new AssertionError("engine start printed no address but: " + host);
        }
        return new RealEngine(version, host, folder);
    }

    /** One more Engine of the version that the tests run on, for its caller to close. */
    public static RealEngine another() {
        return start(System.getProperty("fairlead.engine", "28.5"));
    }

    /** Joins the networks of these Engines; the address of each that the others reach it at. */
    public static List<String> link(List<RealEngine> engines) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("link"));
        for (RealEngine engine : engines) {
            arguments.add(engine.folder().toString());
        }
        return tool(STOP, arguments.toArray(String[]::new))
                .lines()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    /** The folder of today's docker command with its buildx, which {@code tools/engine} brings. */
    static Path dockerCommand() {
        return Path.of(tool(START, "cli"));
    }

    /** What DOCKER_HOST has to say to reach it. */
    public String host() {
        return host;
    }

    /** The version that was asked for, as {@code 20.10}. */
    public String version() {
        return version;
    }

    /** The folder of an Engine that was started here: {@code tools/engine} kills and restarts it by that. */
    public Path folder() throws IOException {
        if (folder == null) {
            throw new IOException("this Engine was not started by the tests: " + host);
        }
        return folder;
    }

    /** Ends its dockerd as a machine's restart would, and starts it again on the same data; returns when it answers. */
    public void restart() throws IOException {
        tool(STOP, "restart", folder().toString());
    }

    /** The address, as images are named by it, of a registry that this Engine alone reaches, and that ends with it; started once. */
    public synchronized String registry() throws IOException {
        if (registry == null) {
            registry = tool(START, "registry", folder().toString());
        }
        return registry;
    }

    /** Stops it, if it was started here. */
    @Override
    public void close() {
        if (folder != null) {
            tool(STOP, "stop", folder.toString());
        }
    }

    /**
     * Runs {@code tools/engine}; what it prints, without the line's end. A failure has all its output.
     *
     * @throws AssertionError when it fails, or takes longer than the limit
     */
    static String tool(Duration limit, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Repository.root().resolve("tools/engine/engine").toString());
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
                boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
                if (!ended) {
                    process.destroy();
                }
                if (!ended || process.exitValue() != 0) {
                    String how = ended ? "failed with exit status " + process.exitValue() : "took more than " + limit;
                    throw new AssertionError(String.join(" ", command) + " " + how + ":\n" + Files.readString(errors)
                            + Files.readString(output));
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

    /** Short, because the path of a Unix socket has 107 bytes at most; not there yet, because the tool makes it. */
    private static Path newFolder() {
        return Path.of("/tmp", "fairlead-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()));
    }
}
