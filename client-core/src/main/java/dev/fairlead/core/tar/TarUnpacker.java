package dev.fairlead.core.tar;

import dev.fairlead.core.error.UnsafeArchive;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes files of a tar while it comes, in one folder and never outside of it. Blocks while it writes, and may be closed by another
 * thread meanwhile.
 *
 * <p>Refuses names that begin with a slash or go up, and follows no symbolic link below its folder, whoever made it: neither one of the
 * tar, nor one that was there. The links that it makes are as the tar has them. A file takes the place of whatever is no directory; a
 * directory and something else never take each other's. Permissions are those of the tar, owners are those of the process; of the folder itself nothing is changed. Devices and
 * pipes are left out and counted, and so are hard links to them. What was made before a failure stays.
 */
public final class TarUnpacker implements Closeable {

    private final String operation;
    private final Path folder;
    private final boolean posix;
    private final TarReader reader;
    private final Visitor visitor = new Visitor();
    private final UnaryOperator<String> names;
    /** Of directories, which must be writable until the end, and whose times change with what is made in them. */
    private final Map<Path, TarHead> directories = new LinkedHashMap<>();
    /** Devices and pipes that are not made, and links to them. */
    private final Set<Path> missing = new HashSet<>();

    private @Nullable FileChannel file;
    private @Nullable Path filePath;
    private @Nullable TarHead fileHead;
    private boolean closed;
    private long entries;
    private long bytes;
    private long leftOut;

    /**
     * Unpacks into a folder, which is made if need be.
     *
     * @param operation what is done, for messages
     * @param folder where to; a symbolic link to it is followed
     * @param names gives an entry another name, as a part of a path that may go nowhere else either
     */
    public TarUnpacker(String operation, Path folder, UnaryOperator<String> names) throws IOException {
        this.operation = operation;
        this.folder = Files.isDirectory(folder)
                ? folder.toRealPath()
                : Files.createDirectories(folder).toRealPath();
        this.posix = this.folder.getFileSystem().supportedFileAttributeViews().contains("unix");
        this.names = names;
        this.reader = new TarReader(operation);
    }

    /** Takes the next piece of the tar. */
    public synchronized void unpack(ByteBuffer piece) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        reader.read(piece, visitor);
    }

    /**
     * The tar has ended: gives the directories their permissions and times.
     *
     * @throws dev.fairlead.core.error.Truncated if it was cut
     */
    public synchronized void finish() throws IOException {
        reader.end();
        // The deepest first: the permissions of those above may close the way.
        List<Map.Entry<Path, TarHead>> all = new ArrayList<>(directories.entrySet());
        all.sort(Comparator.comparingInt(directory -> -directory.getKey().getNameCount()));
        for (Map.Entry<Path, TarHead> directory : all) {
            setAttributes(directory.getKey(), directory.getValue());
        }
    }

    /** How many files, links and directories were made. */
    public synchronized long entries() {
        return entries;
    }

    /** How many bytes the files hold. */
    public synchronized long bytes() {
        return bytes;
    }

    /** How many devices and pipes, and hard links to those, were left out. */
    public synchronized long leftOut() {
        return leftOut;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        closeFile();
    }

    private void closeFile() throws IOException {
        FileChannel open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    private final class Visitor implements TarVisitor {

        @Override
        public void entry(TarHead head) throws IOException {
            Path path = place(names.apply(head.name()), head.name());
            if (path.equals(folder)) {
                // It is somebody else's, with permissions of its own.
                if (head.kind() != TarHead.Kind.DIRECTORY) {
                    throw refused(head.name(), "it would take the place of " + folder);
                }
                return;
            }
            switch (head.kind()) {
                case DIRECTORY -> makeDirectory(path, head);
                case FILE -> openFile(path, head);
                case SYMBOLIC_LINK -> {
                    clear(path, head);
                    Files.createSymbolicLink(path, path(head.link(), head.name()));
                    setTime(path, head.modified());
                }
                case HARD_LINK -> {
                    Path target = place(names.apply(head.link()), head.name());
                    if (missing.contains(target)) {
                        leaveOut(path);
                        return;
                    }
                    clear(path, head);
                    Files.createLink(path, target);
                }
                case SPECIAL -> {
                    leaveOut(path);
                    return;
                }
            }
            missing.remove(path);
            entries++;
        }

        private void leaveOut(Path path) {
            missing.add(path);
            leftOut++;
        }

        @Override
        public void content(ByteBuffer piece) throws IOException {
            FileChannel open = Objects.requireNonNull(file, "content comes for files alone");
            bytes += piece.remaining();
            while (piece.hasRemaining()) {
                var unused = open.write(piece);
            }
        }

        @Override
        public void endOfEntry() throws IOException {
            if (file != null && filePath != null && fileHead != null) {
                closeFile();
                setAttributes(filePath, fileHead);
            }
        }
    }

    /** Where an entry goes, with all directories above it there, none of them a link. */
    private Path place(String name, String original) throws IOException {
        if (name.startsWith("/") || name.indexOf('\0') >= 0) {
            throw refused(original, "its name is no place in a folder");
        }
        Path path = folder;
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            Path next = path.resolve(path(part, original));
            // A part that a system reads as several, or as none, leads anywhere: "..", "C:", "a\b".
            if (part.equals("..") || next.getNameCount() != path.getNameCount() + 1 || !next.startsWith(path)) {
                throw refused(original, "it leads out of " + folder);
            }
            if (!path.equals(folder)) {
                enter(path, original);
            }
            path = next;
        }
        return path;
    }

    /** What the system can't have as a name, such as é where its letters are those of ASCII, is a failure to write that file. */
    private Path path(String text, String original) throws FileSystemException {
        try {
            return folder.getFileSystem().getPath(text);
        } catch (InvalidPathException unfit) {
            FileSystemException refused =
                    new FileSystemException(original, null, "no name for a file here: " + unfit.getReason());
            refused.initCause(unfit);
            throw refused;
        }
    }

    private void enter(Path directory, String original) throws IOException {
        BasicFileAttributes there = attributes(directory);
        if (there == null) {
            Files.createDirectory(directory);
        } else if (!there.isDirectory()) {
            throw refused(
                    original, directory + " on the way to it is " + (there.isSymbolicLink() ? "a link" : "a file"));
        }
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException missing) {
            return null;
        }
    }

    private void makeDirectory(Path path, TarHead head) throws IOException {
        BasicFileAttributes there = attributes(path);
        if (there == null) {
            Files.createDirectory(path, onlyFor("rwx------"));
        } else if (!there.isDirectory()) {
            throw refused(head.name(), path + " is there, and is no directory");
        }
        // The last word counts, also where it comes again.
        directories.remove(path);
        directories.put(path, head);
    }

    private void openFile(Path path, TarHead head) throws IOException {
        clear(path, head);
        file = FileChannel.open(
                path,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS),
                onlyFor("rw-------"));
        filePath = path;
        fileHead = head;
    }

    /** Until it has its own permissions, nobody else reads it. */
    private FileAttribute<?>[] onlyFor(String permissions) {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** Takes away what is in the way, and itself only: what a link there points to stays. */
    private void clear(Path path, TarHead head) throws IOException {
        BasicFileAttributes there = attributes(path);
        if (there == null) {
            return;
        }
        if (there.isDirectory()) {
            throw refused(head.name(), path + " is there, and is a directory");
        }
        Files.delete(path);
    }

    private void setAttributes(Path path, TarHead head) throws IOException {
        // The time first: to set it opens the file, which its own permissions may not allow.
        setTime(path, head.modified());
        if (posix) {
            Files.setAttribute(path, "unix:mode", head.mode(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static void setTime(Path path, Instant modified) throws IOException {
        FileTime time = FileTime.from(modified);
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(time, null, null);
    }

    private UnsafeArchive refused(String name, String why) {
        return new UnsafeArchive(operation, "refused the entry " + name + ": " + why);
    }
}
