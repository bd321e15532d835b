package dev.fairlead.core.host;

/**
 * A host, and why it is this one.
 *
 * @param host the host
 * @param source where it was found, for people: {@code DOCKER_HOST}, {@code the default socket}, …
 */
public record ResolvedHost(DockerHost host, String source) {}
