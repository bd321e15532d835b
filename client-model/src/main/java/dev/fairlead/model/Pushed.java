package dev.fairlead.model;

/**
 * An image or a plugin that a registry has got.
 *
 * @param name its name with its tag, short as {@code docker} prints it
 * @param digest the digest of the manifest, or of the list of manifests, that the tag means in the registry now
 */
public record Pushed(String name, String digest) {}
