package dev.fairlead;

import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.internal.Http;
import dev.fairlead.internal.Request;
import dev.fairlead.model.CreateImageInfo;
import dev.fairlead.model.ErrorDetail;
import dev.fairlead.model.ImageDeleteResponseItem;
import dev.fairlead.model.ImageImportOptions;
import dev.fairlead.model.ImageInspect;
import dev.fairlead.model.ImageInspectOptions;
import dev.fairlead.model.ImageListOptions;
import dev.fairlead.model.ImagePullOptions;
import dev.fairlead.model.ImageRef;
import dev.fairlead.model.ImageRemoveOptions;
import dev.fairlead.model.ImageSummary;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Images.
 *
 * <p>A {@code name} is an image's name with or without a tag or digest, or its id; a blank one is refused with an
 * {@link IllegalArgumentException} before anything is sent. An image that does not exist is a {@link NotFound}.
 */
public final class Images {

    private static final String CREATE = "/images/create";

    private final Http http;

    Images(Http http) {
        this.http = http;
    }

    /** The images that the Engine has, without those that are only layers of others. Engine operation {@code ImageList}. */
    public Flux<ImageSummary> list() {
        return list(options -> {});
    }

    /** Images as the options select them. Engine operation {@code ImageList}. */
    public Flux<ImageSummary> list(Consumer<ImageListOptions.Builder> options) {
        return http.get("/images/json").options(ImageListOptions.of(options)).list(ImageSummary.class);
    }

    /** Everything about one image. Engine operation {@code ImageInspect}. */
    public Mono<ImageInspect> inspect(String name) {
        return inspect(name, options -> {});
    }

    /** As {@link #inspect(String)}, for one platform or with the manifests of all. */
    public Mono<ImageInspect> inspect(String name, Consumer<ImageInspectOptions.Builder> options) {
        return http.get("/images/{+name}/json", name)
                .options(ImageInspectOptions.of(options))
                .as(ImageInspect.class);
    }

    /**
     * Pulls an image from its registry. Engine operation {@code ImageCreate}.
     *
     * @param name the image; without a tag or digest, its {@code latest}
     * @return what the Engine says meanwhile; completes when the image is there, fails with {@link StreamFailed} when the Engine
     *     gives up on the way. Cancelling stops the pull. Demand reaches the socket.
     */
    public Flux<CreateImageInfo> pull(String name) {
        return pull(name, options -> {});
    }

    /** As {@link #pull(String)}, with a platform or credentials. */
    public Flux<CreateImageInfo> pull(String name, Consumer<ImagePullOptions.Builder> options) {
        ImageRef reference = ImageRef.parse(name);
        ImagePullOptions.Builder builder =
                ImagePullOptions.builder(reference.repository()).tag(reference.tagOrDigestOrLatest());
        options.accept(builder);
        return messages(builder.build());
    }

    private Flux<CreateImageInfo> messages(ImagePullOptions options) {
        return http.post(CREATE).options(options).stream(CreateImageInfo.class).map(Images::orThrow);
    }

    /** Pulls an image if the Engine does not have it; completes when it is there. */
    public Mono<Void> pullIfMissing(String name) {
        return inspect(name).then().onErrorResume(NotFound.class, missing -> pull(name)
                .then());
    }

    /**
     * Makes an image with one layer from a tar of files. Engine operation {@code ImageCreate}.
     *
     * @param tar the files, plain or compressed; taken as fast as the Engine reads it
     * @return the id of the image
     */
    public Mono<String> importImage(Publisher<ByteBuffer> tar) {
        return importImage(tar, options -> {});
    }

    /** As {@link #importImage(Publisher)}, with a name, a tag, a message, and changes to its configuration. */
    public Mono<String> importImage(Publisher<ByteBuffer> tar, Consumer<ImageImportOptions.Builder> options) {
        return imported(
                http.post(CREATE).upload("application/x-tar", tar).options(ImageImportOptions.of("-", options)));
    }

    /** As {@link #importImage(Publisher)}, from a tar that the Engine fetches itself. */
    public Mono<String> importFrom(URI source) {
        return importFrom(source, options -> {});
    }

    /** As {@link #importFrom(URI)}, with a name, a tag, a message, and changes to its configuration. */
    public Mono<String> importFrom(URI source, Consumer<ImageImportOptions.Builder> options) {
        return imported(http.post(CREATE).options(ImageImportOptions.of(source.toString(), options)));
    }

    /** The last thing that the Engine says is the image's id. */
    private static Mono<String> imported(Request request) {
        return request.stream(CreateImageInfo.class).map(Images::orThrow).last().map(CreateImageInfo::status);
    }

    private static CreateImageInfo orThrow(CreateImageInfo message) {
        ErrorDetail detail = message.errorDetail();
        if (detail != null) {
            throw new StreamFailed("POST " + CREATE, detail.message(), detail.code());
        }
        return message;
    }

    /**
     * Gives an image another name. Engine operation {@code ImageTag}.
     *
     * @param name the image
     * @param target its further name; without a tag, its {@code latest}
     */
    public Mono<Void> tag(String name, String target) {
        ImageRef reference = ImageRef.parse(target);
        if (!reference.digest().isEmpty()) {
            throw new IllegalArgumentException("target has a digest, which can't be given: " + target);
        }
        return http.post("/images/{+name}/tag", name)
                .query("repo", reference.repository())
                .query("tag", reference.tagOrDigestOrLatest())
                .done();
    }

    /**
     * Takes a name from an image, and removes the image with its last name. Engine operation {@code ImageDelete}.
     *
     * @return what was done, name by name and layer by layer; fails with a conflict when a container uses the image
     */
    public Flux<ImageDeleteResponseItem> remove(String name) {
        return remove(name, options -> {});
    }

    /** As {@link #remove(String)}, by force or without its untagged parents. */
    public Flux<ImageDeleteResponseItem> remove(String name, Consumer<ImageRemoveOptions.Builder> options) {
        return http.delete("/images/{+name}", name)
                .options(ImageRemoveOptions.of(options))
                .patient()
                .list(ImageDeleteResponseItem.class);
    }
}
