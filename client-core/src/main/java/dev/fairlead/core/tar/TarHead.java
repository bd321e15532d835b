package dev.fairlead.core.tar;

import java.time.Instant;

/**
 * What a tar says of an entry before the entry's content.
 *
 * @param name the name as it stands there, which may lead anywhere
 * @param kind what it is
 * @param mode permissions with the setuid, setgid and sticky bits: {@code 0} to {@code 07777}
 * @param modified when it was last changed
 * @param size how many bytes of content follow; 0 for all but files
 * @param link what a link points to; empty for all else
 */
record TarHead(String name, Kind kind, int mode, Instant modified, long size, String link) {

    /** What an entry is. */
    enum Kind {
        FILE,
        HARD_LINK,
        SYMBOLIC_LINK,
        DIRECTORY,
        /** A device or a pipe, which only a system's own means can make. */
        SPECIAL
    }
}
