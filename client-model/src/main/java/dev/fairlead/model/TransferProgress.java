package dev.fairlead.model;

import java.util.List;

/**
 * How far a transfer has come, at one moment: all of it, not what is new since the last one.
 *
 * @param layers each layer that the Engine has spoken of, in that order
 * @param done bytes of all layers that have been moved: downloaded, uploaded or loaded. Unpacking does not count
 * @param total bytes of all layers that have to be moved as far as the Engine has told; grows while it finds out more, and is 0 when it
 *     tells nothing, as the containerd image store does of small layers
 * @param message what the Engine said last about the whole, for people; the last line of a build's output. Empty if nothing
 */
public record TransferProgress(List<LayerProgress> layers, long done, long total, String message) {

    /** Nothing has been said yet. */
    public static final TransferProgress NONE = new TransferProgress(List.of(), 0, 0, "");

    /** Keeps its own list. */
    public TransferProgress {
        layers = List.copyOf(layers);
    }
}
