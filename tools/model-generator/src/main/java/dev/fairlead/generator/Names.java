package dev.fairlead.generator;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Java's names for Docker's. */
final class Names {
    /** A word of a JSON name: acronyms stay whole (CPU|Shares), and so does their plural (Diff|IDs). */
    private static final Pattern WORD =
            Pattern.compile("IPv[46]|[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]|[0-9]+");

    private static final Pattern NOT_A_PLURAL = Pattern.compile(".*(ss|fs|ses|xes|ies|us)|.{1,3}|[^s]*|.*[^s]");

    private static final Set<String> KEYWORDS = Set.of(
            ("abstract assert boolean break byte case catch char class const continue default do double else enum"
                            + " extends final finally float for goto if implements import instanceof int interface long"
                            + " native new package private protected public return short static strictfp super switch"
                            + " synchronized this throw throws transient try void volatile while true false null _")
                    .split(" "));

    /** Methods that every value class has already, and those of Object that take no argument. */
    private static final Set<String> METHODS = Set.of(
            ("builder toBuilder unknownFields requirements toString hashCode getClass notify notifyAll wait clone"
                            + " finalize")
                    .split(" "));

    private static final Set<String> OPTIONS_METHODS = Set.of("operation", "parameters", "hasBody");

    private Names() {}

    /** {@code NanoCpus} to {@code nanoCpus}, {@code IPAddress} to {@code ipAddress}, {@code one-shot} to {@code oneShot}. */
    static String field(String json) {
        StringBuilder name = new StringBuilder();
        Matcher words = WORD.matcher(json);
        while (words.find()) {
            String word = words.group().toLowerCase(Locale.ROOT);
            name.append(name.isEmpty() ? word : capitalised(word));
        }
        return name.toString();
    }

    /** {@code unless-stopped} to {@code UNLESS_STOPPED}. */
    static String constant(String value) {
        return value.replaceAll("([a-z])([A-Z])", "$1_$2")
                .replaceAll("[^A-Za-z0-9]+", "_")
                .toUpperCase(Locale.ROOT);
    }

    /** What adds one entry to a map: {@code labels} has {@code label}, {@code storageOpt} has {@code putStorageOpt}. */
    static String adder(String map) {
        return NOT_A_PLURAL.matcher(map).matches() ? put(map) : map.substring(0, map.length() - 1);
    }

    static String put(String map) {
        return "put" + capitalised(map);
    }

    static boolean isFieldName(String name, boolean options) {
        return isIdentifier(name) && !METHODS.contains(name) && !(options && OPTIONS_METHODS.contains(name));
    }

    static boolean isIdentifier(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_]*") && !KEYWORDS.contains(name);
    }

    private static String capitalised(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
