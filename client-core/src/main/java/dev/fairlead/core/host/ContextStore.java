package dev.fairlead.core.host;

import dev.fairlead.core.json.Json;
import dev.fairlead.core.tls.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The contexts that {@code docker context create} has written. A context's folder is named by the hash of its name, so no name leads
 * out of the store.
 */
final class ContextStore {
    private static final String ENDPOINT = "docker";

    private final Path folder;

    /** The store in this folder, which may be missing. */
    ContextStore(Path folder) {
        this.folder = folder;
    }

    /**
     * A context.
     *
     * @param host its Engine's address, empty for the one at the usual places
     * @param tls how TLS is spoken with it, or null if it says nothing of TLS
     */
    record Context(String host, @Nullable Tls tls) {}

    /** Where a context's data are, if it exists. */
    Path file(String name) {
        return folder.resolve("meta").resolve(hash(name)).resolve("meta.json");
    }

    /**
     * Reads a context; of its certificates only whether they are there.
     *
     * @return the context, or null if there is none of this name
     * @throws IllegalArgumentException if it can't be read; beginning with the file's path
     */
    @Nullable
    Context find(String name) {
        Path file = file(name);
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return null;
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    file + " can't be read: " + unreadable.getClass().getSimpleName());
        }
        try {
            return read(name, content);
        } catch (IllegalArgumentException damaged) {
            throw new IllegalArgumentException(file + ": " + damaged.getMessage());
        }
    }

    private Context read(String name, byte[] content) {
        JsonNode endpoints = Json.members(content, "Endpoints").get("Endpoints");
        // The names of endpoints are a map's keys, so their case counts.
        JsonNode endpoint = endpoints == null ? null : endpoints.get(ENDPOINT);
        if (endpoint == null || !endpoint.isObject()) {
            throw new IllegalArgumentException("it has no endpoint named " + ENDPOINT);
        }
        Map<String, JsonNode> members = Json.members(Json.write(endpoint), "Host", "SkipTLSVerify");
        JsonNode host = members.get("Host");
        if (host != null && !host.isString()) {
            throw new IllegalArgumentException("Host is no string");
        }
        JsonNode skip = members.get("SkipTLSVerify");
        if (skip != null && !skip.isBoolean()) {
            throw new IllegalArgumentException("SkipTLSVerify is neither true nor false");
        }
        boolean skipVerify = skip != null && skip.booleanValue();
        Path material = folder.resolve("tls").resolve(hash(name)).resolve(ENDPOINT);
        Tls tls = Tls.ofContext("the context " + name, material, !skipVerify);
        return new Context(host == null ? "" : host.stringValue(), tls);
    }

    private static String hash(String name) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("each JDK has SHA-256", impossible);
        }
    }
}
