package dev.fairlead.model;

import org.jspecify.annotations.Nullable;

/**
 * What an Engine says of itself when it is pinged.
 *
 * @param apiVersion the newest API version it knows; null when it does not say
 * @param osType {@code linux} or {@code windows}; empty when it does not say
 * @param experimental whether it runs with experimental features
 * @param builderVersion the builder it would rather use, {@code 1} or {@code 2} (BuildKit); empty on Engines that do not say
 * @param swarm its part in a swarm, such as {@code inactive} or {@code active/manager}; empty on Engines that do not say
 */
public record EnginePing(
        @Nullable ApiVersion apiVersion, String osType, boolean experimental, String builderVersion, String swarm) {}
