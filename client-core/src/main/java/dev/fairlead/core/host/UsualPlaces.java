package dev.fairlead.core.host;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.ConnectionFailed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Where an Engine is that nothing names. */
final class UsualPlaces {
    private static final String PIPE = "//./pipe/docker_engine";

    private final Environment environment;
    private final boolean windows;

    UsualPlaces(Environment environment, boolean windows) {
        this.environment = environment;
        this.windows = windows;
    }

    /** The pipe on Windows; elsewhere the first socket that exists: the system's, Docker Desktop's, or one without root's rights. */
    DockerHost find() {
        if (windows) {
            return new DockerHost.Npipe(PIPE);
        }
        List<Path> candidates = new ArrayList<>();
        candidates.add(Path.of("/var/run/docker.sock"));
        candidates.add(environment.home().resolve(".docker/run/docker.sock"));
        candidates.add(environment.home().resolve(".docker/desktop/docker.sock"));
        String runtime = environment.variable("XDG_RUNTIME_DIR");
        if (runtime != null) {
            candidates.add(Path.of(runtime, "docker.sock"));
        }
        for (Path candidate : candidates) {
            if (environment.fileExists().test(candidate)) {
                return new DockerHost.Unix(candidate);
            }
        }
        String tried = candidates.stream().map(Path::toString).collect(Collectors.joining(", "));
        throw new ConnectionFailed(
                HostResolver.OPERATION,
                tried,
                "there is no socket of an Engine; tried " + tried,
                "is the Engine running? else set DOCKER_HOST, or give the host in the program",
                null);
    }

    /** What {@link #find} did, for people. */
    String source() {
        return windows ? "the usual pipe" : "the first socket that exists";
    }
}
