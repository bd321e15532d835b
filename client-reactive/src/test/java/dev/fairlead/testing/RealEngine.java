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
    private int ports = 5100;

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

    private static RealEngine start(String version, String... more) {
        Path folder = newFolder();
        // Ahead of the start: a JVM that ends during it leaves no Engine behind.
        Thread stop = new Thread(() -> tool(STOP, "stop", folder.toString()), "stop-engine");
        Runtime.getRuntime().addShutdownHook(stop);
        List<String> arguments = new ArrayList<>(List.of("start", version, folder.toString()));
        arguments.addAll(List.of(more));
        String host = tool(START, arguments.toArray(String[]::new));
        if (!host.startsWith("unix:///")) {
            throw new AssertionError("engine start printed no address but: " + host);
        }
        return new RealEngine(version, host, folder);
    }

    /** One more with these options of {@code tools/engine start}, for its caller to close. */
    public static RealEngine another(String... options) {
        return start(System.getProperty("fairlead.engine", "28.5"), options);
    }

    /** One of this version, which has to be one that {@code tools/engine} knows, for its caller to close. */
    public static RealEngine ofVersion(String version) {
        return start(version, new String[0]);
    }

    /** As {@link #another}; its containers go on while its dockerd is killed or started again, and the next one takes them up. */
    public static RealEngine withLiveRestore() {
        return another("--", "--live-restore");
    }

    /** As {@link #another}, and it speaks TLS on this port of 127.0.0.1 as well, and asks for a client's certificate there. */
    public static RealEngine overTls(int port, Certificates certificates) {
        return another("--tls", String.valueOf(port), certificates.folder().toString());
    }

    /** As {@link #another}, and it speaks in clear on this port of 127.0.0.1 as well. */
    public static RealEngine overTcp(int port) {
        return another("--tcp", String.valueOf(port));
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

    /** What the docker command prints that is run against it. */
    public String cli(String... arguments) {
        List<String> all = new ArrayList<>(List.of("docker", host));
        all.addAll(List.of(arguments));
        return tool(STOP, all.toArray(String[]::new));
    }

    /** The folder of today's docker command with its buildx, which {@code tools/engine} brings. */
    public static Path dockerCommand() {
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
        tool(START, "restart", folder().toString());
    }

    /** Kills its dockerd with SIGKILL, and only that: what it runs goes on. {@link #restart()} starts it again. */
    public void kill() throws IOException {
        tool(STOP, "kill", folder().toString());
    }

    /** The address, as images are named by it, of a registry that this Engine alone reaches, and that ends with it; started once. */
    public synchronized String registry() throws IOException {
        if (registry == null) {
            registry = tool(START, "registry", folder().toString());
        }
        return registry;
    }

    /** As {@link #registry()}, a further one that demands these credentials. */
    public synchronized String registry(String user, String password) throws IOException {
        return tool(START, "registry", folder().toString(), Integer.toString(port()), user, password);
    }

    /** A port of its network that nothing listens on. */
    public synchronized int port() {
        return ports++;
    }

    /**
     * Runs a main class of the tests in its network, and returns when that has printed its first line. It ends when its output is
     * closed, with this JVM or with the Engine.
     */
    public Process run(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Repository.root().resolve("tools/engine/engine").toString(),
                "exec",
                folder().toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of(main.getProtectionDomain().getCodeSource().getLocation().getPath())
                        .toString(),
                main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.getInputStream().read() < 0) {
            throw new AssertionError(String.join(" ", command) + " ended and said nothing");
        }
        return process;
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
