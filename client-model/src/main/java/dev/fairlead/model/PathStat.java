package dev.fairlead.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a path inside a container leads to.
 *
 * @param name the last part of the path
 * @param size in bytes; what a directory's means depends on its file system
 * @param kind what it is
 * @param mode the permission bits of POSIX, {@code 0644}, with set-user-id, set-group-id and sticky bit ({@code 07777} at most)
 * @param modified when its content was changed last; null when that is not known
 * @param linkTarget where a symbolic link leads to; empty for all else
 */
public record PathStat(
        String name,
        long size,
        Kind kind,
        int mode,
        @Nullable Instant modified,
        String linkTarget) {

    /** What a path can lead to. */
    public enum Kind {
        /** A regular file. */
        FILE(0),
        /** A directory. */
        DIRECTORY(1L << 31),
        /** A symbolic link. */
        LINK(1L << 27),
        /** A named pipe. */
        PIPE(1L << 25),
        /** A Unix socket. */
        SOCKET(1L << 24),
        /** A device of characters, such as a terminal. */
        CHARACTER_DEVICE((1L << 26) | (1L << 21)),
        /** A device of blocks, such as a disk. */
        BLOCK_DEVICE(1L << 26),
        /** Something else. */
        OTHER(1L << 19);

        private static final long ALL =
                DIRECTORY.bits | LINK.bits | PIPE.bits | SOCKET.bits | CHARACTER_DEVICE.bits | OTHER.bits;

        /** How Go's {@code FileMode} says it. */
        private final long bits;

        Kind(long bits) {
            this.bits = bits;
        }

        private static Kind of(long goMode) {
            for (Kind kind : values()) {
                if ((goMode & ALL) == kind.bits) {
                    return kind;
                }
            }
            return OTHER;
        }
    }

    /**
     * Refuses null.
     *
     * @param name the last part of the path
     * @param size in bytes
     * @param kind what it is
     * @param mode the permission bits of POSIX
     * @param modified when its content was changed last
     * @param linkTarget where a symbolic link leads to
     */
    public PathStat {
        Values.given("name", name);
        Values.given("kind", kind);
        Values.given("linkTarget", linkTarget);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static PathStat fromWire(OnTheWire wire) {
        return new PathStat(
                Objects.requireNonNullElse(wire.name, ""),
                wire.size,
                Kind.of(wire.mode),
                mode(wire.mode),
                wire.modified == null ? null : wire.modified.instant(),
                Objects.requireNonNullElse(wire.linkTarget, ""));
    }

    /** Go keeps three of the bits elsewhere. */
    private static int mode(long goMode) {
        return (int) (goMode & 0777) | bit(goMode, 23, 04000) | bit(goMode, 22, 02000) | bit(goMode, 20, 01000);
    }

    private static int bit(long goMode, int from, int to) {
        return (goMode >> from & 1) == 0 ? 0 : to;
    }

    /** The Engine's own form. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record OnTheWire(
            @JsonProperty("name") @Nullable String name,
            @JsonProperty("size") long size,
            @JsonProperty("mode") long mode,
            @JsonProperty("mtime") @Nullable Timestamp modified,
            @JsonProperty("linkTarget") @Nullable String linkTarget) {}
}
