package dev.fairlead;

import dev.fairlead.core.auth.RegistryAddress;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.transfer.TransferFacts;
import dev.fairlead.internal.Http;
import dev.fairlead.internal.Request;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.AttestationStatement;
import dev.fairlead.model.BuildInfo;
import dev.fairlead.model.BuildPruneOptions;
import dev.fairlead.model.BuildPruneResponse;
import dev.fairlead.model.BuiltImage;
import dev.fairlead.model.CreateImageInfo;
import dev.fairlead.model.IDResponse;
import dev.fairlead.model.ImageAttestationsOptions;
import dev.fairlead.model.ImageBuildOptions;
import dev.fairlead.model.ImageCommitOptions;
import dev.fairlead.model.ImageDeleteResponseItem;
import dev.fairlead.model.ImageHistoryOptions;
import dev.fairlead.model.ImageHistoryResponseItem;
import dev.fairlead.model.ImageImportOptions;
import dev.fairlead.model.ImageInspect;
import dev.fairlead.model.ImageInspectOptions;
import dev.fairlead.model.ImageListOptions;
import dev.fairlead.model.ImageLoadOptions;
import dev.fairlead.model.ImagePruneOptions;
import dev.fairlead.model.ImagePruneResponse;
import dev.fairlead.model.ImagePullOptions;
import dev.fairlead.model.ImagePushOptions;
import dev.fairlead.model.ImageRef;
import dev.fairlead.model.ImageRemoveOptions;
import dev.fairlead.model.ImageSaveAllOptions;
import dev.fairlead.model.ImageSaveOptions;
import dev.fairlead.model.ImageSearchOptions;
import dev.fairlead.model.ImageSearchResult;
import dev.fairlead.model.ImageSummary;
import dev.fairlead.model.LoadedImage;
import dev.fairlead.model.PulledImage;
import dev.fairlead.model.PushImageInfo;
import dev.fairlead.model.Pushed;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Images.
 *
 * <p>A {@code name} is an image's name with or without a tag or digest, or its id; a blank one is refused with an
 * {@link IllegalArgumentException} before anything is sent. An image that does not exist is a {@link NotFound}.
 *
 * <p>What goes to a registry takes the {@linkplain DockerConfig#credentials() client's credentials} for it, unless the options bring
 * some, and is tried once more if those are refused and there are others by then; messages of the first try stay said. A build takes
 * those of all registries and is sent once; BuildKit asks a session for them instead.
 */
public final class Images {

    private static final String CREATE = "/images/create";

    private final Http http;
    private final TransferResults results;

    Images(Http http) {
        this.http = http;
        this.results = new TransferResults(this, http);
    }

    /** The images that the Engine has, without those that are only layers of others. Engine operation {@code ImageList}. */
    public Flux<ImageSummary> list() {
        return list(options -> {});
    }

    /**
     * Images as the options select them. Engine operation {@code ImageList}. With {@code sharedSize(true)} it may take as long as it takes
     * the Engine to add up their layers.
     */
    public Flux<ImageSummary> list(Consumer<ImageListOptions.Builder> options) {
        ImageListOptions asked = ImageListOptions.of(options);
        Request request = http.get("/images/json").options(asked);
        return (asked.sharedSize() ? request.patient() : request).list(ImageSummary.class);
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
     * @return the pull, which begins when it is subscribed to. Its result has the image as the Engine has it afterwards, and fails with
     *     {@link NotFound} where that is gone again
     */
    public Transfer<PulledImage> pull(String name) {
        return pull(name, options -> {});
    }

    /** As {@link #pull(String)}, with a platform or credentials. */
    public Transfer<PulledImage> pull(String name, Consumer<ImagePullOptions.Builder> options) {
        ImageRef reference = ImageRef.parse(name);
        ImagePullOptions asked = ImagePullOptions.of(
                reference.repository(), pull -> options.accept(pull.tag(reference.tagOrDigestOrLatest())));
        if (asked.tag().isEmpty()) {
            throw new IllegalArgumentException("tag is empty, which would pull all tags: use pullAllTags(repository)");
        }
        ImageRef pulled = ImageRef.parse(asked.fromImage() + (asked.tag().contains(":") ? "@" : ":") + asked.tag());
        return pull(asked, facts -> results.pulled(pulled, facts));
    }

    /**
     * As {@link #pull(String)}, with all tags that the repository has in its registry.
     *
     * @param repository the image without a tag or digest
     */
    public Transfer<List<PulledImage>> pullAllTags(String repository) {
        return pullAllTags(repository, options -> {});
    }

    /** As {@link #pullAllTags(String)}, with a platform or credentials. */
    public Transfer<List<PulledImage>> pullAllTags(String repository, Consumer<ImagePullOptions.Builder> options) {
        ImageRef reference = withoutTag(repository);
        ImagePullOptions asked = ImagePullOptions.of(reference.repository(), options);
        noTag(asked.tag());
        return pull(asked, facts -> results.pulledTags(reference, facts));
    }

    private <T> Transfer<T> pull(ImagePullOptions asked, Function<TransferFacts, Mono<T>> result) {
        return new Transfer<>(
                http.post(CREATE).options(asked).registryAuth(RegistryAddress.ofName(asked.fromImage())),
                CreateImageInfo.class,
                TransferFacts::any,
                result);
    }

    /** Pulls an image if the Engine does not have it; completes when it is there. */
    public Mono<Void> pullIfMissing(String name) {
        return inspect(name)
                .then()
                .onErrorResume(NotFound.class, missing -> pull(name).result().then());
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

    /** The last thing that the Engine says is the image's id, and nothing but that. */
    private static Mono<String> imported(Request request) {
        return request.messages(CreateImageInfo.class)
                .takeLast(1)
                .next()
                .map(CreateImageInfo::status)
                .filter(TransferFacts::isDigest)
                .switchIfEmpty(Mono.error(request::withoutResult));
    }

    /**
     * Pushes an image to its registry. Engine operation {@code ImagePush}.
     *
     * <p>The containerd image store does not tell the digest. Then it is that of the image as the Engine has it, or, where only a part
     * of the image was pushed, the registry is asked for it, with the same credentials.
     *
     * @param name the image; without a tag, its {@code latest}
     * @return the push, which begins when it is subscribed to
     * @throws IllegalArgumentException if the name has a digest, which can't be pushed to
     */
    public Transfer<Pushed> push(String name) {
        return push(name, options -> {});
    }

    /** As {@link #push(String)}, with one of several platforms or with credentials. */
    public Transfer<Pushed> push(String name, Consumer<ImagePushOptions.Builder> options) {
        ImageRef reference = pushable(name);
        ImagePushOptions asked = ImagePushOptions.of(push -> {
            push.tag(reference.tagOrDigestOrLatest());
            options.accept(push);
        });
        if (asked.tag().isEmpty()) {
            throw new IllegalArgumentException("tag is empty, which would push all tags: use pushAllTags(repository)");
        }
        ImageRef pushed = ImageRef.parse(reference.repository() + ":" + asked.tag());
        return push(reference, asked, facts -> results.pushed(pushed, asked, facts));
    }

    /** As {@link #push(String)}, with all tags that the image's repository has here. */
    public Transfer<List<Pushed>> pushAllTags(String repository) {
        return pushAllTags(repository, options -> {});
    }

    /** As {@link #pushAllTags(String)}, with one of several platforms or with credentials. */
    public Transfer<List<Pushed>> pushAllTags(String repository, Consumer<ImagePushOptions.Builder> options) {
        ImageRef reference = withoutTag(repository);
        ImagePushOptions asked = ImagePushOptions.of(options);
        noTag(asked.tag());
        return push(reference, asked, facts -> results.pushedTags(reference, asked, facts));
    }

    private <T> Transfer<T> push(ImageRef reference, ImagePushOptions asked, Function<TransferFacts, Mono<T>> result) {
        return new Transfer<>(
                http.post("/images/{+name}/push", reference.repository())
                        .options(asked)
                        // Up to 26.1 an Engine refuses a push that says nothing of credentials.
                        .registryAuthAlways(reference.domain()),
                PushImageInfo.class,
                TransferFacts::any,
                result);
    }

    private static void noTag(String tag) {
        if (!tag.isEmpty()) {
            throw new IllegalArgumentException("all tags are asked for, and tag is set: " + tag);
        }
    }

    private static ImageRef withoutTag(String repository) {
        ImageRef reference = ImageRef.parse(repository);
        if (!reference.tag().isEmpty() || !reference.digest().isEmpty()) {
            throw new IllegalArgumentException("repository has a tag or a digest: " + repository);
        }
        return reference;
    }

    private static ImageRef pushable(String name) {
        ImageRef reference = ImageRef.parse(name);
        if (!reference.digest().isEmpty()) {
            throw new IllegalArgumentException("name has a digest, which can't be pushed to: " + name);
        }
        return reference;
    }

    /**
     * Builds an image from a context. Engine operation {@code ImageBuild}.
     *
     * @param context a tar with the Dockerfile and all that it copies, plain or compressed; taken as fast as the Engine reads it. A tar
     *     that is cut builds from what came, and the Engine says nothing: its source has to fail
     * @return the build, which begins when it is subscribed to; {@link Transfer#messages()} has its output. Fails with
     *     {@link StreamFailed} when a step fails, with the step's exit code. Cancelling stops it, though the classic builder may leave its
     *     running step behind
     */
    public Transfer<BuiltImage> build(Publisher<ByteBuffer> context) {
        return build(context, options -> {});
    }

    /** As {@link #build(Publisher)}, with tags, arguments and all else; with BuildKit by {@code version(BuilderVersion.BUILDKIT)}. */
    public Transfer<BuiltImage> build(Publisher<ByteBuffer> context, Consumer<ImageBuildOptions.Builder> options) {
        ImageBuildOptions asked = withContext(options);
        return built(http.post("/build").options(asked).registryConfig().upload("application/x-tar", context), asked);
    }

    /**
     * Builds an image from a folder, as {@code docker build folder}. Engine operation {@code ImageBuild}.
     *
     * <p>The folder is read while the Engine takes it, in pieces of 64 KiB and on a thread that may block; what the Engine says
     * meanwhile comes meanwhile, and when it refuses, the rest is not sent. Completion, failure and cancelling are those of {@link
     * #build(Publisher)}. Before the Engine hears anything, fails with a {@link java.nio.file.NoSuchFileException} that names the folder
     * or the Dockerfile which is not there, and with a {@link dev.fairlead.core.ignore.BadIgnorePattern} for an ignore file that can't be
     * understood; later with a {@link java.nio.file.FileSystemException} for a file that can't be read.
     *
     * @param folder what to build from, without what its {@code .dockerignore} leaves out
     */
    public Transfer<BuiltImage> build(Path folder) {
        return build(folder, options -> {});
    }

    /**
     * As {@link #build(Path)}, with tags, arguments and all else. {@code dockerfile} is a path relative to the folder, or absolute, and
     * may lead out of it.
     */
    public Transfer<BuiltImage> build(Path folder, Consumer<ImageBuildOptions.Builder> options) {
        return build(BuildContext.of(folder), options);
    }

    /** As {@link #build(Path)}, with a Dockerfile that is not a file. */
    public Transfer<BuiltImage> build(BuildContext context) {
        return build(context, options -> {});
    }

    /** As {@link #build(BuildContext)}, with tags, arguments and all else. */
    public Transfer<BuiltImage> build(BuildContext context, Consumer<ImageBuildOptions.Builder> options) {
        ImageBuildOptions asked = withContext(options);
        return built(
                http.post("/build").options(asked).registryConfig().upload("application/x-tar", context.upload(asked)),
                asked);
    }

    private static ImageBuildOptions withContext(Consumer<ImageBuildOptions.Builder> options) {
        ImageBuildOptions asked = ImageBuildOptions.of(options);
        if (!asked.remote().isEmpty()) {
            throw new IllegalArgumentException("remote is set, and there is a context too: use buildFrom(remote)");
        }
        return asked;
    }

    /**
     * As {@link #build(Publisher)}, from a context that the Engine fetches itself.
     *
     * @param remote a Git repository, or the URL of a Dockerfile or of a tar
     */
    public Transfer<BuiltImage> buildFrom(String remote) {
        return buildFrom(remote, options -> {});
    }

    /** As {@link #buildFrom(String)}, with tags, arguments and all else. */
    public Transfer<BuiltImage> buildFrom(String remote, Consumer<ImageBuildOptions.Builder> options) {
        if (remote.isBlank()) {
            throw new IllegalArgumentException("remote is blank");
        }
        ImageBuildOptions asked = ImageBuildOptions.of(build -> options.accept(build.remote(remote)));
        return built(http.post("/build").options(asked).registryConfig(), asked);
    }

    private static Transfer<BuiltImage> built(Request request, ImageBuildOptions asked) {
        return new Transfer<>(
                request, BuildInfo.class, TransferFacts::any, facts -> TransferResults.built(asked.quiet(), facts));
    }

    /**
     * Stops a build of BuildKit. Engine operation {@code BuildCancel}. Completes also when there is no such build.
     *
     * @param buildId what was given to the build as {@code buildId}
     */
    public Mono<Void> cancelBuild(String buildId) {
        return http.post("/build/cancel").required("id", buildId).done();
    }

    /** Removes what no build uses from the build cache. Engine operation {@code BuildPrune}. */
    public Mono<BuildPruneResponse> pruneBuildCache() {
        return pruneBuildCache(options -> {});
    }

    /** As {@link #pruneBuildCache()}, with what may stay, or more of it with {@code all(true)}. */
    public Mono<BuildPruneResponse> pruneBuildCache(Consumer<BuildPruneOptions.Builder> options) {
        return http.post("/build/prune")
                .options(BuildPruneOptions.of(options))
                .patient()
                .as(BuildPruneResponse.class);
    }

    /**
     * Takes images from a tar that {@link #save(String)} has made. Engine operation {@code ImageLoad}.
     *
     * @param tar plain or compressed; taken as fast as the Engine reads it
     * @return the load, which begins when it is subscribed to. The containerd image store tells no progress
     */
    public Transfer<List<LoadedImage>> load(Publisher<ByteBuffer> tar) {
        return load(tar, options -> {});
    }

    /** As {@link #load(Publisher)}, for some platforms only, or without progress by {@code quiet(true)}. */
    public Transfer<List<LoadedImage>> load(Publisher<ByteBuffer> tar, Consumer<ImageLoadOptions.Builder> options) {
        Request request = http.post("/images/load")
                .options(ImageLoadOptions.of(load -> options.accept(load.quiet(false))))
                .upload("application/x-tar", tar);
        return new Transfer<>(request, BuildInfo.class, TransferFacts::ofLoad, results::loaded);
    }

    /**
     * An image with all its layers as a tar. Engine operation {@code ImageGet}.
     *
     * <p>Demand reaches the socket. Fails with {@link StreamFailed} or {@link dev.fairlead.core.error.Truncated} when the Engine could
     * not pack it all: then what came is no image. Cancelling closes the connection.
     */
    public Flux<ByteBuffer> save(String name) {
        return save(name, options -> {});
    }

    /** As {@link #save(String)}, for some platforms only. */
    public Flux<ByteBuffer> save(String name, Consumer<ImageSaveOptions.Builder> options) {
        return http.get("/images/{+name}/get", name)
                .options(ImageSaveOptions.of(options))
                .tar();
    }

    /** As {@link #save(String)}, of several images in one tar, with the layers they share once. Engine operation {@code ImageGetAll}. */
    public Flux<ByteBuffer> saveAll(List<String> names) {
        return saveAll(names, options -> {});
    }

    /**
     * As {@link #saveAll(List)}, for some platforms only.
     *
     * @throws IllegalArgumentException if there is no name
     */
    public Flux<ByteBuffer> saveAll(List<String> names, Consumer<ImageSaveAllOptions.Builder> options) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("names is empty: the tar would be too");
        }
        return http.get("/images/get")
                .options(ImageSaveAllOptions.of(names, options))
                .tar();
    }

    /** The steps by which an image came to be, the last one first. Engine operation {@code ImageHistory}. */
    public Flux<ImageHistoryResponseItem> history(String name) {
        return history(name, options -> {});
    }

    /** As {@link #history(String)}, for one of several platforms. */
    public Flux<ImageHistoryResponseItem> history(String name, Consumer<ImageHistoryOptions.Builder> options) {
        return http.get("/images/{+name}/history", name)
                .options(ImageHistoryOptions.of(options))
                .list(ImageHistoryResponseItem.class);
    }

    /** Repositories of Docker Hub. Engine operation {@code ImageSearch}. */
    public Flux<ImageSearchResult> search(String term) {
        return search(term, options -> {});
    }

    /** As {@link #search(String)}, with a limit, or narrowed by filters. */
    public Flux<ImageSearchResult> search(String term, Consumer<ImageSearchOptions.Builder> options) {
        ImageSearchOptions asked = ImageSearchOptions.of(term, options);
        if (asked.limit() < 0) {
            // The Engine answers success, and nothing else.
            throw new IllegalArgumentException("limit is negative: " + asked.limit());
        }
        return http.get("/images/search")
                .options(asked)
                .registryAuth(RegistryAddress.ofSearch(term))
                .patient()
                .list(ImageSearchResult.class);
    }

    /**
     * Removes images without a name that no container uses. Engine operation {@code ImagePrune}. Conflicts with a prune under way.
     */
    public Mono<ImagePruneResponse> prune() {
        return prune(options -> {});
    }

    /** As {@link #prune()}; also those with a name by the filter {@code dangling(false)}. */
    public Mono<ImagePruneResponse> prune(Consumer<ImagePruneOptions.Builder> options) {
        return http.post("/images/prune")
                .options(ImagePruneOptions.of(options))
                .patient()
                .as(ImagePruneResponse.class);
    }

    /**
     * Makes an image of a container's files and settings. Engine operation {@code ImageCommit}. A running container is frozen meanwhile.
     *
     * @return the id of the image
     */
    public Mono<String> commit(String container) {
        return commit(container, options -> {});
    }

    /** As {@link #commit(String)}, with a name, other settings, or without a pause. */
    public Mono<String> commit(String container, Consumer<ImageCommitOptions.Builder> options) {
        return http.post("/commit")
                .options(ImageCommitOptions.of(container, options))
                .optionalBody()
                .patient()
                .as(IDResponse.class)
                .map(IDResponse::id);
    }

    /** What was attested of an image. Engine operation {@code ImageAttestations}, from API 1.55 on. */
    public Flux<AttestationStatement> attestations(String name) {
        return attestations(name, options -> {});
    }

    /** As {@link #attestations(String)}, of some kinds or for another platform, or with what they say. */
    public Flux<AttestationStatement> attestations(String name, Consumer<ImageAttestationsOptions.Builder> options) {
        return http.get("/images/{+name}/attestations", name)
                .since(ApiVersion.of(1, 55))
                .options(ImageAttestationsOptions.of(options))
                .list(AttestationStatement.class);
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
                .idempotent()
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
