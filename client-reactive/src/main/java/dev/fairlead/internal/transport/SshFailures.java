package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The sentences for the ways in which {@code ssh} fails, told from its own words. */
final class SshFailures {

    /** What ssh or the program over there says, in lower case, and what it comes to; the first that fits counts. */
    private record Known(
            String words, String sentence, @Nullable String hint) {}

    private static final List<Known> KNOWN = List.of(
            new Known(
                    "remote host identification has changed",
                    "its host key is not the one that is known of it",
                    "somebody may be in between; if the machine is a new one, forget the old key with ssh-keygen -R"),
            new Known(
                    "host key verification failed",
                    "its host key is not known",
                    "log in with ssh once and compare the key, or put it into known_hosts"),
            new Known(
                    "too many authentication failures",
                    "it refused after too many keys",
                    "name the right one with IdentityFile, and set IdentitiesOnly"),
            new Known(
                    "permission denied (",
                    "it lets this user in by none of the keys",
                    "is the key in the agent, see ssh-add -l, or named by ssh's configuration? passwords are not asked for"),
            new Known("could not resolve hostname", "its name is not known", "is it spelled right?"),
            new Known("bad configuration option", "ssh does not take its settings", null),
            new Known("bad owner or permissions", "ssh does not take its settings", null),
            new Known("connection refused", "it refused the connection", "does sshd run there, and at this port?"),
            new Known("timed out", "it did not answer in time", "is the address right, and no firewall between?"),
            new Known("no route to host", "no way leads to it", "is the address right?"),
            new Known("network is unreachable", "no way leads to it", "is the address right?"),
            new Known("no matching", "it and this ssh have no algorithm in common", null),
            new Known(
                    "kex_exchange_identification",
                    "it closed the connection before the login",
                    "is that sshd's port? it also does so when too many log in at once"));

    /** Likewise, of what ran over there. */
    private static final List<Known> KNOWN_THERE = List.of(
            new Known(
                    "permission denied",
                    "the user there may not open the Engine's socket",
                    "is the user in the docker group there?"),
            new Known("cannot connect to the docker daemon", "there is no Engine there", "is it running?"),
            new Known("no such file or directory", "there is no Engine there", "is it running?"),
            new Known("connection refused", "there is no Engine there", "is it running?"),
            new Known(
                    "is not a docker command",
                    "the docker command there is too old",
                    "18.09 is the first that will do"));

    /** How ssh says that it failed itself. */
    private static final int OWN = 255;

    private static final int NOT_FOUND = 127;

    private SshFailures() {}

    /** A login that came to nothing. */
    static ConnectionFailed login(DockerHost.Ssh host, int status, String words) {
        return told(KNOWN, host, "no login at " + host, status, words);
    }

    /** A program over there that came to nothing. */
    static ConnectionFailed dialStdio(DockerHost.Ssh host, int status, String words) {
        if (status == NOT_FOUND) {
            return new ConnectionFailed(
                    "connect",
                    host.toString(),
                    "no connection through " + host + ": there is no docker command there" + said(words),
                    "install one there, or have sshd allow AllowStreamLocalForwarding",
                    null);
        }
        return status == OWN
                ? told(KNOWN, host, "no login at " + host, status, words)
                : told(KNOWN_THERE, host, "no connection through " + host, status, words);
    }

    private static ConnectionFailed told(
            List<Known> table, DockerHost.Ssh host, String begin, int status, String words) {
        String lower = words.toLowerCase(Locale.ROOT);
        for (Known known : table) {
            if (lower.contains(known.words())) {
                return new ConnectionFailed(
                        "connect", host.toString(), begin + ": " + known.sentence() + said(words), known.hint(), null);
            }
        }
        return new ConnectionFailed(
                "connect", host.toString(), begin + ": ssh ended with status " + status + said(words), null, null);
    }

    /** A login that was there and no longer is. */
    static ConnectionFailed lost(DockerHost.Ssh host, String words) {
        return new ConnectionFailed(
                "connect",
                host.toString(),
                "the login at " + host + " has ended" + said(words),
                "whether what was asked last was done is not known; the next call logs in again",
                null);
    }

    /** The login is there, and leads nowhere. */
    static ConnectionFailed noSocket(DockerHost.Ssh host, String socket, String words) {
        return new ConnectionFailed(
                "connect",
                host.toString(),
                "no connection to " + socket + " through the login at " + host + said(words),
                "does the Engine run there, may this user open its socket, and does sshd allow AllowStreamLocalForwarding?",
                null);
    }

    /** As the last resort failed too, after forwarding had. */
    static ConnectionFailed neither(DockerHost.Ssh host, ConnectionFailed forwarding, ConnectionFailed last) {
        // Every failure has a message, which begins with the operation and a colon.
        String message = String.valueOf(last.getMessage());
        ConnectionFailed both = new ConnectionFailed(
                last.operation(),
                host.toString(),
                message.substring(last.operation().length() + 2),
                "before that: " + forwarding.getMessage(),
                last);
        both.addSuppressed(forwarding);
        return both;
    }

    static ConnectionFailed tooSlow(DockerHost.Ssh host, Duration limit, String words) {
        return new ConnectionFailed(
                "connect",
                host.toString(),
                "no login at " + host + " within " + limit.toMillis() + " ms" + said(words),
                "loginTimeout of the configuration's ssh may be raised",
                null);
    }

    private static String said(String words) {
        return words.isEmpty() ? "" : "; ssh says: " + words;
    }
}
