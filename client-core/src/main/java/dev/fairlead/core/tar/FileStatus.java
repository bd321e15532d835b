package dev.fairlead.core.tar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the file system says of a file, without following a link.
 *
 * @param type what it is, or null for what no tar holds, such as a socket
 * @param attributes its mode, owner and time
 * @param device its numbers, if it is a device
 */
record FileStatus(TarEntry.@Nullable Type type, TarAttributes attributes, TarEntry.Device device) {

    /** What Docker gives to files of a system that has no modes: all may read and run them. */
    private static final int MODE_ELSEWHERE = 0755;

    private static final int TYPE = 0170000;
    private static final int PERMISSIONS = 07777;

    private static final boolean LINUX =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");

    boolean isDirectory() {
        return type == TarEntry.Type.DIRECTORY;
    }

    static FileStatus of(Path path) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return elsewhere(path);
        }
        Map<String, Object> all =
                Files.readAttributes(path, "unix:mode,uid,gid,rdev,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        int mode = (Integer) value(all, "mode");
        TarAttributes attributes = new TarAttributes(
                mode & PERMISSIONS,
                Integer.toUnsignedLong((Integer) value(all, "uid")),
                Integer.toUnsignedLong((Integer) value(all, "gid")),
                ((FileTime) value(all, "lastModifiedTime")).toInstant());
        return new FileStatus(type(mode), attributes, device((Long) value(all, "rdev")));
    }

    private static Object value(Map<String, Object> all, String name) {
        Object value = all.get(name);
        if (value == null) {
            throw new IllegalStateException("the file system does not tell " + name);
        }
        return value;
    }

    private static TarEntry.@Nullable Type type(int mode) {
        return switch (mode & TYPE) {
            case 0100000 -> TarEntry.Type.FILE;
            case 0040000 -> TarEntry.Type.DIRECTORY;
            case 0120000 -> TarEntry.Type.SYMBOLIC_LINK;
            case 0010000 -> TarEntry.Type.FIFO;
            // How the two numbers are packed into one differs from system to system.
            case 0020000 -> LINUX ? TarEntry.Type.CHARACTER_DEVICE : null;
            case 0060000 -> LINUX ? TarEntry.Type.BLOCK_DEVICE : null;
            default -> null;
        };
    }

    private static TarEntry.Device device(long numbers) {
        return new TarEntry.Device(
                ((numbers >>> 8) & 0xFFF) | ((numbers >>> 32) & ~0xFFFL),
                (numbers & 0xFF) | ((numbers >>> 12) & ~0xFFL & 0xFFFFFFFFL));
    }

    private static FileStatus elsewhere(Path path) throws IOException {
        BasicFileAttributes basic = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Instant modified = basic.lastModifiedTime().toInstant();
        TarEntry.Type type = basic.isDirectory()
                ? TarEntry.Type.DIRECTORY
                : basic.isSymbolicLink()
                        ? TarEntry.Type.SYMBOLIC_LINK
                        : basic.isRegularFile() ? TarEntry.Type.FILE : null;
        return new FileStatus(type, new TarAttributes(MODE_ELSEWHERE, 0, 0, modified), TarEntry.Device.NONE);
    }
}
