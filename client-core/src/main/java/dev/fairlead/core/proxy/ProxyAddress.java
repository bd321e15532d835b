package dev.fairlead.core.proxy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a proxy is, and who one is for it. {@code toString} is its URL without user and password. */
public final class ProxyAddress {
    private static final int LONGEST_SOCKS_NAME = 255;

    /** The language that a proxy speaks. */
    public enum Kind {
        /** HTTP in clear: a connection is asked for by {@code CONNECT}. */
        HTTP("http", 80),
        /** SOCKS 5. */
        SOCKS5("socks5", 1080);

        private final String scheme;
        private final int port;

        Kind(String scheme, int port) {
            this.scheme = scheme;
            this.port = port;
        }
    }

    private final Kind kind;
    private final String host;
    private final int port;
    private final @Nullable String user;
    private final @Nullable String password;

    private ProxyAddress(Kind kind, String host, int port, @Nullable String user, @Nullable String password) {
        this.kind = kind;
        this.host = host;
        this.port = port;
        this.user = user;
        this.password = password;
    }

    /**
     * Reads an address: {@code http://proxy:3128}, {@code http://user:password@proxy:3128}, {@code socks5://proxy:1080}, or
     * {@code proxy:3128} alone, which is HTTP. User and password may be percent-encoded. The port is 80 where there is none, 1080 with
     * {@code socks5}.
     *
     * @param text the address
     * @return the proxy
     * @throws IllegalArgumentException saying what is wrong with it, and showing nothing of user and password; also for an
     *     {@code https://} proxy, which is one that is itself spoken to in TLS
     */
    public static ProxyAddress parse(String text) {
        return new ProxyParser(text).parse();
    }

    static ProxyAddress of(Kind kind, String host, int port, @Nullable String userInfo) {
        String user = null;
        String password = null;
        if (userInfo != null) {
            int colon = userInfo.indexOf(':');
            user = decode(colon < 0 ? userInfo : userInfo.substring(0, colon));
            password = colon < 0 ? "" : decode(userInfo.substring(colon + 1));
            if (kind == Kind.HTTP && user.indexOf(':') >= 0) {
                throw new IllegalArgumentException(
                        "its user has a colon in it, which HTTP can't tell from the password");
            }
            if (kind == Kind.SOCKS5 && (isNoSocksName(user) || isNoSocksName(password))) {
                throw new IllegalArgumentException("SOCKS wants a user and a password of 1 to 255 bytes each");
            }
        }
        return new ProxyAddress(kind, host, port == 0 ? kind.port : port, user, password);
    }

    private static boolean isNoSocksName(String name) {
        return name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKS_NAME;
    }

    private static String decode(String encoded) {
        try {
            // A plus is a plus here, and not the blank that it is in a form.
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            // Its message would show what it is about.
            throw new IllegalArgumentException("its user or password has a percent sign that encodes nothing", null);
        }
    }

    /**
     * The language that it speaks.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Its name or address, an IPv6 address without brackets.
     *
     * @return the host
     */
    public String host() {
        return host;
    }

    /**
     * Its port.
     *
     * @return the port
     */
    public int port() {
        return port;
    }

    /**
     * Who one is for it. A secret.
     *
     * @return the user, or null if none was given
     */
    public @Nullable String user() {
        return user;
    }

    /**
     * What proves it. A secret.
     *
     * @return the password, or null if no user was given
     */
    public @Nullable String password() {
        return password;
    }

    /**
     * The value of the header {@code Proxy-Authorization}. A secret.
     *
     * @return the value, or null if no user was given
     */
    public @Nullable String authorization() {
        if (user == null) {
            return null;
        }
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProxyAddress that
                && kind == that.kind
                && host.equals(that.host)
                && port == that.port
                && Objects.equals(user, that.user)
                && Objects.equals(password, that.password);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, host.toLowerCase(Locale.ROOT), port);
    }

    /** Names neither user nor password. */
    @Override
    public String toString() {
        return kind.scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
