package dev.fairlead.model;

/** A value that may hold what not every Engine knows. */
public interface Versioned {
    /**
     * Reports what is set here, or in the values within, and is not known to every version from {@link
     * ApiVersion#OLDEST} on.
     *
     * @param requirements takes what there is to report
     */
    void requirements(Requirements requirements);
}
