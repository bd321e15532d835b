package dev.fairlead.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process on this program's own class path, which is told what to do line by line and ends with its input. */
final class WorkerProcess implements AutoCloseable {

    /** How an answer begins that is a failure. */
    static final String FAILED = "FAILED ";

    private static final int SECONDS_TO_END = 10;
    private static final ScheduledExecutorService LIMITS = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "limits");
        thread.setDaemon(true);
        return thread;
    });

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;
    private final int limitSeconds;

    private WorkerProcess(ProcessBuilder program, int limitSeconds) throws IOException {
        this.process = program.start();
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.limitSeconds = limitSeconds;
    }

    /**
     * Starts a program.
     *
     * @param home where Docker's configuration would be: nobody's, so that no credentials are looked for
     * @param limitSeconds how long each answer may take
     */
    static WorkerProcess start(Class<?> program, Path home, int limitSeconds, List<String> jvm, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("DOCKER_CONFIG", home.toString());
        return new WorkerProcess(builder, limitSeconds);
    }

    /** Fails when the process ends, says that it failed, or gives no answer in its time, after which it is ended. */
    String ask(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        return answer();
    }

    String answer() throws IOException {
        Future<?> limit = LIMITS.schedule(process::destroyForcibly, limitSeconds, TimeUnit.SECONDS);
        String line = readLine();
        if (line != null && line.startsWith(FAILED)) {
            limit.cancel(false);
            throw new IOException(line.substring(FAILED.length()));
        }
        if (!limit.cancel(false)) {
            throw new IOException("no answer within " + limitSeconds + " s");
        }
        if (line == null) {
            throw new IOException("the process ended with exit code " + exitCode());
        }
        return line;
    }

    /** Null at the end, and once the process was ended from here. */
    private @Nullable String readLine() {
        try {
            return answers.readLine();
        } catch (IOException closed) {
            return null;
        }
    }

    private String exitCode() throws IOException {
        try {
            return process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)
                    ? Integer.toString(process.exitValue())
                    : "unknown";
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() throws IOException {
        try {
            commands.close();
        } catch (IOException ended) {
            // It has ended by itself, which was told before.
        }
        if (exitCode().equals("unknown")) {
            process.destroyForcibly().onExit().join();
        }
    }
}
