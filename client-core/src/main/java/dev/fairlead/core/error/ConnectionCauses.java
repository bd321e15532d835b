package dev.fairlead.core.error;

import dev.fairlead.core.host.DockerHost;
import java.io.FileNotFoundException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Finds out why a connection failed. The JDK, epoll and kqueue say the same in different words. */
final class ConnectionCauses {
    private static final String CONNECT = "connect";
    // A chain of causes may be a ring.
    private static final int DEEPEST = 16;

    private ConnectionCauses() {}

    static ConnectionFailed explain(DockerHost host, Throwable cause) {
        ConnectionFailed known = known(host, cause);
        if (known != null) {
            return known;
        }
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new ConnectionFailed(
                CONNECT,
                host.toString(),
                "no connection to " + host + ": " + reason,
                null,
                cause,
                true,
                isBroken(cause));
    }

    private static @Nullable ConnectionFailed known(DockerHost host, Throwable cause) {
        int depth = 0;
        for (Throwable link = cause; link != null && depth < DEEPEST; link = link.getCause(), depth++) {
            String text = link.getMessage() == null ? "" : link.getMessage().toLowerCase(Locale.ROOT);
            if (text.contains("too many open files") || text.contains("emfile")) {
                return failed(
                        host,
                        cause,
                        "no connection to " + host + ": this process has too many open files",
                        "each stream has a connection of its own; raise the limit with ulimit -n");
            }
            if (link instanceof AccessDeniedException
                    || text.contains("permission denied")
                    || text.contains("eacces")) {
                return failed(
                        host,
                        cause,
                        "not allowed to open " + host,
                        "is this user in the docker group? a rootless Engine has its socket in $XDG_RUNTIME_DIR");
            }
            if (link instanceof NoSuchFileException
                    || link instanceof FileNotFoundException
                    || text.contains("no such file")
                    || text.contains("enoent")) {
                return passing(host, cause, "there is no socket at " + host, "is the Engine running?");
            }
            if (link instanceof UnknownHostException || link instanceof UnresolvedAddressException) {
                return failed(host, cause, "the name in " + host + " is not known", "is it spelled right?");
            }
            if (text.contains("refused")) {
                return passing(host, cause, host + " refused the connection", "is the Engine running?");
            }
            if (link instanceof SocketTimeoutException
                    || text.contains("timed out")
                    || text.contains("timeout")
                    || link.getClass().getSimpleName().contains("Timeout")) {
                return passing(
                        host,
                        cause,
                        host + " did not answer in time",
                        "is the address right, and no firewall between?");
            }
            if (text.contains("not an ssl/tls record")
                    || text.contains("unsupported or unrecognized ssl message")
                    || text.contains("plaintext connection?")) {
                return failed(host, cause, host + " speaks in clear, and was spoken to in TLS", "use a tcp:// address");
            }
            if (link instanceof SSLException) {
                return failed(
                        host,
                        cause,
                        "no TLS connection to " + host + ": " + link.getMessage(),
                        "do the certificates belong to this Engine?");
            }
            if (text.contains("path too long")
                    || text.contains("file name too long")
                    || text.contains("path is too long")) {
                return failed(
                        host,
                        cause,
                        "the path of " + host + " is too long for a socket",
                        "use one of at most 100 bytes");
            }
        }
        return null;
    }

    private static ConnectionFailed failed(DockerHost host, Throwable cause, String sentence, String hint) {
        return new ConnectionFailed(CONNECT, host.toString(), sentence, hint, cause, true, false);
    }

    private static ConnectionFailed passing(DockerHost host, Throwable cause, String sentence, String hint) {
        return new ConnectionFailed(CONNECT, host.toString(), sentence, hint, cause, true, true);
    }

    /** Whether somebody was there and is no more. */
    private static boolean isBroken(Throwable cause) {
        String text = cause.getMessage() == null ? "" : cause.getMessage().toLowerCase(Locale.ROOT);
        return text.contains("reset") || text.contains("broken pipe") || text.contains("closed");
    }
}
