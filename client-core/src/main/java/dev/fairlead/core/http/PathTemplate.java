package dev.fairlead.core.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Fills the braces of a path, so that no argument can lead out of its place. */
final class PathTemplate {
    private static final char[] DIGITS = "0123456789ABCDEF".toCharArray();

    private PathTemplate() {}

    static String fill(String template, String... arguments) {
        StringBuilder path = new StringBuilder(template.length() + 64);
        int at = 0;
        int used = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
            int close = template.indexOf('}', open);
            String name = template.substring(open + 1, close);
            if (used == arguments.length) {
                throw new IllegalArgumentException("no argument for {" + name + "} of " + template);
            }
            boolean keepsSlashes = name.startsWith("+");
            path.append(template, at, open)
                    .append(segment(keepsSlashes ? name.substring(1) : name, arguments[used++], keepsSlashes));
            at = close + 1;
        }
        if (used != arguments.length) {
            throw new IllegalArgumentException(
                    arguments.length + " arguments for " + template + ", which takes " + used);
        }
        return path.append(template, at, template.length()).toString();
    }

    private static String segment(String name, String argument, boolean keepsSlashes) {
        if (argument.isBlank()) {
            throw new IllegalArgumentException(name + " is blank");
        }
        if (argument.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(name + " has a control character in it");
        }
        refuseHalves(name, argument);
        String[] pieces = argument.split("/", -1);
        for (String piece : pieces) {
            // The Engine decodes an encoded slash before it tidies the path up, so dots are as bad behind one.
            if (piece.equals(".") || piece.equals("..")) {
                throw new IllegalArgumentException(name + " has a segment \"" + piece + "\": \"" + argument + "\"");
            }
            if (keepsSlashes && piece.isEmpty()) {
                throw new IllegalArgumentException(name + " has an empty segment: \"" + argument + "\"");
            }
        }
        return keepsSlashes
                ? Arrays.stream(pieces).map(PathTemplate::encode).collect(Collectors.joining("/"))
                : encode(argument);
    }

    /** UTF-8 has no form of them: they would be sent as question marks, and ask for something else. */
    static void refuseHalves(String name, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                throw new IllegalArgumentException(name + " has half a character in it (a lone surrogate)");
            }
        }
    }

    /** Percent-encodes all but RFC 3986's unreserved characters: right in a path and in a query alike. */
    static String encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder encoded = new StringBuilder(bytes.length + 16);
        for (byte octet : bytes) {
            char c = (char) (octet & 0xFF);
            if (isUnreserved(c)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(DIGITS[c >> 4]).append(DIGITS[c & 15]);
            }
        }
        return encoded.toString();
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
