package dev.fairlead.core.auth;

import dev.fairlead.core.json.Json;
import dev.fairlead.model.AuthConfig;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What {@code docker}'s {@code config.json} says of credentials; all else in it is passed over. Its errors never quote
 * the file.
 */
public final class ConfigFile {
    private static final ConfigFile EMPTY = new ConfigFile(Map.of(), "", Map.of());

    private final Map<String, JsonNode> auths;
    private final String credsStore;
    private final Map<String, String> credHelpers;

    private ConfigFile(Map<String, JsonNode> auths, String credsStore, Map<String, String> credHelpers) {
        this.auths = auths;
        this.credsStore = credsStore;
        this.credHelpers = credHelpers;
    }

    /**
     * The file that says nothing.
     *
     * @return a file without credentials
     */
    public static ConfigFile empty() {
        return EMPTY;
    }

    /**
     * Reads a file. An empty one says nothing.
     *
     * @param json its content
     * @return what it says
     * @throws IllegalArgumentException if it is no JSON object, or what it has of credentials is not of the right kind;
     *     with the place or the name, and nothing of the content
     */
    public static ConfigFile parse(byte[] json) {
        if (new String(json, StandardCharsets.UTF_8).isBlank()) {
            return EMPTY;
        }
        JsonNode file = Json.secretObject(json);
        Map<String, JsonNode> auths = new LinkedHashMap<>();
        object(file, "auths").forEach((host, entry) -> {
            if (!entry.isNull()) {
                auths.put(host, require(entry.isObject(), "an entry of auths is no object", entry));
            }
        });
        Map<String, String> credHelpers = new LinkedHashMap<>();
        object(file, "credHelpers").forEach((host, name) -> credHelpers.put(host, text(name, "credHelpers")));
        JsonNode store = member(file, "credsStore");
        return new ConfigFile(auths, store == null ? "" : text(store, "credsStore"), credHelpers);
    }

    private static Map<String, JsonNode> object(JsonNode file, String name) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        JsonNode found = member(file, name);
        if (found != null) {
            require(found.isObject(), name + " is no object", found)
                    .properties()
                    .forEach(member -> members.put(member.getKey(), member.getValue()));
        }
        return members;
    }

    /** Names are found in any case, as {@code docker} finds them. */
    private static @Nullable JsonNode member(JsonNode object, String name) {
        JsonNode found = object.get(name);
        if (found == null) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                if (member.getKey().equalsIgnoreCase(name)) {
                    found = member.getValue();
                }
            }
        }
        return found == null || found.isNull() ? null : found;
    }

    private static String text(JsonNode value, String name) {
        return value.isNull()
                ? ""
                : require(value.isString(), name + " has a value that is no string", value)
                        .stringValue();
    }

    private static JsonNode require(boolean holds, String problem, JsonNode value) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
        return value;
    }

    /**
     * The same without helpers.
     *
     * @return a file that has only the credentials in this one
     */
    ConfigFile withoutHelpers() {
        return new ConfigFile(auths, "", Map.of());
    }

    /**
     * The helper that has the credentials of a registry: its own, else the one for all.
     *
     * @param key the registry's key
     * @return the helper's name, or null if they are in the file itself
     */
    public @Nullable String helperFor(String key) {
        String own = credHelpers.get(key);
        String name = own == null ? credsStore : own;
        return name.isEmpty() ? null : name;
    }

    /**
     * The helper for all registries that have none of their own.
     *
     * @return its name, or null if there is none
     */
    public @Nullable String credsStore() {
        return credsStore.isEmpty() ? null : credsStore;
    }

    /**
     * The registries that have a helper of their own.
     *
     * @return their keys and the names of their helpers, which are empty where the file itself is meant
     */
    public Map<String, String> credHelpers() {
        return credHelpers;
    }

    /**
     * The registries whose credentials are in the file itself.
     *
     * @return their keys, whatever scheme and path they have there
     */
    public Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        auths.keySet().forEach(address -> keys.add(RegistryAddress.keyOf(RegistryAddress.hostOf(address))));
        return keys;
    }

    /**
     * The credentials of a registry that the file itself has: under its key, else under the first key that names its
     * host with a scheme or a path around it.
     *
     * @param key the registry's key
     * @return the credentials, or null if there are none
     * @throws IllegalArgumentException if they can't be read; it quotes nothing of them
     */
    public @Nullable AuthConfig find(String key) {
        JsonNode exact = auths.get(key);
        if (exact != null) {
            return credentials(key, exact);
        }
        String host = RegistryAddress.hostOf(key);
        for (Map.Entry<String, JsonNode> entry : auths.entrySet()) {
            if (RegistryAddress.hostOf(entry.getKey()).equalsIgnoreCase(host)) {
                return credentials(key, entry.getValue());
            }
        }
        return null;
    }

    private static @Nullable AuthConfig credentials(String key, JsonNode entry) {
        AuthConfig.Builder builder = AuthConfig.builder().serverAddress(key);
        String auth = field(entry, "auth");
        String username = field(entry, "username");
        String password = field(entry, "password");
        if (!auth.isEmpty()) {
            String decoded = decoded(key, auth);
            int colon = decoded.indexOf(':');
            username = decoded.substring(0, colon);
            password = withoutZeros(decoded.substring(colon + 1));
        }
        String identityToken = field(entry, "identitytoken");
        String registryToken = field(entry, "registrytoken");
        if (username.isEmpty() && identityToken.isEmpty() && registryToken.isEmpty()) {
            return null;
        }
        if (!username.isEmpty()) {
            builder.username(username).password(password);
        }
        if (!identityToken.isEmpty()) {
            builder.identityToken(identityToken);
        }
        if (!registryToken.isEmpty()) {
            builder.registryToken(registryToken);
        }
        return builder.build();
    }

    private static String field(JsonNode entry, String name) {
        JsonNode value = member(entry, name);
        return value == null ? "" : text(value, "an entry of auths");
    }

    private static String decoded(String key, String auth) {
        String problem = "auth of " + key + " in auths is not the base64 of a user, a colon and a password";
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(auth.replace("\r", "").replace("\n", ""));
        } catch (IllegalArgumentException notBase64) {
            // Its own message may hold what it met.
            throw new IllegalArgumentException(problem);
        }
        String decoded = new String(bytes, StandardCharsets.UTF_8);
        if (decoded.indexOf(':') < 1) {
            throw new IllegalArgumentException(problem);
        }
        return decoded;
    }

    /** Old versions of {@code docker} filled up with them. */
    private static String withoutZeros(String password) {
        int start = 0;
        int end = password.length();
        while (start < end && password.charAt(start) == 0) {
            start++;
        }
        while (end > start && password.charAt(end - 1) == 0) {
            end--;
        }
        return password.substring(start, end);
    }

    /** The registries and the helpers, no credentials. */
    @Override
    public String toString() {
        return "ConfigFile[auths=" + keys() + ", credsStore=" + credsStore + ", credHelpers=" + credHelpers + "]";
    }
}
