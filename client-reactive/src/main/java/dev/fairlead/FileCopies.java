package dev.fairlead;

import dev.fairlead.core.tar.CopyPlan;
import dev.fairlead.core.tar.CopyPlan.Destination;
import dev.fairlead.core.tar.CopyPlan.Destination.State;
import dev.fairlead.core.tar.TarUnpacker;
import dev.fairlead.internal.Http;
import dev.fairlead.internal.Unpacking;
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
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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
