package dev.fairlead.model;

/**
 * An image that an Engine has built. It has the names that the build was given, if any.
 *
 * @param id its id
 */
public record BuiltImage(String id) {}
