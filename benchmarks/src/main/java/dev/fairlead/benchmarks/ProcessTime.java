package dev.fairlead.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The processor time that this process has had, as Linux counts it; none on other systems.
 *
 * @param user in its own code, in ticks
 * @param kernel in system calls, in ticks
 */
record ProcessTime(long user, long kernel) {

    static ProcessTime now() throws IOException {
        Path file = Path.of("/proc/self/stat");
        if (!Files.exists(file)) {
            return new ProcessTime(0, 0);
        }
        String all = Files.readString(file);
        // After the name of the program, which may have blanks in it.
        String[] fields = all.substring(all.lastIndexOf(')') + 2).split(" ", -1);
        return new ProcessTime(Long.parseLong(fields[11]), Long.parseLong(fields[12]));
    }

    /** How much of the time since then was the kernel's, in percent; 0 where there was none. */
    double kernelPercentSince(ProcessTime earlier) {
        long inKernel = kernel - earlier.kernel;
        long all = inKernel + user - earlier.user;
        return all == 0 ? 0 : 100.0 * inKernel / all;
    }
}
