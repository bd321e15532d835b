package dev.fairlead.core.host;

import java.util.regex.Pattern;

/** What a context may be called, which is what {@code docker context create} takes. */
public final class ContextName {
    /** The name of what is no stored context: {@code DOCKER_HOST}, else the usual places. */
    public static final String DEFAULT = "default";

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.+-]+");

    private ContextName() {}

    /**
     * Whether a context may be called so.
     *
     * @param name the name
     * @return true for {@code default} too
     */
    public static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }
}
