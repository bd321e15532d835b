package dev.fairlead.core.auth;

import dev.fairlead.core.json.Json;
import dev.fairlead.model.AuthConfig;
import java.util.Base64;
import java.util.Map;

/**
 * Credentials as the Engine takes them in a header: their JSON in base64 of the alphabet for URLs, with padding. Of
 * anything else it says nothing and goes on as if there were none.
 */
public final class AuthHeaders {
    /** The header for one registry. */
    public static final String ONE = "X-Registry-Auth";

    /** The header for all registries that a build may pull from. */
    public static final String ALL = "X-Registry-Config";

    /** Of no credentials: the header's value where an Engine wants the header at any rate. */
    public static final String NONE = "e30=";

    private AuthHeaders() {}

    /**
     * The value of {@link #ONE}.
     *
     * @param credentials for the registry that the operation goes to
     * @return the value, which is as secret as they are
     */
    public static String encode(AuthConfig credentials) {
        return encoded(credentials);
    }

    /**
     * The value of {@link #ALL}.
     *
     * @param credentials by the keys of their registries, see {@link RegistryAddress#keyOf}
     * @return the value, which is as secret as they are
     */
    public static String encode(Map<String, AuthConfig> credentials) {
        return encoded(credentials);
    }

    private static String encoded(Object value) {
        return Base64.getUrlEncoder().encodeToString(Json.write(value));
    }
}
