package dev.fairlead.core.error;

/** An archive would have written where it must not: outside of its folder, or over something of another kind. */
public final class UnsafeArchive extends DockerException {
    private static final long serialVersionUID = 1L;

    /**
     * The refusal of an entry.
     *
     * @param operation what was to be done with the archive
     * @param sentence which entry it is and where it leads
     */
    public UnsafeArchive(String operation, String sentence) {
        super(operation, 0, "", sentence, null, null);
    }
}
