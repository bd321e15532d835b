package dev.fairlead.core.error;

import org.jspecify.annotations.Nullable;

/**
 * What names the Engine can't be read: a context of {@code docker} that is missing or damaged, or a damaged {@code config.json} that
 * might name one. No other Engine is taken in its place.
 */
public final class ContextFailed extends DockerException {
    private static final long serialVersionUID = 1L;

    /** The name of the context, or null. */
    private final @Nullable String context;

    /**
     * The failure of a context.
     *
     * @param operation what was being done
     * @param context its name, or null if it is not known
     * @param sentence which context it is, what named it, where it was looked for and what is the matter
     * @param hint what might be done about it, or null
     */
    public ContextFailed(String operation, @Nullable String context, String sentence, @Nullable String hint) {
        super(operation, 0, "", sentence, hint, null);
        this.context = context;
    }

    /**
     * The context that was looked for.
     *
     * @return its name, or null if what would name it can't be read
     */
    public @Nullable String context() {
        return context;
    }
}
