package dev.fairlead.samples.orchestrator;

/**
 * One container that is to run.
 *
 * @param name the container's name
 */
record Replica(String name, ContainerSpec spec) {}
