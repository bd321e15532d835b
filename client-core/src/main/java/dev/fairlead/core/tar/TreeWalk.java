package dev.fairlead.core.tar;

import dev.fairlead.core.ignore.IgnoreRules;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Goes through a tree. Holds the names of each directory on the way to where it is; what is left out is not opened. */
final class TreeWalk implements TarEntries {

    private final FileTree tree;
    private final BooleanSupplier stopped;
    private final Deque<Directory> directories = new ArrayDeque<>();
    /** What goes before anything else is looked at: directories that are there for the sake of one file. */
    private final Deque<TarEntry> ready = new ArrayDeque<>();

    private boolean started;

    TreeWalk(FileTree tree, BooleanSupplier stopped) {
        this.tree = tree;
        this.stopped = stopped;
    }

    /** A directory on the way, and what of it is still to come. */
    private static final class Directory {

        final IgnoreRules.Place place;
        final byte[] path;
        final Iterator<Child> children;
        /** Its own entry, for as long as nothing below it asked for it. */
        @Nullable
        TarEntry owed;

        Directory(IgnoreRules.Place place, byte[] path, List<Child> children, @Nullable TarEntry owed) {
            this.place = place;
            this.path = path;
            this.children = children.iterator();
            this.owed = owed;
        }
    }

    /** What is in a directory. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by its bytes, never as a whole.
    private record Child(Path file, byte[] name) {}

    @Override
    public @Nullable TarEntry next() throws IOException {
        if (!started) {
            started = true;
            start();
        }
        while (ready.isEmpty() && !directories.isEmpty() && !stopped.getAsBoolean()) {
            Directory current = directories.getLast();
            if (current.children.hasNext()) {
                visit(current, current.children.next());
            } else {
                directories.removeLast();
            }
        }
        return ready.poll();
    }

    private void start() throws IOException {
        Path root = tree.hasName() ? tree.root() : tree.root().toRealPath();
        FileStatus status = FileStatus.of(root);
        byte[] path = {};
        if (tree.hasName()) {
            add(entry(root, path, status));
        } else if (!status.isDirectory()) {
            add(entry(root, FileNames.last(root), status));
        }
        if (status.isDirectory()) {
            directories.addLast(new Directory(tree.rules().top(), path, children(root), null));
        }
    }

    private void visit(Directory parent, Child child) throws IOException {
        IgnoreRules.Place place = parent.place.child(new String(child.name, StandardCharsets.UTF_8));
        if (tree.drops(place.path())) {
            return;
        }
        boolean kept = !place.isExcluded() || tree.keeps(place.path());
        try {
            FileStatus status = FileStatus.of(child.file);
            byte[] path = join(parent.path, child.name);
            if (status.isDirectory()) {
                enter(child, path, place, status, kept);
            } else if (kept) {
                add(entry(child.file, path, status));
            }
        } catch (NoSuchFileException vanished) {
            // It was there a moment ago: others may delete what they made while we look.
            return;
        }
    }

    private void enter(Child child, byte[] path, IgnoreRules.Place place, FileStatus status, boolean kept)
            throws IOException {
        if (!kept && place.isSkippable() && !tree.keepsSomethingBelow(place.path())) {
            return;
        }
        List<Child> children;
        try {
            children = children(child.file);
        } catch (AccessDeniedException unreadable) {
            if (kept) {
                throw unreadable;
            }
            return;
        }
        TarEntry entry = entry(child.file, path, status);
        if (kept) {
            add(entry);
        }
        directories.addLast(new Directory(place, path, children, kept ? null : entry));
    }

    /** Adds it, and before it those directories above it that were left out themselves. */
    private void add(@Nullable TarEntry entry) {
        if (entry == null) {
            return;
        }
        for (Directory directory : directories) {
            TarEntry owed = directory.owed;
            if (owed != null) {
                directory.owed = null;
                ready.add(owed);
            }
        }
        ready.add(entry);
    }

    private @Nullable TarEntry entry(Path file, byte[] path, FileStatus status) throws IOException {
        TarEntry.Type type = status.type();
        if (type == null) {
            return null;
        }
        byte[] link =
                type == TarEntry.Type.SYMBOLIC_LINK ? FileNames.link(Files.readSymbolicLink(file)) : TarEntry.NO_LINK;
        boolean isDevice = type == TarEntry.Type.CHARACTER_DEVICE || type == TarEntry.Type.BLOCK_DEVICE;
        return new TarEntry(
                tree.nameOf(path),
                type,
                tree.changed(status.attributes()),
                link,
                isDevice ? status.device() : TarEntry.Device.NONE,
                type == TarEntry.Type.FILE ? content(file) : null);
    }

    private static TarContent content(Path file) throws IOException {
        // Should it have become a link meanwhile, then it is not followed out of the tree.
        SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        try {
            return TarContent.of(file, channel);
        } catch (IOException unknownSize) {
            channel.close();
            throw unknownSize;
        }
    }

    private static List<Child> children(Path directory) throws IOException {
        List<Child> children = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path file : all) {
                children.add(new Child(file, FileNames.last(file)));
            }
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
        children.sort((one, other) -> Arrays.compareUnsigned(one.name, other.name));
        return children;
    }

    private static byte[] join(byte[] directory, byte[] name) {
        if (directory.length == 0) {
            return name;
        }
        return ByteBuffer.allocate(directory.length + 1 + name.length)
                .put(directory)
                .put((byte) '/')
                .put(name)
                .array();
    }

    @Override
    public void close() throws IOException {
        for (TarEntry entry : ready) {
            entry.close();
        }
        ready.clear();
        directories.clear();
    }
}
