package dev.fairlead.core.error;

import dev.fairlead.model.ApiVersion;
import org.jspecify.annotations.Nullable;

/**
 * The API version in use does not have what was asked for. Found before anything is sent: most Engines would ignore in
 * silence what they don't know.
 */
public final class UnsupportedByEngine extends DockerException {
    private static final long serialVersionUID = 1L;

    /** What is not supported. */
    private final String what;
    /** The first version with it, or null. */
    private final @Nullable ApiVersion firstWithIt;
    /** The last version with it, or null. */
    private final @Nullable ApiVersion lastWithIt;
    /** The version in use. */
    private final ApiVersion inUse;

    private UnsupportedByEngine(
            String operation,
            String what,
            @Nullable ApiVersion firstWithIt,
            @Nullable ApiVersion lastWithIt,
            ApiVersion inUse,
            String sentence) {
        super(operation, 0, "", sentence, null, null);
        this.what = what;
        this.firstWithIt = firstWithIt;
        this.lastWithIt = lastWithIt;
        this.inUse = inUse;
    }

    /**
     * A later version has it.
     *
     * @param operation what was asked of the Engine
     * @param what the option, field or operation
     * @param firstWithIt the first version that has it
     * @param inUse the version in use
     * @return the exception
     */
    public static UnsupportedByEngine notYet(String operation, String what, ApiVersion firstWithIt, ApiVersion inUse) {
        return new UnsupportedByEngine(
                operation,
                what,
                firstWithIt,
                null,
                inUse,
                what + " needs API version " + firstWithIt + " or later, and " + inUse + " is in use");
    }

    /**
     * The Engine is older than all that Fairlead speaks with.
     *
     * @param operation what was asked of the Engine
     * @param newestOfEngine the newest version that the Engine speaks
     * @return the exception
     */
    public static UnsupportedByEngine engineTooOld(String operation, ApiVersion newestOfEngine) {
        return new UnsupportedByEngine(
                operation,
                "Fairlead",
                ApiVersion.OLDEST,
                null,
                newestOfEngine,
                "the Engine speaks API version " + newestOfEngine + " at most, and Fairlead needs " + ApiVersion.OLDEST
                        + " or later (Docker 19.03)");
    }

    /**
     * An earlier version had it.
     *
     * @param operation what was asked of the Engine
     * @param what the option, field or operation
     * @param lastWithIt the last version that had it
     * @param inUse the version in use
     * @return the exception
     */
    public static UnsupportedByEngine noLonger(String operation, String what, ApiVersion lastWithIt, ApiVersion inUse) {
        return new UnsupportedByEngine(
                operation,
                what,
                null,
                lastWithIt,
                inUse,
                "API version " + lastWithIt + " was the last with " + what + ", and " + inUse + " is in use");
    }

    /**
     * What is not supported.
     *
     * @return the option, field or operation
     */
    public String what() {
        return what;
    }

    /**
     * The first API version with it.
     *
     * @return the version, or null if a past version had it
     */
    public @Nullable ApiVersion firstWithIt() {
        return firstWithIt;
    }

    /**
     * The last API version with it.
     *
     * @return the version, or null if a later version has it
     */
    public @Nullable ApiVersion lastWithIt() {
        return lastWithIt;
    }

    /**
     * The API version in use.
     *
     * @return the version
     */
    public ApiVersion inUse() {
        return inUse;
    }
}
