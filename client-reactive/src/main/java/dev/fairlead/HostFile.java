package dev.fairlead;

import dev.fairlead.core.tar.CopyPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import reactor.core.publisher.Flux;

/**
 * A file of this machine that is copied into a container.
 *
 * @param path where it is
 * @param name the last part of its path, {@link CopyPlan#CONTENT} when the content of a directory is meant
 * @param directory whether it is one
 */
record HostFile(Path path, String name, boolean directory) {

    /** Looks at the disk: blocks. */
    static HostFile of(Path source) throws IOException {
        Path last = source.getFileName();
        boolean content = last == null || last.toString().equals(CopyPlan.CONTENT);
        if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(source.toString());
        }
        if (content) {
            if (!Files.isDirectory(source)) {
                throw new NotDirectoryException(source.toString());
            }
            return new HostFile(source.toRealPath(), CopyPlan.CONTENT, true);
        }
        Path name = source.toAbsolutePath().normalize().getFileName();
        return new HostFile(
                source,
                name == null ? CopyPlan.CONTENT : name.toString(),
                Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS));
    }

    CopyPlan plan(CopyPlan.Destination destination) throws FileSystemException {
        return CopyPlan.of(name, directory, destination);
    }

    Flux<ByteBuffer> tar(CopyPlan plan) {
        String there = plan.nameOf(name);
        // Whatever its documentation says, docker cp keeps them.
        return Tar.of(tar -> {
            if (there.equals(CopyPlan.CONTENT)) {
                tar.add(path, Tar.Tree::keepOwners);
            } else {
                tar.add(path, there, Tar.Tree::keepOwners);
            }
        });
    }
}
