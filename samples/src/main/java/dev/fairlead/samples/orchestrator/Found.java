package dev.fairlead.samples.orchestrator;

/**
 * A container of the project that an Engine has.
 *
 * @param fingerprint of what it was made from
 */
record Found(String name, String id, String fingerprint, boolean running) {}
