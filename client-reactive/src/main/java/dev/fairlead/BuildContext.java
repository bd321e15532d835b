package dev.fairlead;

import dev.fairlead.core.context.BuildFiles;
import dev.fairlead.internal.TarFlux;
import dev.fairlead.internal.Upload;
import dev.fairlead.model.BuilderVersion;
import dev.fairlead.model.ImageBuildOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * What an image is built from, where it is on this machine: a folder, a Dockerfile that is only a text, or both.
 *
 * <p>Of a folder, everything is sent but what its ignore file leaves out, read as {@code docker build} reads it: {@code
 * NAME.dockerignore} beside a Dockerfile called NAME, or else the folder's {@code .dockerignore}. The folder is looked at when the build
 * is subscribed to, and each time; it is read as fast as the Engine takes it ({@link Tar} says how).
 *
 * <p>The Dockerfile is sent also when it is left out, and so is the {@code .dockerignore} to the classic builder, which then takes both
 * away before the first step. BuildKit by {@code version(BUILDKIT)} doesn't: an excluded Dockerfile, or one that is given as a text, is
 * among what {@code COPY . .} copies there.
 */
public final class BuildContext {

    private final @Nullable Path folder;
    private final @Nullable String dockerfile;

    private BuildContext(@Nullable Path folder, @Nullable String dockerfile) {
        this.folder = folder;
        this.dockerfile = dockerfile;
    }

    /**
     * A folder with its Dockerfile: that of the build's options, a path relative to the folder or absolute, within it or not; else
     * {@code Dockerfile} or {@code dockerfile} in it.
     */
    public static BuildContext of(Path folder) {
        return new BuildContext(folder, null);
    }

    /** No files, only a Dockerfile, which can copy from other images but from nowhere else; as {@code docker build -}. */
    public static BuildContext ofDockerfile(String text) {
        return new BuildContext(null, checked(text));
    }

    /** The same files with this Dockerfile in place of theirs; as {@code docker build --file - folder}. */
    public BuildContext withDockerfile(String text) {
        return new BuildContext(folder, checked(text));
    }

    private static String checked(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("dockerfile is blank");
        }
        return text;
    }

    /** What goes up for a build with these options, once the folder was looked at. */
    Mono<Upload> upload(ImageBuildOptions options) {
        if (dockerfile != null && !options.dockerfile().isEmpty()) {
            throw new IllegalArgumentException("dockerfile is given as a path and as a text");
        }
        boolean classic = !BuilderVersion.BUILDKIT.equals(options.version());
        return Mono.fromCallable(() -> files(options.dockerfile(), classic))
                .map(files -> new Upload(Map.of("dockerfile", files.dockerfile()), new TarFlux(files.sources())))
                .subscribeOn(Schedulers.boundedElastic());
    }

    private BuildFiles files(String path, boolean classic) throws IOException {
        Path context = folder;
        String text = dockerfile;
        if (context != null) {
            return BuildFiles.of(context, path, text, classic);
        }
        if (text == null) {
            throw new IllegalStateException("neither a folder nor a Dockerfile");
        }
        return BuildFiles.ofDockerfile(text);
    }
}
