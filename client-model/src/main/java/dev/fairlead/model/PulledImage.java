package dev.fairlead.model;

/**
 * An image that an Engine has pulled.
 *
 * @param name its name with the tag or digest that was asked for, short as {@code docker} prints it
 * @param id the id that the image has here
 * @param digest the digest by which its registry knows it, of its manifest or its list of manifests; empty when the Engine knows several
 *     for this image and does not say which it was
 */
public record PulledImage(String name, String id, String digest) {}
