package dev.fairlead;

import dev.fairlead.core.error.UnsupportedByEngine;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * What becomes of an option, field or filter that the API version in use does not know. Most Engines would ignore it in silence, so
 * it is never just sent.
 */
public final class UnsupportedOptions {

    private static final Logger LOG = Loggers.getLogger(UnsupportedOptions.class);
    private static final UnsupportedOptions REFUSE = new UnsupportedOptions(null);

    private final @Nullable Consumer<UnsupportedByEngine> dropped;

    private UnsupportedOptions(@Nullable Consumer<UnsupportedByEngine> dropped) {
        this.dropped = dropped;
    }

    /** The call fails with {@link UnsupportedByEngine} and nothing is sent; so it is unless said otherwise. */
    public static UnsupportedOptions refuse() {
        return REFUSE;
    }

    /** It is left out of the request, with a warning in the log. An operation that is unknown as a whole still fails. */
    public static UnsupportedOptions drop() {
        return drop(option -> LOG.warn("Left out: {}", option.getMessage()));
    }

    /**
     * As {@link #drop()}, but tells somebody else.
     *
     * @param warning is told of each option that is left out, each time; must not block, and if it throws the call fails
     */
    public static UnsupportedOptions drop(Consumer<UnsupportedByEngine> warning) {
        return new UnsupportedOptions(Objects.requireNonNull(warning, "warning"));
    }

    /** Who is told of what is left out, or null when nothing is. */
    @Nullable
    Consumer<UnsupportedByEngine> dropped() {
        return dropped;
    }
}
