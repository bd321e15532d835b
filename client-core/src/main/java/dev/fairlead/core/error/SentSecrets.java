package dev.fairlead.core.error;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What of a request is secret, to be hidden where the Engine, a registry or a proxy repeats it in an error. Looked for only when there
 * is an error to show.
 */
public final class SentSecrets {
    /** Of nothing: hides only what is in addresses. */
    public static final SentSecrets NONE = new SentSecrets(Map.of(), null);

    static final String HIDDEN = "***";

    /** The fields that the schema calls secret, in lower case; of options of a CA each value is one. */
    static final Set<String> FIELDS = Set.of(
            "auth",
            "password",
            "identitytoken",
            "registrytoken",
            "jointoken",
            "worker",
            "manager",
            "unlockkey",
            "signingcakey",
            "options",
            "data");

    /** Settings of drivers, in lower case: what is secret of these is told by its name, as a mount's {@code password=…} is. */
    private static final Set<String> SETTINGS = Set.of("driveropts", "config");

    private static final Pattern SECRET_SETTING =
            Pattern.compile("passw|secret|token|credential", Pattern.CASE_INSENSITIVE);
    // Settings too, which are no secrets and often stand in a sentence.
    private static final Set<String> WORDS = Set.of("true", "false");

    // Less would be found in the middle of innocent words.
    private static final int SHORTEST = 4;
    // An empty object in base64, see AuthHeaders; and that without its padding is too short.
    private static final String NO_CREDENTIALS = "e30=";
    // Words around credentials, by which they are called in a header's name.
    private static final Pattern SECRET_HEADER =
            Pattern.compile("auth|token|cookie|key|secret|passw|credential|session|registry-config");
    private static final Set<String> HARMLESS_HEADERS = Set.of("sec-websocket-key", "sec-websocket-version");
    private static final Pattern USER_OF_ADDRESS = Pattern.compile("(\\w://)[^/@\\s\"'<>?#]+@");
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Map<String, List<String>> headers;
    private final byte @Nullable [] json;

    private SentSecrets(Map<String, List<String>> headers, byte @Nullable [] json) {
        this.headers = headers;
        this.json = json;
    }

    /**
     * Those of a request.
     *
     * @param headers what its head has
     * @param json its body, if that is JSON
     * @return what is able to hide them
     */
    public static SentSecrets of(Map<String, List<String>> headers, byte @Nullable [] json) {
        return new SentSecrets(headers, json);
    }

    /**
     * Hides them in a text, and users and passwords in the addresses that it names. A secret of less than four characters is not
     * looked for.
     *
     * @param text any text
     * @return the text, with {@code ***} in the place of each of them
     */
    public String hide(String text) {
        if (text.isEmpty()) {
            return text;
        }
        String hidden = text;
        for (String secret : all()) {
            hidden = hidden.replace(secret, HIDDEN);
        }
        return USER_OF_ADDRESS.matcher(hidden).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN) + "@");
    }

    /**
     * Whether there are any: then text that was not understood had better not be shown, as there may be a part of one in it.
     *
     * @return true if something secret was sent
     */
    public boolean any() {
        return !all().isEmpty();
    }

    /** The longest first: one may be a part of another. */
    private List<String> all() {
        Set<String> found = new LinkedHashSet<>();
        headers.forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (SECRET_HEADER.matcher(lower).find() && !HARMLESS_HEADERS.contains(lower)) {
                values.forEach(value -> header(value, found));
            }
        });
        if (json != null) {
            fields(tree(json), false, found);
        }
        List<String> secrets = new ArrayList<>(found);
        found.remove(NO_CREDENTIALS);
        for (String secret : found) {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            secrets.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
            secrets.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }
        secrets.removeIf(secret -> secret.strip().length() < SHORTEST);
        secrets.sort(Comparator.comparingInt(String::length).reversed());
        return secrets;
    }

    /** A header's value as it is, what follows the word of its scheme, and what base64 hides in it. */
    private static void header(String value, Set<String> found) {
        found.add(value);
        String credentials = value.substring(value.indexOf(' ') + 1);
        found.add(credentials);
        byte[] decoded = decoded(credentials);
        if (decoded.length == 0) {
            return;
        }
        JsonNode tree = tree(decoded);
        if (tree == null) {
            String plain = new String(decoded, StandardCharsets.UTF_8);
            found.add(plain);
            found.add(plain.substring(plain.indexOf(':') + 1));
        } else {
            fields(tree, false, found);
        }
    }

    private static void fields(@Nullable JsonNode node, boolean secret, Set<String> found) {
        if (node == null) {
            return;
        }
        if (node.isString()) {
            if (secret && !WORDS.contains(node.stringValue())) {
                text(node.stringValue(), found);
            }
            return;
        }
        if (node.isObject()) {
            node.properties().forEach(field -> {
                String name = field.getKey().toLowerCase(Locale.ROOT);
                fields(field.getValue(), secret || FIELDS.contains(name), found);
                if (SETTINGS.contains(name)) {
                    settings(field.getValue(), found);
                }
            });
        } else {
            node.values().forEach(element -> fields(element, secret, found));
        }
    }

    /** Those that are called secret, and of those that are several, {@code a=b,c=d}, the ones that are. */
    private static void settings(JsonNode settings, Set<String> found) {
        settings.properties().forEach(setting -> {
            String value = setting.getValue().isString() ? setting.getValue().stringValue() : "";
            setting(setting.getKey(), value, found);
            for (String pair : value.split(",", -1)) {
                int equals = pair.indexOf('=');
                setting(pair.substring(0, Math.max(equals, 0)), pair.substring(equals + 1), found);
            }
        });
    }

    private static void setting(String name, String value, Set<String> found) {
        if (SECRET_SETTING.matcher(name).find()) {
            text(value, found);
        }
    }

    /** A secret, as JSON and Go would quote it too, and what it holds where it is base64. */
    private static void text(String secret, Set<String> found) {
        found.add(secret);
        String quoted = MAPPER.writeValueAsString(secret);
        found.add(quoted.substring(1, quoted.length() - 1));
        byte[] decoded = decoded(secret);
        if (decoded.length > 0) {
            String plain = new String(decoded, StandardCharsets.UTF_8);
            found.add(plain);
            found.add(plain.strip());
            found.add(plain.substring(plain.indexOf(':') + 1));
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }

    private static @Nullable JsonNode tree(byte[] json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            return tree.isObject() || tree.isArray() ? tree : null;
        } catch (JacksonException notJson) {
            return null;
        }
    }
}
