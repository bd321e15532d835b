package dev.fairlead.core.auth;

import dev.fairlead.model.ImageRef;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that a registry goes by: its host, with its port where it has one, and the key that credentials for it are
 * kept under, which is the host too except for Docker Hub.
 */
public final class RegistryAddress {
    /** Docker Hub's host, as the names of images have it. */
    public static final String HUB = "docker.io";

    /** What credentials for Docker Hub are kept under, and what the Engine knows them by. */
    public static final String HUB_KEY = "https://index.docker.io/v1/";

    private static final Set<String> HUB_HOSTS = Set.of(HUB, "index.docker.io");

    private RegistryAddress() {}

    /**
     * What {@code docker} keeps the credentials of a registry under.
     *
     * @param host the registry's host
     * @return the key
     */
    public static String keyOf(String host) {
        return host.equals(HUB) ? HUB_KEY : host;
    }

    /**
     * The host that an address names: {@code https://registry.example.com:5000/v2/} is
     * {@code registry.example.com:5000}. All names of Docker Hub are {@link #HUB}.
     *
     * @param address a host, or a URL of one, or a key
     * @return the host
     */
    public static String hostOf(String address) {
        String host = bareHostOf(address);
        return HUB_HOSTS.contains(host.toLowerCase(Locale.ROOT)) ? HUB : host;
    }

    /** Without a scheme, a user and a path; what is no URL is its own host up to the first slash. */
    private static String bareHostOf(String address) {
        int scheme = address.indexOf("://");
        String rest = scheme < 0 ? address : address.substring(scheme + 3);
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        return authority.substring(authority.lastIndexOf('@') + 1);
    }

    /**
     * The registry that an image or a plugin belongs to by its name.
     *
     * @param name the name
     * @return the registry's host, or null if it is no such name: that is the Engine's to say
     */
    public static @Nullable String ofName(String name) {
        try {
            return ImageRef.parse(name).domain();
        } catch (IllegalArgumentException noName) {
            return null;
        }
    }

    /**
     * The registry that is searched for a term: the one before its first slash, if that can be one, else Docker Hub.
     *
     * @param term what is searched for
     * @return the registry's host
     */
    public static String ofSearch(String term) {
        int slash = term.indexOf('/');
        String first = slash < 0 ? "" : term.substring(0, slash);
        boolean registry = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
        return registry ? hostOf(first) : HUB;
    }
}
