package dev.fairlead.model;

/**
 * How far one layer has come.
 *
 * @param id the Engine's short name of the layer
 * @param phase what is being done to it
 * @param status the same in the Engine's words
 * @param done bytes that this phase has done; less again when the Engine has to begin anew
 * @param total bytes that this phase has to do, never less than {@code done}; 0 while nobody knows, or nothing has to be done
 */
public record LayerProgress(String id, TransferPhase phase, String status, long done, long total) {}
