package dev.fairlead.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Today's {@code docker cp}, to compare with what it does on the same Engine. */
public final class CopyCommand {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final String host;
    private final Path program;

    private CopyCommand(String host, Path program) {
        this.host = host;
        this.program = program;
    }

    public static CopyCommand of(RealEngine engine) {
        return new CopyCommand(engine.host(), RealEngine.dockerCommand().resolve("usr/bin/docker"));
    }

    /** Whether it succeeded, and what it wrote. */
    public record Result(boolean success, String output) {}

    public Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("docker", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("DOCKER_HOST", host);
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " took more than " + LIMIT);
            }
            return new Result(process.exitValue() == 0, Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }
}
