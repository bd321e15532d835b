package dev.fairlead.core.http;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a header may be that is sent with each request. No message tells a value. */
public final class HeaderRules {
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> OWN =
            Set.of("host", "connection", "upgrade", "content-length", "content-type", "transfer-encoding");

    private HeaderRules() {}

    /**
     * Refuses what would not be one header.
     *
     * @param name its name
     * @param value its value
     * @throws IllegalArgumentException if the name is no header's, or if the value has a line break, another control character
     *     or one beyond ASCII
     */
    public static void check(String name, String value) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name is no header's: " + name);
        }
        if (value.chars().anyMatch(character -> Character.isISOControl(character) && character != '\t')) {
            throw new IllegalArgumentException("value of the header " + name + " has a control character");
        }
        if (value.chars().anyMatch(character -> character > '~')) {
            throw new IllegalArgumentException("value of the header " + name + " has a character that is not of ASCII");
        }
    }

    /**
     * Whether a header is one that the transport sets itself, such as {@code Host} or {@code Content-Length}.
     *
     * @param name its name, in any case
     * @return true if nobody else may set it
     */
    public static boolean isOwn(String name) {
        return OWN.contains(name.toLowerCase(Locale.ROOT));
    }
}
