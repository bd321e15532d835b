package dev.fairlead.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says of a process's memory, in KiB; 0 on other systems. */
final class ProcessMemory {

    private ProcessMemory() {}

    /** The most it ever held. */
    static long peak(String process) throws IOException {
        return of(process, "VmHWM:");
    }

    /** What it holds. */
    static long now(String process) throws IOException {
        return of(process, "VmRSS:");
    }

    private static long of(String process, String name) throws IOException {
        Path status = Path.of("/proc", process, "status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith(name)) {
                return Long.parseLong(
                        line.substring(name.length()).replace("kB", "").strip());
            }
        }
        return 0;
    }
}
