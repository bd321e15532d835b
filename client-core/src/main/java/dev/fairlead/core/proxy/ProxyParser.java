package dev.fairlead.core.proxy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the text of a proxy's address. What it says of a wrong one shows no user and no password. */
final class ProxyParser {
    private final String text;

    ProxyParser(String text) {
        this.text = text;
    }

    ProxyAddress parse() {
        if (text.isEmpty()) {
            throw wrong("it is empty");
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) == 0x7F) {
                throw wrong("it has a blank or a control character in it");
            }
        }
        int colon = text.indexOf("://");
        ProxyAddress.Kind kind =
                kind(colon < 0 ? "http" : text.substring(0, colon).toLowerCase(Locale.ROOT));
        String rest = colon < 0 ? text : text.substring(colon + 3);
        int slash = rest.indexOf('/');
        if (slash >= 0 && slash < rest.length() - 1) {
            throw wrong("a path has no place in it");
        }
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        int at = authority.lastIndexOf('@');
        try {
            return address(kind, authority.substring(at + 1), at < 0 ? null : authority.substring(0, at));
        } catch (IllegalArgumentException malformed) {
            throw wrong(String.valueOf(malformed.getMessage()));
        }
    }

    private ProxyAddress.Kind kind(String scheme) {
        return switch (scheme) {
            case "http" -> ProxyAddress.Kind.HTTP;
            // Both leave it to the proxy to look names up, as they do for Docker.
            case "socks5", "socks5h" -> ProxyAddress.Kind.SOCKS5;
            case "https" ->
                throw wrong(
                        "a proxy that is itself spoken to in TLS is not supported; use its http:// port, and what is in TLS stays so");
            default -> throw wrong("its scheme is none of http and socks5");
        };
    }

    private static ProxyAddress address(ProxyAddress.Kind kind, String hostAndPort, @Nullable String userInfo) {
        int bracket = hostAndPort.startsWith("[") ? hostAndPort.indexOf(']') : -1;
        int colon = hostAndPort.indexOf(':', Math.max(bracket, 0));
        String name = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
        if (bracket < 0 && colon >= 0 && hostAndPort.indexOf(':', colon + 1) >= 0) {
            throw new IllegalArgumentException("an IPv6 address has to be in brackets");
        }
        if (bracket >= 0) {
            if (bracket != name.length() - 1) {
                throw new IllegalArgumentException("something other than a port follows the bracket");
            }
            name = name.substring(1, bracket).replace("%25", "%");
        }
        if (name.isEmpty() || name.startsWith("[")) {
            throw new IllegalArgumentException("it names no host");
        }
        String digits = colon < 0 ? "" : hostAndPort.substring(colon + 1);
        if (!digits.matches("[0-9]{0,5}") || (!digits.isEmpty() && !isPort(Integer.parseInt(digits)))) {
            throw new IllegalArgumentException("its port is no number from 1 to 65535");
        }
        return ProxyAddress.of(kind, name, digits.isEmpty() ? 0 : Integer.parseInt(digits), userInfo);
    }

    private static boolean isPort(int number) {
        return number >= 1 && number <= 65535;
    }

    private IllegalArgumentException wrong(String reason) {
        int colon = text.indexOf("://");
        int at = text.lastIndexOf('@');
        String shown = at < 0 ? text : (colon < 0 ? "" : text.substring(0, colon + 3)) + "***" + text.substring(at);
        return new IllegalArgumentException("\"" + shown + "\" is no address of a proxy: " + reason);
    }
}
