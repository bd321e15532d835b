package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The lines that {@code ssh} is called by. What could be taken for an option, or for a command of a shell, is in none of them. */
final class SshCommand {

    private static final String DEFAULT_SOCKET = "/var/run/docker.sock";

    /** What ssh and the shells of its ProxyCommand give a meaning to; no name has it. */
    private static final String MEANINGFUL = "'\"`$\\;&<>|(){}/@";

    /** A path that ssh's -L takes as it is: it knows escapes, tokens and variables. */
    private static final Pattern PLAIN_PATH = Pattern.compile("/[A-Za-z0-9._/@+,=-]+");

    private final DockerHost.Ssh host;
    private final SshAccess access;

    /**
     * Starts nothing.
     *
     * @throws IllegalArgumentException if the host, its user or its path are not to be given to ssh
     */
    SshCommand(DockerHost.Ssh host, SshAccess access) {
        this.host = host;
        this.access = access;
        name("the name", host.host());
        String user = host.user();
        if (user != null) {
            name("the user", user);
        }
        if (host.path().chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("host: the path in it has a control character");
        }
    }

    private static void name(String what, String name) {
        if (name.isEmpty() || name.startsWith("-")) {
            throw new IllegalArgumentException("host: " + what + " in it is empty or begins with a dash");
        }
        if (name.chars()
                .anyMatch(letter -> Character.isISOControl(letter)
                        || Character.isWhitespace(letter)
                        || MEANINGFUL.indexOf(letter) >= 0)) {
            throw new IllegalArgumentException(
                    "host: " + what + " in it has a blank, a control character or one of " + MEANINGFUL);
        }
    }

    DockerHost.Ssh host() {
        return host;
    }

    /** The socket over there that a forwarding leads to. */
    String remoteSocket() {
        return host.path().isEmpty() ? DEFAULT_SOCKET : host.path();
    }

    /** Whether ssh takes both paths for what they are. */
    boolean canForward(Path local) {
        return PLAIN_PATH.matcher(local.toString()).matches()
                && PLAIN_PATH.matcher(remoteSocket()).matches();
    }

    /** The line that logs in, runs nothing there, and leads from the local socket to the remote one. */
    List<String> forward(Path local) {
        List<String> line = begin();
        // A connection that ssh shares would keep the forwarding when the process that asked for it has ended.
        line.addAll(List.of("-o", "ControlMaster=no", "-o", "ControlPath=none"));
        line.addAll(List.of("-o", "ExitOnForwardFailure=yes", "-o", "StreamLocalBindUnlink=yes"));
        line.addAll(List.of("-N", "-L", local + ":" + remoteSocket()));
        return end(line);
    }

    /** The line whose input and output are a connection to the Engine. */
    List<String> dialStdio() {
        List<String> line = end(begin());
        // ssh joins what it gets, and a shell over there takes it apart again.
        line.add(
                host.path().isEmpty()
                        ? "docker system dial-stdio"
                        : "docker --host " + quoted("unix://" + host.path()) + " system dial-stdio");
        return line;
    }

    private List<String> begin() {
        List<String> line = new ArrayList<>();
        line.add(access.settings().command());
        line.addAll(access.settings().arguments());
        long seconds = Math.max(1, access.settings().loginTimeout().toSeconds());
        line.addAll(List.of("-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=" + Math.min(seconds, 86_400)));
        return line;
    }

    private List<String> end(List<String> line) {
        @Nullable String user = host.user();
        if (user != null) {
            line.addAll(List.of("-l", user));
        }
        if (host.port() != 0) {
            line.addAll(List.of("-p", String.valueOf(host.port())));
        }
        line.addAll(List.of("--", host.host()));
        return line;
    }

    /** One word for a POSIX shell. */
    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9._/:@+,=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /**
     * Starts one of the lines, in the client's environment. Blocks for the time that takes.
     *
     * @throws ConnectionFailed if the program is not there or can't be started
     */
    Process start(List<String> line) {
        List<String> found = new ArrayList<>(line);
        found.set(0, program());
        ProcessBuilder builder = new ProcessBuilder(found);
        Map<String, String> variables = builder.environment();
        variables.clear();
        variables.putAll(access.environment().variables());
        try {
            return builder.start();
        } catch (IOException refused) {
            throw new ConnectionFailed(
                    "connect",
                    host.toString(),
                    found.get(0) + " can't be started: " + refused.getMessage(),
                    null,
                    refused);
        }
    }

    private String program() {
        String command = access.settings().command();
        if (command.indexOf('/') >= 0 || command.indexOf('\\') >= 0) {
            return command;
        }
        Path found = access.environment().program(command);
        if (found == null) {
            throw new ConnectionFailed(
                    "connect",
                    host.toString(),
                    command + " is in no folder of PATH",
                    "install OpenSSH's client, or name another program in the configuration's ssh",
                    null);
        }
        return found.toString();
    }
}
