package dev.fairlead;

import dev.fairlead.core.ignore.IgnoreRules;
import dev.fairlead.core.tar.FileTree;
import dev.fairlead.core.tar.TarAttributes;
import dev.fairlead.core.tar.TarSource;
import dev.fairlead.core.tar.TarUnpacker;
import dev.fairlead.internal.TarFlux;
import dev.fairlead.internal.Unpacking;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Tars made of files and of what is in memory, for the operations that take one: a build, an import, a copy into a container.
 *
 * <p>A tar is made while it is read, each time it is subscribed to: {@code docker.containers().copyIn(id, "/etc", Tar.of(folder))}
 * needs 64 KiB, whatever the folder holds. It comes in pieces of 64 KiB, as many as are asked for, and ends after its last piece.
 * Nothing is read ahead; files are read on {@link reactor.core.scheduler.Schedulers#boundedElastic()}, one at a time. Cancelling
 * closes what is open.
 *
 * <p>Trees are read as they stand: in the order of their names, with modes, times in whole seconds, symbolic links, pipes and devices.
 * A hard link becomes a file of its own, a sparse file has its full length. Sockets are left out, and so is what vanishes meanwhile. Of
 * a file that grows, as much is taken as there was when it was opened; one that becomes shorter fails with {@link
 * dev.fairlead.core.tar.FileShrank}, one that can't be read with a {@link java.nio.file.FileSystemException} that names it. Extended
 * attributes are not kept. Names and sizes are as long as they are (POSIX pax).
 */
public final class Tar {

    private Tar() {}

    /**
     * What a folder holds, by paths relative to it, or one file by its name. All belongs to root.
     *
     * @param source a folder or a file, or a link to one
     */
    public static Flux<ByteBuffer> of(Path source) {
        return new TarFlux(List.of(Owner.ROOT.of(FileTree.contentsOf(source))));
    }

    /**
     * Files of the disk and of memory, put together: {@code Tar.of(tar -> tar.file("app.conf", text).add(folder, "static"))}.
     */
    public static Flux<ByteBuffer> of(Consumer<Builder> contents) {
        Builder builder = new Builder();
        contents.accept(builder);
        return new TarFlux(builder.sources);
    }

    /**
     * Makes files of a tar, in one folder and never outside of it: {@code Tar.unpack(docker.containers().export(id), folder)}.
     *
     * <p>Asks the tar for a piece when the last one was written, on threads of {@link
     * reactor.core.scheduler.Schedulers#boundedElastic()}. Refuses names that begin with a slash or go up, and writes through no link
     * below the folder, whoever made it; the links that it makes are as the tar has them. A file takes the place of whatever is no
     * directory. Permissions and times are those of the tar, owners are this process's; devices and pipes are left out and counted. What
     * was made before a failure, or before it was cancelled, stays.
     *
     * @param folder where to; it is made if need be, and a link to it is followed
     * @return what was made; fails with {@link dev.fairlead.core.error.UnsafeArchive} for what is refused, with {@link
     *     dev.fairlead.core.error.Truncated} for a tar that is cut, with {@link dev.fairlead.core.error.ProtocolFailure} for what is none
     */
    public static Mono<Unpacked> unpack(Publisher<ByteBuffer> tar, Path folder) {
        return Unpacking.of(
                tar,
                () -> new TarUnpacker("unpack into " + folder, folder, UnaryOperator.identity()),
                done -> new Unpacked(done.entries(), done.bytes(), done.leftOut()));
    }

    /** What goes into a tar, in the order in which it is said. A name is a relative path such as {@code a/b}. */
    public static final class Builder {

        private final List<TarSource> sources = new ArrayList<>();

        private Builder() {}

        /** A file that holds a text, as UTF-8. Its mode is 0644. */
        public Builder file(String name, String text) {
            return file(name, text, entry -> {});
        }

        /** As {@link #file(String, String)}, with another mode, owner or time. */
        public Builder file(String name, String text, Consumer<Entry> entry) {
            return file(name, text.getBytes(StandardCharsets.UTF_8), entry);
        }

        /** A file that holds these bytes, which are not copied. Its mode is 0644. */
        public Builder file(String name, byte[] content) {
            return file(name, content, entry -> {});
        }

        /** As {@link #file(String, byte[])}, with another mode, owner or time. */
        public Builder file(String name, byte[] content, Consumer<Entry> entry) {
            sources.add(TarSource.file(name, content, Entry.of(0644, entry)));
            return this;
        }

        /** A directory. Its mode is 0755. */
        public Builder directory(String name) {
            return directory(name, entry -> {});
        }

        /** As {@link #directory(String)}, with another mode, owner or time. */
        public Builder directory(String name, Consumer<Entry> entry) {
            sources.add(TarSource.directory(name, Entry.of(0755, entry)));
            return this;
        }

        /** A symbolic link. */
        public Builder symbolicLink(String name, String target) {
            sources.add(TarSource.symbolicLink(name, target, Entry.of(0777, entry -> {})));
            return this;
        }

        /** What a folder holds, by paths relative to it, or one file by its name; also by a link to one. */
        public Builder add(Path source) {
            return add(source, tree -> {});
        }

        /** As {@link #add(Path)}, without some of it, or of another owner. */
        public Builder add(Path source, Consumer<Tree> tree) {
            return add(FileTree.contentsOf(source), tree);
        }

        /** A file, a link, or a folder with all that it holds, under a name of its own. */
        public Builder add(Path source, String name) {
            return add(source, name, tree -> {});
        }

        /** As {@link #add(Path, String)}, without some of it, or of another owner. */
        public Builder add(Path source, String name, Consumer<Tree> tree) {
            return add(FileTree.of(source, name), tree);
        }

        private Builder add(FileTree files, Consumer<Tree> options) {
            Tree tree = new Tree();
            options.accept(tree);
            sources.add(tree.owner.of(files.without(tree.rules)));
            return this;
        }
    }

    /** What a tar says of an entry that is made in memory. It belongs to root, and was changed just now, unless told. */
    public static final class Entry {

        private int mode;
        private Owner owner = Owner.ROOT;
        private @Nullable Instant modified;

        private Entry(int mode) {
            this.mode = mode;
        }

        private static Supplier<TarAttributes> of(int mode, Consumer<Entry> options) {
            Entry entry = new Entry(mode);
            options.accept(entry);
            TarAttributes told = entry.attributes(Instant.EPOCH);
            return entry.modified == null
                    ? () -> new TarAttributes(told.mode(), told.uid(), told.gid(), Instant.now())
                    : () -> told;
        }

        private TarAttributes attributes(Instant otherwise) {
            return new TarAttributes(mode, owner.uid(), owner.gid(), modified == null ? otherwise : modified);
        }

        /** Permissions with the setuid, setgid and sticky bits: {@code 0} to {@code 07777}. */
        public Entry mode(int mode) {
            this.mode = mode;
            return this;
        }

        /** The numbers of its owner and group. */
        public Entry owner(long uid, long gid) {
            this.owner = new Owner(uid, gid);
            return this;
        }

        /** When it was last changed, of which whole seconds are kept. The same tar is the same bytes only with this. */
        public Entry modified(Instant modified) {
            this.modified = modified;
            return this;
        }
    }

    /** What is taken of a tree on the disk, and whose it is. */
    public static final class Tree {

        private IgnoreRules rules = IgnoreRules.none();
        private Owner owner = Owner.ROOT;

        private Tree() {}

        /** Leaves out what these rules say. */
        public Tree ignore(IgnoreRules rules) {
            this.rules = rules;
            return this;
        }

        /** The numbers of the owner and group of all of it; root unless told. */
        public Tree owner(long uid, long gid) {
            this.owner = new Owner(uid, gid);
            return this;
        }

        /** Leaves everything to the numbers that it belongs to on this machine. */
        public Tree keepOwners() {
            this.owner = Owner.KEPT;
            return this;
        }
    }

    /** Numbers of an owner and a group. */
    private record Owner(long uid, long gid) {

        static final Owner ROOT = new Owner(0, 0);

        /** As it is on the disk. */
        static final Owner KEPT = new Owner(-1, -1);

        FileTree of(FileTree tree) {
            return equals(KEPT) ? tree : tree.changed(attributes -> attributes.ownedBy(uid, gid));
        }
    }
}
