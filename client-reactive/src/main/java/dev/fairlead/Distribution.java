package dev.fairlead;

import dev.fairlead.core.auth.RegistryAddress;
import dev.fairlead.internal.Http;
import dev.fairlead.model.DistributionInspect;
import dev.fairlead.model.DistributionInspectOptions;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * What registries say of images, asked through the Engine with the {@linkplain DockerConfig#credentials() client's credentials}, unless
 * the options bring some.
 */
public final class Distribution {

    private final Http http;

    Distribution(Http http) {
        this.http = http;
    }

    /**
     * Asks a registry for the digest of an image and the platforms it is made for; nothing is pulled. Engine operation
     * {@code DistributionInspect}.
     *
     * @param name the image's name with or without a tag or digest, {@code latest} without; never an id
     * @return what the registry says, with no platforms for an image whose only manifest has OCI's form; fails with {@link dev.fairlead.core.error.NotFound} when it says that it has no such image, with
     *     {@link dev.fairlead.core.error.Unauthorized} when it refuses the credentials or won't say whether it has the image, and with
     *     {@link dev.fairlead.core.error.EngineFailure} when it can't be reached, or wants credentials and got none
     */
    public Mono<DistributionInspect> inspect(String name) {
        return inspect(name, options -> {});
    }

    /** As {@link #inspect(String)}, with credentials. */
    public Mono<DistributionInspect> inspect(String name, Consumer<DistributionInspectOptions.Builder> options) {
        return http.get("/distribution/{+name}/json", name)
                .options(DistributionInspectOptions.of(options))
                .registryAuth(RegistryAddress.ofName(name))
                .patient()
                .as(DistributionInspect.class);
    }
}
