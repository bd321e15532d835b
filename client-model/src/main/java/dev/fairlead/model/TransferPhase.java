package dev.fairlead.model;

/**
 * What is being done to a layer. Engines say it in words and not otherwise, so it is there to be shown: words that a later Engine may
 * choose are {@link #OTHER}, and {@link LayerProgress#status()} has them.
 */
public enum TransferPhase {
    /** Its turn has not come. */
    WAITING,
    /** Comes from a registry. */
    DOWNLOADING,
    /** Is compared with its digest. */
    VERIFYING,
    /** Is here, and not unpacked yet. An Engine with the containerd image store, up to 26.1, says no more after that. */
    DOWNLOADED,
    /** Is unpacked. */
    EXTRACTING,
    /** Goes to a registry. */
    UPLOADING,
    /** Is taken from the tar that is being loaded. */
    LOADING,
    /** Did not get through, and will be tried again. */
    RETRYING,
    /** Need not be moved: where it should go it is already. */
    EXISTS,
    /** Is where it should be. */
    DONE,
    /** Something else, which {@link LayerProgress#status()} says. */
    OTHER;

    /** Whether nothing more has to be done to the layer. */
    public boolean isLast() {
        return this == EXISTS || this == DONE;
    }
}
