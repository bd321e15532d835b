package dev.fairlead.samples.orchestrator;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.fairlead.model.Mount;
import dev.fairlead.model.MountType;
import dev.fairlead.model.Port;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One kind of container, as the file declares it.
 *
 * @param command the program and its arguments; the image's when empty
 * @param replicas how many of it run, in all
 * @param ports as {@code [address:]port:port[/udp]}, the host's first
 * @param mounts as {@code source:/target[:ro]}; a path is bound, a name is a volume
 * @param network the network's name, or null for the Engine's default
 * @param engines the names of the Engines that its replicas are spread over; all when empty
 */
record ContainerSpec(
        String name,
        String image,
        List<String> command,
        Map<String, String> env,
        int replicas,
        Map<String, String> labels,
        List<String> ports,
        List<String> mounts,
        @Nullable String network,
        List<String> engines,
        Backoff restart) {

    /** So many of a hash that no two are ever the same by chance, and a label is still read easily. */
    private static final int FINGERPRINT_BYTES = 16;

    ContainerSpec {
        if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*")) {
            throw new IllegalArgumentException("name: not one that a container may have: " + name);
        }
        if (replicas < 0) {
            throw new IllegalArgumentException(name + ": replicas is negative: " + replicas);
        }
        ports.forEach(PublishedPort::parse);
        mounts.forEach(ContainerSpec::mount);
    }

    @JsonCreator
    static ContainerSpec of(
            @Nullable String name,
            @Nullable String image,
            @Nullable List<String> command,
            @Nullable Map<String, String> env,
            @Nullable Integer replicas,
            @Nullable Map<String, String> labels,
            @Nullable List<String> ports,
            @Nullable List<String> mounts,
            @Nullable String network,
            @Nullable List<String> engines,
            @Nullable Backoff restart) {
        if (name == null || image == null) {
            throw new IllegalArgumentException("a container needs a name and an image");
        }
        return new ContainerSpec(
                name,
                image,
                Objects.requireNonNullElse(command, List.of()),
                new TreeMap<>(Objects.requireNonNullElse(env, Map.of())),
                Objects.requireNonNullElse(replicas, 1),
                new TreeMap<>(Objects.requireNonNullElse(labels, Map.of())),
                Objects.requireNonNullElse(ports, List.of()),
                Objects.requireNonNullElse(mounts, List.of()),
                network,
                Objects.requireNonNullElse(engines, List.of()),
                restart == null ? Backoff.of(null, null, null) : restart);
    }

    /** What a container is made from: when that changes it is made anew. How many there are and how they restart is no part of it. */
    String fingerprint() {
        // As JSON, in which two arguments are never the same text as one.
        byte[] all = JsonMapper.shared()
                .writeValueAsBytes(Arrays.asList(image, command, env, labels, ports, mounts, network));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(all);
            return HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("every JDK has SHA-256", never);
        }
    }

    List<String> environment() {
        return env.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
    }

    List<PublishedPort> publishedPorts() {
        return ports.stream().map(PublishedPort::parse).toList();
    }

    List<Mount> toMounts() {
        return mounts.stream().map(ContainerSpec::mount).toList();
    }

    private static Mount mount(String text) {
        String[] parts = text.split(":", -1);
        boolean readOnly = parts.length == 3 && parts[2].equals("ro");
        if (parts.length < 2 || parts.length > (readOnly ? 3 : 2) || !parts[1].startsWith("/")) {
            throw new IllegalArgumentException("mounts: not source:/target or source:/target:ro: " + text);
        }
        return Mount.builder()
                .type(parts[0].startsWith("/") ? MountType.BIND : MountType.VOLUME)
                .source(parts[0])
                .target(parts[1])
                .readOnly(readOnly)
                .build();
    }

    /**
     * A port that the host hands on.
     *
     * @param address of the host, empty for all of them
     */
    record PublishedPort(String address, int published, Port target) {

        static PublishedPort parse(String text) {
            int last = text.lastIndexOf(':');
            int middle = text.lastIndexOf(':', last - 1);
            try {
                return new PublishedPort(
                        middle < 0 ? "" : text.substring(0, middle),
                        Integer.parseInt(text.substring(middle + 1, last)),
                        Port.parse(text.substring(last + 1)));
            } catch (IllegalArgumentException | StringIndexOutOfBoundsException none) {
                throw new IllegalArgumentException("ports: not [address:]port:port[/udp]: " + text, none);
            }
        }
    }
}
