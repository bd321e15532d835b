package dev.fairlead.core.proxy;

import dev.fairlead.core.Environment;
import dev.fairlead.core.host.DockerHost;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which proxy leads to a host, if any. Immutable. */
public final class ProxyRules {
    private static final ProxyRules NONE = new ProxyRules(null, null, "");

    private final @Nullable ProxyAddress fixed;
    private final @Nullable Environment environment;
    private final NoProxy exceptions;

    private ProxyRules(@Nullable ProxyAddress fixed, @Nullable Environment environment, String exceptions) {
        this.fixed = fixed;
        this.environment = environment;
        this.exceptions = new NoProxy(exceptions);
    }

    /**
     * No host needs one.
     *
     * @return the rules
     */
    public static ProxyRules none() {
        return NONE;
    }

    /**
     * All hosts are reached by this one, those of this machine too.
     *
     * @param proxy the proxy
     * @return the rules
     */
    public static ProxyRules always(ProxyAddress proxy) {
        return new ProxyRules(Objects.requireNonNull(proxy, "proxy"), null, "");
    }

    /**
     * What the environment says, as Docker's own clients read it: {@code HTTPS_PROXY} for hosts that are spoken to in TLS,
     * {@code HTTP_PROXY} for others, and {@code NO_PROXY} names those that need none; each in small letters too, where it is not set in
     * capitals. {@code localhost} and loopback addresses need none.
     *
     * @param environment the environment
     * @return the rules; a wrong address of a proxy shows when a host is asked for that it would lead to
     */
    public static ProxyRules ofEnvironment(Environment environment) {
        String exceptions = either(environment, "NO_PROXY");
        return new ProxyRules(null, environment, exceptions == null ? "" : exceptions);
    }

    /**
     * The proxy that leads to a host.
     *
     * @param host the host
     * @return the proxy, or null if there is none between
     * @throws IllegalArgumentException naming the variable that holds no address of a proxy; or if {@code HTTP_PROXY} would count and
     *     this is a CGI program, where whoever sends it a request sets that variable
     */
    public @Nullable ProxyAddress proxyFor(DockerHost.Tcp host) {
        if (fixed != null || environment == null) {
            return fixed;
        }
        String name = host.secure() ? "HTTPS_PROXY" : "HTTP_PROXY";
        String value = either(environment, name);
        if (value == null || exceptions.covers(host.host(), host.port())) {
            return null;
        }
        if (!host.secure() && environment.variable("REQUEST_METHOD") != null) {
            throw new IllegalArgumentException(
                    "HTTP_PROXY: REQUEST_METHOD says that this is a CGI program, and its clients could have set the proxy");
        }
        try {
            return ProxyAddress.parse(value);
        } catch (IllegalArgumentException invalid) {
            throw new IllegalArgumentException(name + ": " + invalid.getMessage(), invalid);
        }
    }

    private static @Nullable String either(Environment environment, String name) {
        String capitals = environment.variable(name);
        return capitals != null ? capitals : environment.variable(name.toLowerCase(Locale.ROOT));
    }

    /** Names the proxy without user and password, and the variables that count. */
    @Override
    public String toString() {
        return fixed != null ? fixed.toString() : environment == null ? "none" : "the environment";
    }
}
