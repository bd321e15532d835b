package dev.fairlead.model;

/**
 * An image that an Engine has taken from a tar.
 *
 * @param name its name with its tag; empty if the tar has none for it
 * @param id its id
 */
public record LoadedImage(String name, String id) {}
