package dev.fairlead.core.json;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Whether a text that could not be read is one that had better not be shown: the Engine answers some calls with join tokens, an unlock
 * key or a registry's token.
 */
public final class AnsweredSecrets {
    // Names of fields, and how swarm's secrets begin. The names are those that the schema calls secret; "Data" of a
    // storage driver, which each container has, is an object.
    private static final Pattern MARKS = Pattern.compile(
            "swmtkn-|swmkey-|private key-----|\"(?:identitytoken|registrytoken|password|auth|unlockkey|jointokens?|signingcakey"
                    + "|worker|manager)\"|\"data\"\\s*:\\s*\"",
            Pattern.CASE_INSENSITIVE);
    private static final int LOOKED_AT = 64 * 1024;

    private AnsweredSecrets() {}

    /**
     * Whether it may be.
     *
     * @param bytes where the text is, in UTF-8
     * @param offset where it begins
     * @param length its length in bytes
     * @return true if there is a mark of a secret in its first 64 KiB
     */
    public static boolean mayBeIn(byte[] bytes, int offset, int length) {
        String text = new String(bytes, offset, Math.min(length, LOOKED_AT), StandardCharsets.UTF_8);
        return MARKS.matcher(text).find();
    }
}
