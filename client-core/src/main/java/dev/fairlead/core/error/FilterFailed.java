package dev.fairlead.core.error;

import org.jspecify.annotations.Nullable;

/** A filter of the client's configuration failed ahead of a request, which was not sent. */
public final class FilterFailed extends DockerException {
    private static final long serialVersionUID = 1L;

    /** The class of the filter. */
    private final String filter;

    /**
     * The failure of a filter.
     *
     * @param operation what was to be sent
     * @param filter the class of the filter
     * @param problem what it did, such as {@code failed}; nothing that may hold a secret
     * @param cause what it failed with, or null
     */
    public FilterFailed(String operation, String filter, String problem, @Nullable Throwable cause) {
        super(operation, 0, "", "the filter " + filter + " " + problem + ", and nothing was sent", null, cause);
        this.filter = filter;
    }

    /**
     * Which filter it was.
     *
     * @return the name of its class
     */
    public String filter() {
        return filter;
    }
}
