package dev.fairlead.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An sshd of Debian's openssh-server on loopback, with keys of its own, that lets the tests' user in by one of them. */
public final class SshServer implements AutoCloseable {

    private final Path folder;
    private final int port;
    private final Process process;

    private SshServer(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /**
     * Starts one; it answers when this returns.
     *
     * @param folder an empty one
     * @param path what PATH is for those who log in
     * @param settings further lines of its configuration, which win
     */
    public static SshServer start(Path folder, String path, String... settings) throws IOException {
        Files.createDirectories(folder);
        // Where sshd wants to lock up what it does before somebody has logged in.
        Files.createDirectories(Path.of("/run/sshd"));
        int port = Ports.free();
        for (String key : List.of("host", "key", "other")) {
            run(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-f",
                    folder.resolve(key).toString());
        }
        Files.copy(folder.resolve("key.pub"), folder.resolve("authorized_keys"));
        knowHost(folder, port, "host.pub", "known_hosts");
        knowHost(folder, port, "other.pub", "wrong_hosts");
        Files.writeString(folder.resolve("no_hosts"), "");
        List<String> lines = new ArrayList<>(List.of(settings));
        lines.addAll(List.of(
                "Port " + port,
                "ListenAddress 127.0.0.1",
                "HostKey " + folder.resolve("host"),
                "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
                "PidFile none",
                "StrictModes no",
                "UsePAM no",
                "UseDNS no",
                "PasswordAuthentication no",
                "KbdInteractiveAuthentication no",
                "PermitRootLogin prohibit-password",
                "MaxStartups 200",
                // A home without files: what somebody's own shell reads when they log in is no part of the test.
                "SetEnv PATH=" + path + " HOME=" + folder));
        Path configuration = Files.write(folder.resolve("sshd_config"), lines);
        Files.write(
                folder.resolve("ssh_config"),
                List.of(
                        "IdentityFile " + folder.resolve("key"),
                        "IdentitiesOnly yes",
                        "UserKnownHostsFile " + folder.resolve("known_hosts"),
                        "GlobalKnownHostsFile /dev/null"));
        Process process = new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", configuration.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder all = new StringBuilder();
        String line = said.readLine();
        while (line != null && !line.contains("Server listening")) {
            all.append(line).append('\n');
            line = said.readLine();
        }
        if (line == null) {
            throw new AssertionError("sshd does not start: " + all);
        }
        Thread drain = new Thread(() -> said.lines().forEach(unused -> {}), "sshd");
        drain.setDaemon(true);
        drain.start();
        return new SshServer(folder, port, process);
    }

    private static void knowHost(Path folder, int port, String key, String file) throws IOException {
        Files.writeString(folder.resolve(file), "[127.0.0.1]:" + port + " " + Files.readString(folder.resolve(key)));
    }

    private static void run(String... command) throws IOException {
        Process started = new ProcessBuilder(command).inheritIO().start();
        try {
            if (!started.waitFor(1, TimeUnit.MINUTES) || started.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted during " + command[0], stopped);
        }
    }

    /** Its address for the tests' user, without a path. */
    public String host() {
        return "ssh://" + System.getProperty("user.name") + "@127.0.0.1:" + port;
    }

    /** A file of its folder: {@code ssh_config} fits it, {@code other} is a key of nobody, {@code wrong_hosts} and {@code no_hosts} don't know it. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    /** How many are logged in. */
    public long logins() {
        return process.children().count();
    }

    /** Kills the processes of all who are logged in, and goes on. */
    public void dropLogins() {
        List<ProcessHandle> dropped = process.descendants().toList();
        dropped.forEach(ProcessHandle::destroyForcibly);
        dropped.forEach(each -> each.onExit().orTimeout(1, TimeUnit.MINUTES).join());
    }

    @Override
    public void close() {
        dropLogins();
        process.destroyForcibly();
    }
}
