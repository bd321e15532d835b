package dev.fairlead.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** A program of the tests in a JVM of its own, so that its memory, its threads and its files are its own too. */
public final class ChildJvm implements AutoCloseable {

    private static final Duration BETWEEN_SAMPLES = Duration.ofMillis(200);

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts {@code main} of a class of the tests' class path. */
    public static ChildJvm start(Class<?> main, List<String> options, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ChildJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The next line that it prints. */
    public String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new AssertionError(
                    "it ended with " + (process.isAlive() ? "its output closed" : process.exitValue()));
        }
        return line;
    }

    /** The figures in the next line: words like {@code name=7}. */
    public Map<String, Long> figures() throws IOException {
        Map<String, Long> figures = new TreeMap<>();
        for (String word : line().split(" ", -1)) {
            String[] parts = word.split("=", 2);
            figures.put(parts[0], Long.parseLong(parts[1]));
        }
        return figures;
    }

    /** How much memory it really uses, in KiB, sampled from now on until it ends. */
    public List<Long> residentToEnd(Duration limit) throws IOException, InterruptedException {
        List<Long> samples = new ArrayList<>();
        sampleToEnd(limit, proc -> Files.readString(proc.resolve("status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .forEach(line -> samples.add(Long.parseLong(line.replaceAll("\\D", "")))));
        return samples;
    }

    /** The files that it has open to write to, looked at from now on until it ends. */
    public Set<String> filesWrittenToEnd(Duration limit) throws IOException, InterruptedException {
        Set<String> seen = new TreeSet<>();
        sampleToEnd(limit, proc -> {
            for (String descriptor :
                    Objects.requireNonNullElse(proc.resolve("fd").toFile().list(), new String[0])) {
                // Its output and that of errors are whatever we have.
                if (Integer.parseInt(descriptor) > 2) {
                    String file = written(proc.resolve("fd").resolve(descriptor));
                    if (file.startsWith("/") && !file.startsWith("/dev/")) {
                        seen.add(file);
                    }
                }
            }
        });
        return seen;
    }

    /** What a descriptor stands for, if it is one to write to. */
    private static String written(Path descriptor) {
        try {
            return Files.getPosixFilePermissions(descriptor, LinkOption.NOFOLLOW_LINKS)
                            .contains(PosixFilePermission.OWNER_WRITE)
                    ? Files.readSymbolicLink(descriptor).toString()
                    : "";
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    /** What is looked at in a process's folder of /proc. */
    private interface Sample {
        void take(Path proc) throws IOException;
    }

    private void sampleToEnd(Duration limit, Sample sample) throws IOException, InterruptedException {
        Path proc = Path.of("/proc", String.valueOf(process.pid()));
        long end = System.nanoTime() + limit.toNanos();
        while (!process.waitFor(BETWEEN_SAMPLES.toMillis(), TimeUnit.MILLISECONDS)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it runs for longer than " + limit);
            }
            sample.take(proc);
        }
    }

    /** Waits for its end; its exit status. */
    public int exitStatus(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("it runs for longer than " + limit);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
