package dev.fairlead.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an image is built for. In JSON the object of the OCI image specification, as text {@code os[/arch[/variant]]}.
 *
 * @param os the operating system, such as {@code linux}; empty when unknown
 * @param architecture the processor in Go's words, such as {@code amd64}; empty when any
 * @param variant of the processor, such as {@code v7}; empty when there is none
 * @param osVersion of the operating system, which matters on Windows; empty when any
 * @param osFeatures what the operating system has to offer; empty when nothing is asked for
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Platform(
        @JsonProperty("os") String os,
        @JsonProperty("architecture") String architecture,
        @JsonProperty("variant") String variant,
        @JsonProperty("os.version") String osVersion,
        @JsonProperty("os.features") List<String> osFeatures) {

    /**
     * Refuses null, and copies the list.
     *
     * @param os the operating system
     * @param architecture the processor
     * @param variant of the processor
     * @param osVersion of the operating system
     * @param osFeatures of the operating system
     */
    public Platform {
        Values.given("os", os);
        Values.given("architecture", architecture);
        Values.given("variant", variant);
        Values.given("osVersion", osVersion);
        osFeatures = List.copyOf(Values.list("osFeatures", osFeatures));
    }

    /**
     * A platform by the names that images use.
     *
     * @param os the operating system
     * @param architecture the processor
     * @return the platform
     * @throws IllegalArgumentException naming the argument that is blank
     */
    public static Platform of(String os, String architecture) {
        return new Platform(
                Values.required("os", os), Values.required("architecture", architecture), "", "", List.of());
    }

    /**
     * Reads the text form.
     *
     * @param text {@code linux}, {@code linux/amd64} or {@code linux/arm/v7}
     * @return the platform
     * @throws IllegalArgumentException when the text is anything else; its message holds the text
     */
    public static Platform parse(String text) {
        String[] parts = Values.required("platform", text).split("/", -1);
        if (parts.length > 3 || Stream.of(parts).anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("not a platform: '" + text + "': expected os[/arch[/variant]]");
        }
        return new Platform(
                parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "", "", List.of());
    }

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    static Platform fromJson(
            @JsonProperty("os") @Nullable String os,
            @JsonProperty("architecture") @Nullable String architecture,
            @JsonProperty("variant") @Nullable String variant,
            @JsonProperty("os.version") @Nullable String osVersion,
            @JsonProperty("os.features") @JsonSetter(contentNulls = Nulls.SKIP) @Nullable List<String> osFeatures) {
        return new Platform(
                Objects.requireNonNullElse(os, ""),
                Objects.requireNonNullElse(architecture, ""),
                Objects.requireNonNullElse(variant, ""),
                Objects.requireNonNullElse(osVersion, ""),
                osFeatures == null ? List.of() : osFeatures);
    }

    static @Nullable Platform read(JsonTokens json) {
        if (!json.object()) {
            return null;
        }
        String os = null;
        String architecture = null;
        String variant = null;
        String osVersion = null;
        List<String> osFeatures = null;
        for (String name = json.nextMember(); name != null; name = json.nextMember()) {
            switch (name) {
                case "os" -> os = json.string();
                case "architecture" -> architecture = json.string();
                case "variant" -> variant = json.string();
                case "os.version" -> osVersion = json.string();
                case "os.features" -> osFeatures = Values.strings(json);
                default -> json.skip();
            }
        }
        return fromJson(os, architecture, variant, osVersion, osFeatures);
    }

    /** The text form; version and features of the operating system are no part of it. */
    @Override
    public String toString() {
        return Stream.of(os, architecture, variant)
                .takeWhile(part -> !part.isEmpty())
                .collect(Collectors.joining("/"));
    }
}
