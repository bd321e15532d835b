package dev.fairlead.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Today's {@code docker} command, run in an environment of a test's own and nothing of this process's. */
public final class DockerCli {

    private static final long LIMIT_SECONDS = 60;

    private final Path program = RealEngine.dockerCommand().resolve("usr/bin/docker");
    private final Path folder;

    /** What it prints is kept in that folder while it runs. */
    public DockerCli(Path folder) {
        this.folder = folder;
    }

    /**
     * How it ended.
     *
     * @param status its exit status
     * @param output what it printed, without the line's end
     * @param errors what it complained of
     */
    public record Result(int status, String output, String errors) {}

    /** Runs it with these variables and no others. */
    public Result run(Map<String, String> variables, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        Path output = Files.createTempFile(folder, "docker", ".out");
        Path errors = Files.createTempFile(folder, "docker", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().putAll(variables);
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " takes more than " + LIMIT_SECONDS + " s");
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(output).strip(),
                    Files.readString(errors).strip());
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }
}
