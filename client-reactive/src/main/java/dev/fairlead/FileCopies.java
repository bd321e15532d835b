package dev.fairlead;

import dev.fairlead.core.error.EngineFailure;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.tar.CopyPlan;
import dev.fairlead.core.tar.CopyPlan.Destination;
import dev.fairlead.core.tar.CopyPlan.Destination.State;
import dev.fairlead.core.tar.TarUnpacker;
import dev.fairlead.internal.Http;
import dev.fairlead.internal.Unpacking;
import dev.fairlead.model.ContainerPutArchiveOptions;
import dev.fairlead.model.PathStat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Copies between a container and this machine, by the rules of {@code docker cp}. */
final class FileCopies {

    private static final String STAT = "X-Docker-Container-Path-Stat";

    /** As many links as {@code docker cp} follows, one to the next. */
    private static final int MOST_LINKS = 10;

    private final Http http;

    FileCopies(Http http) {
        this.http = http;
    }

    Mono<Unpacked> toHost(String id, String path, Path target) {
        return http.get("/containers/{id}/archive", id)
                .required("path", path)
                .tar(STAT, PathStat.class, (stat, tar) -> unpack(path, stat, tar, target));
    }

    private static Mono<Unpacked> unpack(String path, PathStat stat, Flux<ByteBuffer> tar, Path target) {
        return Unpacking.of(
                tar,
                () -> unpacker(path, stat, target),
                done -> new Unpacked(done.entries(), done.bytes(), done.leftOut()));
    }

    private static TarUnpacker unpacker(String path, PathStat stat, Path target) throws IOException {
        Path followed = followed(target.toAbsolutePath());
        State state = state(followed);
        String name = Objects.toString(followed.getFileName(), "");
        CopyPlan plan = CopyPlan.of(
                ContainerPath.name(path),
                stat.kind() == PathStat.Kind.DIRECTORY,
                new Destination(target.toString(), name, state, false));
        Path folder = plan.intoDestination() ? followed : parentOf(followed);
        return new TarUnpacker("copy " + path + " to " + target, folder, plan::nameOf);
    }

    Mono<Void> toContainer(String id, Path source, String path, Consumer<ContainerPutArchiveOptions.Builder> options) {
        ContainerPutArchiveOptions asked =
                ContainerPutArchiveOptions.of(put -> options.accept(put.noOverwriteDirNonDir(true)));
        return destination(id, path).flatMap(destination -> onDisk(() -> HostFile.of(source))
                .flatMap(file -> onDisk(() -> file.plan(destination)).flatMap(plan -> http.put(
                                "/containers/{id}/archive", id)
                        .required(
                                "path",
                                plan.intoDestination() ? destination.path() : ContainerPath.parent(destination.path()))
                        .options(asked)
                        .upload("application/x-tar", file.tar(plan))
                        .done())));
    }

    /** What the path leads to; by a link, what that leads to. */
    private Mono<Destination> destination(String id, String path) {
        return stat(id, path)
                .flatMap(stat -> {
                    if (stat.kind() != PathStat.Kind.LINK) {
                        return Mono.just(destination(path, stat));
                    }
                    String target = ContainerPath.resolve(path, stat.linkTarget());
                    return stat(id, target)
                            .map(there -> destination(target, there))
                            .defaultIfEmpty(missing(target));
                })
                .defaultIfEmpty(missing(path));
    }

    /** Empty when nothing is there, be it the path or the container: the copy itself tells. */
    private Mono<PathStat> stat(String id, String path) {
        return http.head("/containers/{id}/archive", id)
                .required("path", path)
                .header(STAT, PathStat.class)
                .onErrorComplete(NotFound.class)
                // What is not a directory is not to be found behind a slash either, but Engines say it with a 500.
                .onErrorComplete(failure -> failure instanceof EngineFailure && path.endsWith("/"));
    }

    private static Destination destination(String path, PathStat stat) {
        return new Destination(
                path,
                ContainerPath.name(path),
                switch (stat.kind()) {
                    case DIRECTORY -> State.DIRECTORY;
                    case FILE, LINK -> State.OTHER;
                    case PIPE, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE, OTHER -> State.SPECIAL;
                },
                path.endsWith("/"));
    }

    private static Destination missing(String path) {
        return new Destination(path, ContainerPath.name(path), State.MISSING, path.endsWith("/"));
    }

    private static <T> Mono<T> onDisk(Callable<T> look) {
        return Mono.fromCallable(look).subscribeOn(Schedulers.boundedElastic());
    }

    /** Where a link leads to, also if nothing is there. */
    private static Path followed(Path path) throws IOException {
        Path at = path;
        for (int links = 0; Files.isSymbolicLink(at); links++) {
            if (links == MOST_LINKS) {
                throw new FileSystemException(path.toString(), null, "is a link to a link, and so on");
            }
            at = at.resolveSibling(Files.readSymbolicLink(at));
        }
        return at;
    }

    private static State state(Path path) {
        if (Files.isDirectory(path)) {
            return State.DIRECTORY;
        }
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? State.OTHER : State.MISSING;
    }

    /** Nobody makes more than was asked for: where the parent is missing, there was a mistake. */
    private static Path parentOf(Path path) throws IOException {
        Path parent = Objects.requireNonNullElse(path.getParent(), path);
        if (!Files.isDirectory(parent)) {
            throw Files.exists(parent)
                    ? new NotDirectoryException(parent.toString())
                    : new NoSuchFileException(parent.toString());
        }
        return parent;
    }
}
