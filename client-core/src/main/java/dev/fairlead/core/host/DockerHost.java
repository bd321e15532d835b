package dev.fairlead.core.host;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The address of an Engine. {@code toString} is its URL in canonical form, which {@link #parse} reads again. */
public sealed interface DockerHost {
    /**
     * Reads an address: {@code unix:///var/run/docker.sock}, the path alone, {@code unix://@name} (abstract),
     * {@code tcp://host:2375/base}, {@code http://} as {@code tcp://}, {@code https://host:2376},
     * {@code host:port} alone, {@code ssh://user@host:22}, {@code npipe:////./pipe/docker_engine}. IPv6 addresses are
     * in brackets, with a zone where they need one ({@code [fe80::1%25eth0]}). The port is 2375 where there is none, 2376 after {@code https}.
     *
     * @param text the address
     * @return the host
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    static DockerHost parse(String text) {
        return parse(text, false);
    }

    /**
     * As {@link #parse(String)}, for those who have settings of TLS.
     *
     * @param text the address
     * @param tls whether {@code tcp://}, {@code http://} and {@code host:port} alone mean TLS, and port 2376 where there is none
     * @return the host
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    static DockerHost parse(String text, boolean tls) {
        return new HostParser(text, tls).parse();
    }

    /**
     * A Unix socket in the file system.
     *
     * @param path its absolute path
     */
    record Unix(Path path) implements DockerHost {
        @Override
        public String toString() {
            return "unix://" + path;
        }
    }

    /**
     * A Unix socket in Linux's abstract namespace.
     *
     * @param name its name, without the {@code @} or NUL before it
     */
    record AbstractUnix(String name) implements DockerHost {
        @Override
        public String toString() {
            return "unix://@" + name;
        }
    }

    /**
     * A TCP port.
     *
     * @param host the name or address, an IPv6 address without brackets, its zone after a percent sign
     * @param port the port
     * @param basePath what comes before each path of the API: empty, or beginning with a slash and not ending with one
     * @param secure whether to speak TLS
     */
    record Tcp(String host, int port, String basePath, boolean secure) implements DockerHost {
        /**
         * Refuses what would break out of a line of HTTP.
         *
         * @param host the name or address
         * @param port the port
         * @param basePath what comes before each path
         * @param secure whether to speak TLS
         * @throws IllegalArgumentException if host or basePath has a blank or a control character in it
         */
        public Tcp {
            if ((host + basePath).chars().anyMatch(character -> character <= ' ' || character == 0x7F)) {
                throw new IllegalArgumentException("host or basePath has a blank or a control character in it");
            }
        }

        /**
         * A host without base path, spoken to in clear.
         *
         * @param host the name or address
         * @param port the port
         */
        public Tcp(String host, int port) {
            this(host, port, "", false);
        }

        @Override
        public String toString() {
            String name = host.indexOf(':') >= 0 ? "[" + host.replace("%", "%25") + "]" : host;
            return (secure ? "https://" : "tcp://") + name + ":" + port + basePath;
        }
    }

    /**
     * A machine to log in to, whose own {@code docker} reaches the Engine.
     *
     * @param user the user, or null for whom ssh's configuration says
     * @param host the name or address, an IPv6 address without brackets
     * @param port the port, or 0 for the one ssh's configuration says
     * @param path the path of the socket there, empty for the default
     */
    record Ssh(@Nullable String user, String host, int port, String path) implements DockerHost {
        @Override
        public String toString() {
            String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
            return "ssh://" + (user == null ? "" : user + "@") + name + (port == 0 ? "" : ":" + port) + path;
        }
    }

    /**
     * A named pipe of Windows.
     *
     * @param path its path with slashes: {@code //./pipe/docker_engine}
     */
    record Npipe(String path) implements DockerHost {
        @Override
        public String toString() {
            return "npipe://" + path;
        }
    }
}
