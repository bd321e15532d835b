package dev.fairlead.core.host;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the text of a host. By hand, because java.net.URI refuses names that Docker accepts, such as my_host. */
final class HostParser {
    private static final int CLEAR_PORT = 2375;
    private static final int SECURE_PORT = 2376;

    private final String text;
    private final boolean tls;

    /** With TLS, an address that says neither speaks it. */
    HostParser(String text, boolean tls) {
        this.text = text;
        this.tls = tls;
    }

    DockerHost parse() {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) == 0x7F) {
                throw wrong("it has a blank or a control character in it");
            }
        }
        if (text.isEmpty()) {
            throw wrong("it is empty");
        }
        if (text.startsWith("/")) {
            return unix(text);
        }
        int colon = text.indexOf("://");
        if (colon < 0) {
            if (text.matches("[^/]+:\\d+(/.*)?")) {
                return tcp(text, tls);
            }
            throw wrong("it has no scheme such as unix:// or tcp://");
        }
        String rest = text.substring(colon + 3);
        return switch (text.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "unix" -> unix(rest);
            case "tcp", "http" -> tcp(rest, tls);
            case "https" -> tcp(rest, true);
            case "ssh" -> ssh(rest);
            case "npipe" -> npipe(rest);
            default -> throw wrong("its scheme is none of unix, tcp, http, https, ssh and npipe");
        };
    }

    private DockerHost unix(String path) {
        if (path.startsWith("@")) {
            if (path.length() == 1) {
                throw wrong("it names no socket");
            }
            return new DockerHost.AbstractUnix(path.substring(1));
        }
        if (path.isEmpty() || path.equals("/")) {
            throw wrong("it names no socket");
        }
        if (!path.startsWith("/")) {
            throw wrong("the path of the socket does not begin with a slash");
        }
        try {
            return new DockerHost.Unix(Path.of(path));
        } catch (InvalidPathException invalid) {
            throw wrong("it is no path: " + invalid.getReason());
        }
    }

    private DockerHost tcp(String rest, boolean secure) {
        Authority authority = authority(rest);
        if (authority.user != null) {
            throw wrong("a user has no place in it");
        }
        String path = authority.path;
        if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            throw wrong("it has a query or a fragment");
        }
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        int port = authority.port != 0 ? authority.port : secure ? SECURE_PORT : CLEAR_PORT;
        return new DockerHost.Tcp(authority.host, port, path, secure);
    }

    private DockerHost ssh(String rest) {
        Authority authority = authority(rest);
        if (authority.user != null && authority.user.indexOf(':') >= 0) {
            throw wrong("a password has no place in it");
        }
        // ssh would take such a name for an option.
        if (authority.host.startsWith("-") || (authority.user != null && authority.user.startsWith("-"))) {
            throw wrong("a name in it begins with a dash");
        }
        String path = authority.path.equals("/") ? "" : authority.path;
        return new DockerHost.Ssh(authority.user, authority.host, authority.port, path);
    }

    private DockerHost npipe(String path) {
        String slashes = path.replace('\\', '/');
        if (slashes.isEmpty()) {
            throw wrong("it names no pipe");
        }
        return new DockerHost.Npipe(slashes);
    }

    private Authority authority(String rest) {
        int slash = rest.indexOf('/');
        String path = slash < 0 ? "" : rest.substring(slash);
        String names = slash < 0 ? rest : rest.substring(0, slash);
        int at = names.lastIndexOf('@');
        @Nullable String user = at < 0 ? null : names.substring(0, at);
        String hostAndPort = names.substring(at + 1);
        String host;
        String port;
        if (hostAndPort.startsWith("[")) {
            int bracket = hostAndPort.indexOf(']');
            if (bracket < 0) {
                throw wrong("a bracket is not closed");
            }
            // A URL encodes the percent sign before the zone of a link-local address.
            host = hostAndPort.substring(1, bracket).replace("%25", "%");
            String after = hostAndPort.substring(bracket + 1);
            if (!after.isEmpty() && !after.startsWith(":")) {
                throw wrong("something other than a port follows the bracket");
            }
            if (host.indexOf(':') < 0) {
                throw wrong("what is in brackets is no IPv6 address");
            }
            port = after.isEmpty() ? "" : after.substring(1);
        } else {
            int colon = hostAndPort.indexOf(':');
            if (colon != hostAndPort.lastIndexOf(':')) {
                throw wrong("an IPv6 address has to be in brackets");
            }
            host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
            port = colon < 0 ? "" : hostAndPort.substring(colon + 1);
        }
        if (host.isEmpty()) {
            throw wrong("it names no host");
        }
        if (user != null && user.isEmpty()) {
            throw wrong("it names no user before the @");
        }
        return new Authority(user, host, port(port), path);
    }

    private int port(String digits) {
        if (digits.isEmpty()) {
            return 0;
        }
        if (digits.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw wrong("its port is no number from 1 to 65535");
    }

    private IllegalArgumentException wrong(String reason) {
        // Whoever puts a password into an address does not want it in a log.
        return new IllegalArgumentException("\"" + shown() + "\" is no address of an Engine: " + reason);
    }

    /** The text without a password, wherever there may be one: before the last @, whatever is in it. */
    private String shown() {
        int at = text.lastIndexOf('@');
        int scheme = text.indexOf("://");
        int start = scheme < 0 || scheme > at ? 0 : scheme + 3;
        if (at <= start || text.startsWith("unix:")) {
            return text;
        }
        int colon = text.indexOf(':', start);
        boolean password = colon >= 0 && colon < at;
        String user = password || text.startsWith("ssh:") ? text.substring(start, password ? colon : at) : "***";
        return text.substring(0, start) + user + (password ? ":***" : "") + text.substring(at);
    }

    private record Authority(@Nullable String user, String host, int port, String path) {}
}
