package dev.fairlead.core.version;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.model.ApiVersion;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules by which an API version is chosen. They do no I/O. */
public final class Negotiation {
    private static final String OPERATION = "choose the API version";
    private static final String VARIABLE = "DOCKER_API_VERSION";
    private static final Pattern TOO_NEW = Pattern.compile(
            "^client version \\S{1,20} is too new\\. Maximum supported API version is (\\d{1,5}\\.\\d{1,5})");
    private static final Pattern TOO_OLD = Pattern.compile(
            "^client version \\S{1,20} is too old\\. Minimum supported API version is (\\d{1,5}\\.\\d{1,5})");

    private Negotiation() {}

    /**
     * The version that needs no asking: the one the program gives, then that of {@code DOCKER_API_VERSION}, with or without a
     * {@code v}. What the Engine can do is not considered.
     *
     * @param explicit the version that the program gives, or null
     * @param environment the environment
     * @return the version, or null if the Engine has to be asked
     * @throws IllegalArgumentException naming the variable, if it holds no version; or if the version is older than
     *     {@link ApiVersion#OLDEST}
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
     * What {@link #fixed} takes the version from, for people.
     *
     * @param explicit the version that the program gives, or null
     * @param environment the environment
     * @return {@code the program}, the variable's name, or {@code negotiation}
     */
    public static String chosenBy(@Nullable ApiVersion explicit, Environment environment) {
        return explicit != null ? "the program" : environment.variable(VARIABLE) != null ? VARIABLE : "negotiation";
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
        return common(engine);
    }

    /**
     * The version to go on with after the Engine has refused the one in the path, as it does when it was replaced by
     * an older or a newer one under a running client. Its refusal says what it speaks.
     *
     * @param engineMessage the message of a 400
     * @return the version to ask with again, or null if the message is about something else, or no version is common
     * @throws UnsupportedByEngine if the Engine's newest version is older than {@link ApiVersion#OLDEST}
     */
    public static @Nullable ApiVersion afterRefusal(String engineMessage) {
        Matcher tooNew = TOO_NEW.matcher(engineMessage);
        if (tooNew.find()) {
            return common(ApiVersion.parse(tooNew.group(1)));
        }
        Matcher tooOld = TOO_OLD.matcher(engineMessage);
        if (tooOld.find()) {
            ApiVersion oldestOfEngine = ApiVersion.parse(tooOld.group(1));
            return ApiVersion.NEWEST.isAtLeast(oldestOfEngine) ? oldestOfEngine : null;
        }
        return null;
    }

    /**
     * Whether the Engine has refused a request for the API version in its path, before it looked at anything else of it.
     *
     * @param engineMessage the message of a 400
     * @return true if it has; then it has not done what was asked
     */
    public static boolean isRefusal(String engineMessage) {
        return TOO_NEW.matcher(engineMessage).find()
                || TOO_OLD.matcher(engineMessage).find();
    }

    private static ApiVersion common(ApiVersion engine) {
        if (!engine.isAtLeast(ApiVersion.OLDEST)) {
            throw UnsupportedByEngine.engineTooOld(OPERATION, engine);
        }
        return engine.isAtLeast(ApiVersion.NEWEST) ? ApiVersion.NEWEST : engine;
    }

    private static ApiVersion notTooOld(String source, ApiVersion version) {
        if (!version.isAtLeast(ApiVersion.OLDEST)) {
            throw new IllegalArgumentException(
                    source + " is " + version + ", and the oldest that Fairlead speaks is " + ApiVersion.OLDEST);
        }
        return version;
    }
}
