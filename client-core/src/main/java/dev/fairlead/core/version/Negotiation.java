package dev.fairlead.core.version;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.model.ApiVersion;
import org.jspecify.annotations.Nullable;

/** The rules by which an API version is chosen. They do no I/O. */
public final class Negotiation {
    private static final String OPERATION = "choose the API version";
    private static final String VARIABLE = "DOCKER_API_VERSION";

    private Negotiation() {}

    /**
     * The version that needs no asking: the one the program gives, then that of {@code DOCKER_API_VERSION}. What the
     * Engine can do is not considered.
     *
     * @param explicit the version that the program gives, or null
     * @param environment the environment
     * @return the version, or null if the Engine has to be asked
     * @throws IllegalArgumentException naming the variable, if it holds no version
     * @throws UnsupportedByEngine if the version is older than {@link ApiVersion#OLDEST}
     */
    public static @Nullable ApiVersion fixed(@Nullable ApiVersion explicit, Environment environment) {
        if (explicit != null) {
            return notTooOld("the API version that the program gives", explicit);
        }
        String text = environment.variable(VARIABLE);
        if (text == null) {
            return null;
        }
        ApiVersion version;
        try {
            version = ApiVersion.parse(text);
        } catch (IllegalArgumentException invalid) {
            throw new IllegalArgumentException(VARIABLE + ": " + invalid.getMessage(), invalid);
        }
        return notTooOld(VARIABLE, version);
    }

    /**
     * The newest version that both sides speak.
     *
     * @param header the {@code Api-Version} header of the Engine's answer to a ping, or null if it has none: proxies
     *     drop it, and {@link ApiVersion#NEWEST} is tried
     * @return the version, {@link ApiVersion#NEWEST} at the most
     * @throws UnsupportedByEngine if the Engine's newest version is older than {@link ApiVersion#OLDEST}
     * @throws ProtocolFailure if the header is no version
     */
    public static ApiVersion withEngine(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return ApiVersion.NEWEST;
        }
        ApiVersion engine;
        try {
            engine = ApiVersion.parse(header.strip());
        } catch (IllegalArgumentException invalid) {
            throw new ProtocolFailure(OPERATION, "the Engine's Api-Version header: " + invalid.getMessage(), invalid);
        }
        notTooOld("the Engine", engine);
        return engine.isAtLeast(ApiVersion.NEWEST) ? ApiVersion.NEWEST : engine;
    }

    private static ApiVersion notTooOld(String source, ApiVersion version) {
        if (!version.isAtLeast(ApiVersion.OLDEST)) {
            throw UnsupportedByEngine.notYet(OPERATION, "Fairlead (by " + source + ")", ApiVersion.OLDEST, version);
        }
        return version;
    }
}
