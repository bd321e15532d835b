package dev.fairlead;

import dev.fairlead.core.host.DockerHost;
import dev.fairlead.model.ApiVersion;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which Engine a {@link DockerClient} was made for, and why. Its texts are for people; none holds a secret.
 *
 * @param host the Engine's address
 * @param source what named it: {@code the program}, {@code DOCKER_HOST}, {@code DOCKER_CONTEXT=prod, in} and the context's file, …
 * @param context the name of its context, or null if no stored context names it
 * @param tls {@code off}, {@code server verified}, {@code mutual}, or in words that the Engine is not verified
 * @param tlsMaterial the files or what else says whom to trust and who the client is; null where TLS is off
 * @param apiVersion the API version that calls are made with, or null while it is not negotiated
 * @param apiVersionBy what chose the version: {@code the program}, {@code DOCKER_API_VERSION} or {@code negotiation}
 * @param headers the names of the headers that each request carries
 * @param configFolder where {@code config.json} and contexts are looked for
 * @param passedOver what else the environment says of an Engine, and why it does not count
 */
public record ClientDescription(
        DockerHost host,
        String source,
        @Nullable String context,
        String tls,
        @Nullable String tlsMaterial,
        @Nullable ApiVersion apiVersion,
        String apiVersionBy,
        List<String> headers,
        Path configFolder,
        List<String> passedOver) {
    /** Copies the lists. */
    public ClientDescription {
        headers = List.copyOf(headers);
        passedOver = List.copyOf(passedOver);
    }

    ClientDescription with(ApiVersion known) {
        return new ClientDescription(
                host, source, context, tls, tlsMaterial, known, apiVersionBy, headers, configFolder, passedOver);
    }

    /** One thing a line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        line(text, "host", host + " (" + source + ")");
        if (context != null) {
            line(text, "context", context);
        }
        line(text, "TLS", tls + (tlsMaterial == null ? "" : " (" + tlsMaterial + ")"));
        line(text, "API version", (apiVersion == null ? "not known yet" : apiVersion) + " (" + apiVersionBy + ")");
        line(text, "headers", String.join(", ", headers));
        line(text, "config folder", configFolder.toString());
        passedOver.forEach(what -> line(text, "passed over", what));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(text.isEmpty() ? "" : "\n").append(name).append(": ").append(value);
    }
}
