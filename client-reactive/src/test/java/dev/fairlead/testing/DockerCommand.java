package dev.fairlead.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Today's {@code docker build}, with BuildKit as it is by default. */
public final class DockerCommand {

    private static final long LIMIT_SECONDS = 120;

    private final Path program;
    private final String host;
    private final Path configuration;
    private final Path dockerfile;
    private final Path output;

    /** Keeps its settings in that folder. */
    public DockerCommand(RealEngine engine, Path folder) throws IOException {
        Path installed = RealEngine.dockerCommand();
        this.program = installed.resolve("usr/bin/docker");
        this.host = engine.host();
        this.configuration = Files.createDirectory(folder.resolve("docker-command"));
        this.dockerfile = Files.writeString(configuration.resolve("All"), "FROM scratch\nCOPY . /\n");
        this.output = configuration.resolve("output.tar");
        Files.writeString(
                configuration.resolve("config.json"),
                "{\"cliPluginsExtraDirs\":[\"" + installed.resolve("usr/libexec/docker/cli-plugins") + "\"]}");
    }

    /** What of a folder takes part in a build, as a tar; empty if the ignore file can't be understood. */
    public byte[] context(Path folder) throws IOException {
        Files.deleteIfExists(output);
        ProcessBuilder build = new ProcessBuilder(
                        program.toString(),
                        "build",
                        "--quiet",
                        "--file",
                        dockerfile.toString(),
                        "--output",
                        "type=tar,dest=" + output,
                        folder.toString())
                .redirectErrorStream(true);
        Map<String, String> environment = build.environment();
        environment.keySet().removeAll(List.of("DOCKER_CONTEXT", "DOCKER_BUILDKIT", "BUILDX_BUILDER"));
        environment.put("DOCKER_HOST", host);
        environment.put("DOCKER_CONFIG", configuration.toString());
        Path log = configuration.resolve("log");
        Process process = build.redirectOutput(log.toFile()).start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("docker build takes more than " + LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            throw new AssertionError(interrupted);
        }
        String said = Files.readString(log);
        if (process.exitValue() == 0) {
            return Files.readAllBytes(output);
        }
        if (said.contains("syntax error in pattern") || said.contains("illegal exclusion pattern")) {
            return new byte[0];
        }
        throw new AssertionError("docker build: " + said);
    }
}
